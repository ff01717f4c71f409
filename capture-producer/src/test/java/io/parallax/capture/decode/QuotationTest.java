package io.parallax.capture.decode;

import static io.parallax.capture.decode.Wire.ETHERNET;
import static io.parallax.capture.decode.Wire.RAW;
import static io.parallax.capture.decode.Wire.ethernet;
import static io.parallax.capture.decode.Wire.frame;
import static io.parallax.capture.decode.Wire.gre;
import static io.parallax.capture.decode.Wire.icmp;
import static io.parallax.capture.decode.Wire.ipv4;
import static io.parallax.capture.decode.Wire.ipv6;
import static io.parallax.capture.decode.Wire.tcp;
import static io.parallax.capture.decode.Wire.udp;
import static io.parallax.capture.decode.Wire.vlan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import io.parallax.capture.source.Frame;
import io.parallax.capture.source.Octets;
import io.parallax.wire.Addresses;
import io.parallax.wire.IcmpError;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which flow an ICMP error is about. */
class QuotationTest {

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int PORT_UNREACHABLE = 3;

    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();

    private Outcome decode(int linkType, byte[] octets) {
        return decoder.decode(frame(linkType, octets), header);
    }

    /** An IPv4 packet with port unreachable. */
    private static byte[] unreachable(byte[] quoted) {
        return ipv4(ICMP, icmp(3, PORT_UNREACHABLE, quoted));
    }

    private String quoted() {
        return header.quotedFamily == PacketHeader.FAMILY_NONE
                ? "nothing"
                : "%s:%d > %s:%d protocol %d"
                        .formatted(
                                Addresses.ip(header.quotedFamily, header.quotedSourceHigh, header.quotedSourceLow),
                                header.quotedSourcePort,
                                Addresses.ip(
                                        header.quotedFamily, header.quotedDestinationHigh, header.quotedDestinationLow),
                                header.quotedDestinationPort,
                                header.quotedProtocol);
    }

    @Test
    void portUnreachableNamesTheDatagramThatNobodyTook() {
        assertThat(decode(RAW, unreachable(ipv4(UDP, udp(0))))).isEqualTo(Outcome.DECODED);
        assertThat(quoted()).isEqualTo("10.0.0.1:53000 > 10.0.0.2:53 protocol 17");
        assertThat(header.quotedBy).as("the error itself was seen").isZero();
    }

    @Test
    void theErrorIsWhatItIsWithoutItsQuotation() {
        byte[] error = unreachable(ipv4(UDP, udp(0)));
        decode(RAW, error);
        assertThat(header.protocol).isEqualTo(ICMP);
        assertThat(header.sourcePort).isEqualTo(3);
        assertThat(header.destinationPort).isEqualTo(PORT_UNREACHABLE);
        assertThat(header.octetsIp).isEqualTo(error.length);
        assertThat(header.octetsHeader).isEqualTo(28);
        assertThat(header.has(PacketHeader.STATUS_ONE_WAY)).isTrue();
    }

    @Test
    void eightOctetsOfASegmentAreEnoughForItsPorts() {
        byte[] segment = ipv4(TCP, 20 + 1_460, 0x4000, 1, Arrays.copyOf(tcp(0), 8));
        decode(RAW, ipv4(ICMP, icmp(3, 4, segment)));
        assertThat(quoted()).isEqualTo("10.0.0.1:40000 > 10.0.0.2:443 protocol 6");
    }

    @Test
    void optionsOfTheQuotedHeaderArePassedOver() {
        byte[] withOptions = new Octets()
                .hex("46000024 00010000 40110000 0a000001 0a000002 94040000")
                .bytes(udp(4))
                .toBytes();
        decode(RAW, unreachable(withOptions));
        assertThat(quoted()).isEqualTo("10.0.0.1:53000 > 10.0.0.2:53 protocol 17");
    }

    @ParameterizedTest
    @CsvSource({"3,0", "4,0", "5,1", "11,0", "11,1", "12,0"})
    void everyErrorOfIpv4Quotes(int type, int code) {
        decode(RAW, ipv4(ICMP, icmp(type, code, ipv4(UDP, udp(0)))));
        assertThat(quoted()).startsWith("10.0.0.1:53000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 13, 9, 10, 30, 42})
    void nothingElseOfIpv4Does(int type) {
        decode(RAW, ipv4(ICMP, icmp(type, 0, ipv4(UDP, udp(0)))));
        assertThat(quoted()).isEqualTo("nothing");
    }

    @ParameterizedTest
    @CsvSource({"1,4", "2,0", "3,0", "4,1"})
    void everyErrorOfIpv6Quotes(int type, int code) {
        decode(RAW, ipv6(ICMPV6, icmp(type, code, ipv6(UDP, udp(0)))));
        assertThat(quoted()).isEqualTo("2001:db8::1:53000 > 2001:db8::2:53 protocol 17");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 100, 127, 128, 135, 137, 143})
    void nothingElseOfIpv6Does(int type) {
        decode(RAW, ipv6(ICMPV6, icmp(type, 0, ipv6(UDP, udp(0)))));
        assertThat(quoted()).isEqualTo("nothing");
    }

    @Test
    void extensionHeadersOfTheQuotedPacketArePassedOver() {
        byte[] payload = new Octets()
                .hex("3c00 050200000100") // hop-by-hop options
                .hex("2c00 010400000000") // destination options
                .hex("1100 0001 00000009") // fragment, the first of several
                .bytes(udp(0))
                .toBytes();
        decode(RAW, ipv6(ICMPV6, icmp(2, 0, ipv6(0, payload))));
        assertThat(quoted()).isEqualTo("2001:db8::1:53000 > 2001:db8::2:53 protocol 17");
    }

    @Test
    void aChainOfExtensionHeadersThatNobodySendsNamesNoFlow() {
        byte[] chain =
                new Octets().zeros(8 * 99).hex("1100000000000000").bytes(udp(0)).toBytes();
        decode(RAW, ipv6(ICMPV6, icmp(2, 0, ipv6(0, chain))));
        assertThat(quoted()).isEqualTo("nothing");
    }

    @Test
    void aFirstFragmentHasItsPortsAndALaterOneNone() {
        decode(RAW, unreachable(ipv4(UDP, 28, 0x2000, 1, udp(0))));
        assertThat(quoted()).startsWith("10.0.0.1:53000");
        decode(RAW, unreachable(ipv4(UDP, 28, 0x2001, 1, udp(0))));
        assertThat(quoted()).isEqualTo("nothing");
        byte[] later = new Octets().hex("1100 0008 00000009").bytes(udp(0)).toBytes();
        decode(RAW, ipv6(ICMPV6, icmp(1, 0, ipv6(44, later))));
        assertThat(quoted()).isEqualTo("nothing");
    }

    @ParameterizedTest
    @CsvSource({"8, 8, 0", "0, 0, 8", "13, 13, 14"})
    void aQuotedEchoHasItsTypeAndTheAnswersForPorts(int type, int source, int destination) {
        decode(RAW, unreachable(ipv4(ICMP, icmp(type, 0))));
        assertThat(quoted()).isEqualTo("10.0.0.1:%d > 10.0.0.2:%d protocol 1".formatted(source, destination));
    }

    @Test
    void aQuotedEchoOfIpv6Too() {
        decode(RAW, ipv6(ICMPV6, icmp(3, 0, ipv6(ICMPV6, icmp(128, 0)))));
        assertThat(quoted()).isEqualTo("2001:db8::1:128 > 2001:db8::2:129 protocol 58");
    }

    @Test
    void noErrorIsSentAboutAnError() {
        decode(RAW, unreachable(unreachable(ipv4(UDP, udp(0)))));
        assertThat(quoted()).isEqualTo("nothing");
        decode(RAW, ipv6(ICMPV6, icmp(1, 0, ipv6(ICMPV6, icmp(1, 0)))));
        assertThat(quoted()).isEqualTo("nothing");
    }

    @ParameterizedTest
    @ValueSource(ints = {UDP, 33, 132, 136})
    void everyProtocolWithPortsIsQuotedWithThem(int protocol) {
        decode(RAW, unreachable(ipv4(protocol, udp(0))));
        assertThat(quoted()).isEqualTo("10.0.0.1:53000 > 10.0.0.2:53 protocol " + protocol);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 47, 50, 58, 89})
    void aProtocolWithoutPortsIsQuotedWithoutThem(int protocol) {
        decode(RAW, ipv4(ICMP, icmp(3, 2, ipv4(protocol, new byte[] {3, 3, 3, 3, 3, 3, 3, 3}))));
        assertThat(quoted()).isEqualTo("10.0.0.1:0 > 10.0.0.2:0 protocol " + protocol);
    }

    @Test
    void aQuotedLengthInTheWrongByteOrderDoesNotMatter() {
        decode(RAW, unreachable(ipv4(UDP, 0x1c00, 0, 1, udp(0))));
        assertThat(quoted()).startsWith("10.0.0.1:53000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "65000014 00000000 40110000 0a000001 0a000002 cf080035",
                "44000014 00000000 40110000 0a000001 0a000002 cf080035",
                "4f000020 00000000 40110000 0a000001 0a000002 cf080035",
                "45000014 00000000 40110000 0a000001 0a000002 cf0800",
                "45000014 00000000 40010000 0a000001 0a000002",
                "45000014 00000000 40110000 0a0000",
                "",
            })
    void aQuotationThatContradictsItselfNamesNoFlowAndChangesNothing(String octets) {
        assertThat(decode(RAW, unreachable(new Octets().hex(octets).toBytes()))).isEqualTo(Outcome.DECODED);
        assertThat(quoted()).isEqualTo("nothing");
        assertThat(header.status).isEqualTo(PacketHeader.STATUS_ONE_WAY);
    }

    @Test
    void anErrorOfOneFamilyQuotesNoPacketOfTheOther() {
        decode(RAW, unreachable(ipv6(UDP, udp(0))));
        assertThat(quoted()).isEqualTo("nothing");
        decode(RAW, ipv6(ICMPV6, icmp(1, 0, ipv4(UDP, udp(40)))));
        assertThat(quoted()).isEqualTo("nothing");
    }

    @Test
    void aQuotationThatWasCutOffBeforeThePortsNamesNoFlow() {
        byte[] error = ethernet(0x0800, unreachable(ipv4(UDP, udp(0))));
        int ports = 14 + 20 + 8 + 20;
        for (int captured = 14 + 20; captured <= error.length; captured++) {
            decoder.decode(frame(ETHERNET, error, captured, error.length), header);
            assertThat(quoted().equals("nothing"))
                    .as("%d octets captured", captured)
                    .isEqualTo(captured < ports + 4);
        }
    }

    @Test
    void paddingBehindTheErrorIsNoQuotation() {
        byte[] error = ipv4(ICMP, icmp(3, PORT_UNREACHABLE));
        decode(
                ETHERNET,
                ethernet(
                        0x0800,
                        new Octets().bytes(error).bytes(ipv4(UDP, udp(0))).toBytes()));
        assertThat(quoted()).isEqualTo("nothing");
    }

    @Test
    void anErrorWithinTagsAndTunnelsQuotesToo() {
        byte[] error = unreachable(ipv4(UDP, udp(0)));
        byte[] tagged = ethernet(0x8100, vlan(100, 0x0800, error));
        assertThat(decode(ETHERNET, tagged)).isEqualTo(Outcome.DECODED);
        assertThat(quoted()).isEqualTo("10.0.0.1:53000 > 10.0.0.2:53 protocol 17");
        assertThat(header.vlanStack).isEqualTo(100);

        assertThat(decode(ETHERNET, ethernet(0x0800, ipv4(47, gre(0x2000, 0x6558, 0, 0, tagged)))))
                .isEqualTo(Outcome.DECODED);
        assertThat(quoted()).isEqualTo("10.0.0.1:53000 > 10.0.0.2:53 protocol 17");
        assertThat(header.mirrorKind).isEqualTo(PacketHeader.MIRROR_GRE);
    }

    @Test
    void theNextPacketQuotesNothing() {
        decode(ETHERNET, ethernet(0x0800, unreachable(ipv4(UDP, udp(0)))));
        assertThat(quoted()).isNotEqualTo("nothing");
        for (byte[] next : new byte[][] {
            ipv4(UDP, udp(0)), ipv4(ICMP, icmp(8, 0)), unreachable(new byte[0]), ipv4(4, ipv4(2, new byte[0]))
        }) {
            header.quotedFamily = PacketHeader.FAMILY_IPV4;
            decode(ETHERNET, ethernet(0x0800, next));
            assertThat(quoted()).isEqualTo("nothing");
        }
        header.quotedFamily = PacketHeader.FAMILY_IPV4;
        decode(ETHERNET, ethernet(0x0806, Wire.arp(1)));
        assertThat(quoted()).isEqualTo("nothing");
    }

    /** What is quoted changes no outcome, and what is not there names no flow. */
    @Property(tries = 3_000)
    void anyOctetsBehindAnErrorLeaveItAsItIs(
            @ForAll @Size(max = 100) byte[] octets, @ForAll boolean isWide, @ForAll @IntRange(max = 60) int cut) {
        byte[] quoted = new Octets().bytes(octets).toBytes();
        if (quoted.length > 0) {
            quoted[0] = (byte) ((isWide ? 0x60 : 0x40) | (quoted[0] & 0x0f));
        }
        byte[] error = isWide ? ipv6(ICMPV6, icmp(1, 4, quoted)) : unreachable(quoted);
        int captured = error.length - Math.min(cut, quoted.length);
        assertThat(decoder.decode(frame(RAW, error, captured, error.length), header))
                .isEqualTo(Outcome.DECODED);
        assertThat(header.octetsIp).isEqualTo(error.length);
        assertThat(header.status).isEqualTo(PacketHeader.STATUS_ONE_WAY);
        int least = isWide ? 40 : 20;
        if (header.quotedFamily != PacketHeader.FAMILY_NONE) {
            assertThat(header.quotedFamily).isEqualTo(header.family);
            assertThat(octets.length - Math.min(cut, octets.length)).isGreaterThanOrEqualTo(least);
        }
    }

    /**
     * A scan of closed ports, addresses that no router knows and hosts that are off: every error of the recording quotes a
     * packet of the one whom it was sent to.
     */
    @Test
    void everyErrorInTheLabNamesAFlowOfItsReceiver() throws IOException {
        Path lab = Path.of(System.getProperty("parallax.shared", "."), "captures", "lab", "set-a");
        assumeTrue(
                Files.isDirectory(lab),
                "no lab recording: system property parallax.shared is the folder with captures/lab");
        Map<String, Integer> errors = new TreeMap<>();
        for (String file : new String[] {"capvm1.cap0", "capvm1.cap1", "capvm2.cap0", "capvm2.cap1"}) {
            Frame frame = new Frame();
            try (FileFrameSource source = FileFrameSource.open(CaptureFile.named(lab.resolve(file + ".pcap")))) {
                while (source.next(frame)) {
                    if (decoder.decode(frame, header).publishesHeader() && IcmpError.quotes(header)) {
                        assertThat(header.quotedFamily).isEqualTo(header.family);
                        assertThat(header.quotedSourceLow).isEqualTo(header.destinationLow);
                        errors.merge(
                                "%d.%d of protocol %d"
                                        .formatted(header.sourcePort, header.icmpCode, header.quotedProtocol),
                                1,
                                Integer::sum);
                    }
                }
            }
        }
        // As tshark counts them.
        assertThat(errors).isEqualTo(Map.of("3.0 of protocol 6", 7, "3.1 of protocol 6", 6, "3.3 of protocol 17", 14));
    }
}
