package io.parallax.capture.decode;

import static io.parallax.capture.decode.Wire.ETHERNET;
import static io.parallax.capture.decode.Wire.RAW;
import static io.parallax.capture.decode.Wire.arp;
import static io.parallax.capture.decode.Wire.ethernet;
import static io.parallax.capture.decode.Wire.frame;
import static io.parallax.capture.decode.Wire.icmp;
import static io.parallax.capture.decode.Wire.ipv4;
import static io.parallax.capture.decode.Wire.ipv6;
import static io.parallax.capture.decode.Wire.tcp;
import static io.parallax.capture.decode.Wire.udp;
import static io.parallax.capture.decode.Wire.vlan;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.Octets;
import io.parallax.wire.PacketHeader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderDecoderTest {

    private static final int TCP = 6;
    private static final int UDP = 17;

    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();

    private Outcome decode(int linkType, byte[] octets) {
        return decoder.decode(frame(linkType, octets), header);
    }

    private Outcome decodeCut(byte[] octets, int captured) {
        return decoder.decode(frame(ETHERNET, octets, captured, octets.length), header);
    }

    @Test
    void aTcpSegmentOverIpv4HasAllItsFields() {
        assertThat(decode(ETHERNET, ethernet(0x0800, ipv4(TCP, tcp(100))))).isEqualTo(Outcome.DECODED);

        assertThat(header.timeNanos).isEqualTo(1_700_000_000_000_000_000L);
        assertThat(header.sourceMac).isEqualTo(0x02000000000aL);
        assertThat(header.destinationMac).isEqualTo(0x02000000000bL);
        assertThat(header.etherType).isEqualTo(0x0800);
        assertThat(header.family).isEqualTo(PacketHeader.FAMILY_IPV4);
        assertThat(header.sourceHigh).isZero();
        assertThat(header.sourceLow).isEqualTo(0x0a000001);
        assertThat(header.destinationLow).isEqualTo(0x0a000002);
        assertThat(header.protocol).isEqualTo(TCP);
        assertThat(header.ttl).isEqualTo(63);
        assertThat(header.octetsIp).isEqualTo(144);
        assertThat(header.octetsHeader).isEqualTo(44);
        assertThat(header.sourcePort).isEqualTo(40_000);
        assertThat(header.destinationPort).isEqualTo(443);
        assertThat(header.tcpSequence).isEqualTo(0xdeadbeef);
        assertThat(header.tcpAcknowledgment).isEqualTo(0x01020304);
        assertThat(header.tcpWindow).isEqualTo(8_192);
        assertThat(header.tcpControlBits).isEqualTo(0x118);
        assertThat(header.status).isZero();
    }

    @Test
    void anIpv6DatagramCountsItsHeader() {
        assertThat(decode(ETHERNET, ethernet(0x86dd, ipv6(UDP, udp(10))))).isEqualTo(Outcome.DECODED);

        assertThat(header.family).isEqualTo(PacketHeader.FAMILY_IPV6);
        assertThat(header.sourceHigh).isEqualTo(0x20010db800000000L);
        assertThat(header.sourceLow).isEqualTo(1);
        assertThat(header.destinationLow).isEqualTo(2);
        assertThat(header.ttl).isEqualTo(64);
        assertThat(header.octetsIp).isEqualTo(58);
        assertThat(header.octetsHeader).isEqualTo(48);
        assertThat(header.destinationPort).isEqualTo(53);
    }

    @Test
    void vlanTagsStackFromTheOutermostOn() {
        byte[] frame =
                ethernet(0x88a8, vlan(0xe00a, 0x8100, vlan(0x2014, 0x9100, vlan(30, 0x0800, ipv4(UDP, udp(0))))));

        assertThat(decode(ETHERNET, frame)).isEqualTo(Outcome.DECODED);

        assertThat(header.vlanCount).isEqualTo(3);
        assertThat(header.vlanStack).isEqualTo(10L << 32 | 20L << 16 | 30L);
    }

    @Test
    void aDeepStackKeepsTheOutermostFourTagsAndAnAbsurdOneIsMalformed() {
        byte[] payload = ipv4(UDP, udp(0));
        int type = 0x0800;
        for (int tag = 10; tag >= 1; tag--) {
            payload = vlan(tag, type, payload);
            type = 0x8100;
        }
        assertThat(decode(ETHERNET, ethernet(type, payload))).isEqualTo(Outcome.DECODED);
        assertThat(header.vlanCount).isEqualTo(4);
        assertThat(header.vlanStack).isEqualTo(0x0001_0002_0003_0004L);

        for (int tag = 0; tag < 100; tag++) {
            payload = vlan(tag, 0x8100, payload);
        }
        assertThat(decode(ETHERNET, ethernet(type, payload))).isEqualTo(Outcome.MALFORMED_LINK);
    }

    @Test
    void paddingIsNeverParsed() {
        byte[] padded = new Octets()
                .bytes(ipv4(UDP, 20, 0, 1, new byte[0]))
                .hex("1234 5678 0000 0000")
                .toBytes();

        assertThat(decode(ETHERNET, ethernet(0x0800, padded))).isEqualTo(Outcome.DECODED_TRANSPORT_MALFORMED);
        assertThat(header.sourcePort).isZero();
        assertThat(header.has(PacketHeader.STATUS_PORTS_UNKNOWN)).isTrue();
        assertThat(header.has(PacketHeader.STATUS_TRUNCATED)).isFalse();
        assertThat(header.octetsIp).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({"aaaa03000000, 0800", "aaaa030000f8, 0800", "060603, ''"})
    void ipInLogicalLinkControlIsOpened(String control, String type) {
        byte[] payload =
                new Octets().hex(control).hex(type).bytes(ipv4(UDP, udp(0))).toBytes();

        assertThat(decode(ETHERNET, ethernet(payload.length, payload))).isEqualTo(Outcome.DECODED);
        assertThat(header.destinationPort).isEqualTo(53);
    }

    @Test
    void theLengthOfAn8023FrameBoundsIt() {
        byte[] payload =
                new Octets().hex("aaaa03 000000 0800").bytes(ipv4(UDP, udp(0))).toBytes();

        assertThat(decode(ETHERNET, ethernet(7, payload))).isEqualTo(Outcome.MALFORMED_LINK);
        assertThat(decode(ETHERNET, ethernet(20, payload))).isEqualTo(Outcome.MALFORMED_IP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"424203", "aaaa0300000c2000", "f0f07f", "ffff00"})
    void otherLogicalLinkControlIsNotIp(String octets) {
        byte[] payload = new Octets().hex(octets).zeros(40).toBytes();

        assertThat(decode(ETHERNET, ethernet(payload.length, payload))).isEqualTo(Outcome.NON_IP);
    }

    @Test
    void aTypeBetweenLengthsAndTypesIsMalformed() {
        assertThat(decode(ETHERNET, ethernet(1_501, new byte[60]))).isEqualTo(Outcome.MALFORMED_LINK);
        assertThat(decode(ETHERNET, ethernet(1_535, new byte[60]))).isEqualTo(Outcome.MALFORMED_LINK);
        assertThat(decode(ETHERNET, ethernet(1_536, new byte[60]))).isEqualTo(Outcome.NON_IP);
    }

    @Test
    void linuxCookedFramesKnowTheirSender() {
        byte[] ip = ipv4(UDP, udp(0));

        assertThat(decode(
                        113,
                        new Octets()
                                .hex("0000 0001 0006 02000000000a 0000 0800")
                                .bytes(ip)
                                .toBytes()))
                .isEqualTo(Outcome.DECODED);
        assertThat(header.sourceMac).isEqualTo(0x02000000000aL);
        assertThat(decode(
                        276,
                        new Octets()
                                .hex("0800 0000 00000003 0001 00 06 02000000000a 0000")
                                .bytes(ip)
                                .toBytes()))
                .isEqualTo(Outcome.DECODED);
        assertThat(header.sourceMac).isEqualTo(0x02000000000aL);
        assertThat(decode(
                        113,
                        new Octets()
                                .hex("0000 0338 0000 0000000000000000 0800")
                                .bytes(ip)
                                .toBytes()))
                .as("a netlink message is no IP though its family looks like it")
                .isEqualTo(Outcome.NON_IP);
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 12, 14, 228, 229})
    void rawFramesTellIpv4FromIpv6(int linkType) {
        assertThat(decode(linkType, ipv4(UDP, udp(0)))).isEqualTo(Outcome.DECODED);
        assertThat(header.etherType).isEqualTo(0x0800);
        assertThat(decode(linkType, ipv6(UDP, udp(0)))).isEqualTo(Outcome.DECODED);
        assertThat(header.etherType).isEqualTo(0x86dd);
        assertThat(decode(linkType, new byte[40])).isEqualTo(Outcome.MALFORMED_IP);
        assertThat(decode(linkType, new byte[0])).isEqualTo(Outcome.MALFORMED_IP);
    }

    @ParameterizedTest
    @CsvSource({"0, 02000000", "0, 00000002", "108, 00000002"})
    void loopbackFamiliesAreReadInTheirByteOrder(int linkType, String family) {
        assertThat(decode(
                        linkType,
                        new Octets().hex(family).bytes(ipv4(UDP, udp(0))).toBytes()))
                .isEqualTo(Outcome.DECODED);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1e000000",
        "0, 0000001e",
        "0, 18000000",
        "0, 1c000000",
        "0, 0a000000",
        "108, 0000001e",
        "0, dd860000"
    })
    void loopbackKnowsEverySystemsNumberOfIpv6(int linkType, String family) {
        assertThat(decode(
                        linkType,
                        new Octets().hex(family).bytes(ipv6(UDP, udp(0))).toBytes()))
                .isEqualTo(Outcome.DECODED);
    }

    @ParameterizedTest
    @CsvSource({
        "9, ff030021",
        "9, 0021",
        "9, 21",
        "9, ff0321",
        "50, ff030021",
        "50, 0f000800",
        "104, 0f000800",
        "104, 8f000800"
    })
    void serialLinesAreOpened(int linkType, String prefix) {
        assertThat(decode(
                        linkType,
                        new Octets().hex(prefix).bytes(ipv4(UDP, udp(0))).toBytes()))
                .isEqualTo(Outcome.DECODED);
        assertThat(header.destinationPort).isEqualTo(53);
    }

    @Test
    void aLinkTypeNobodyKnowsIsCounted() {
        assertThat(decode(105, ipv4(UDP, udp(0)))).isEqualTo(Outcome.UNSUPPORTED_LINK_TYPE);
    }

    @Test
    void arpNamesSenderAndTarget() {
        assertThat(decode(ETHERNET, ethernet(0x0806, arp(1)))).isEqualTo(Outcome.ARP);

        assertThat(header.family).isEqualTo(PacketHeader.FAMILY_ARP);
        assertThat(header.sourceLow).isEqualTo(0x0a000001);
        assertThat(header.destinationLow).isEqualTo(0x0a000002);
        assertThat(header.protocol).isEqualTo(1);
        assertThat(header.octetsIp).isZero();
        assertThat(decodeCut(ethernet(0x0806, arp(1)), 41)).isEqualTo(Outcome.TRUNCATED);
    }

    @Test
    void ipv4OptionsBelongToTheHeader() {
        byte[] withOptions = new Octets()
                .hex("46000024 00010000 40110000 0a000001 0a000002 94040000")
                .bytes(udp(4))
                .toBytes();

        assertThat(decode(RAW, withOptions)).isEqualTo(Outcome.DECODED);
        assertThat(header.octetsHeader).isEqualTo(32);
        assertThat(header.sourcePort).isEqualTo(53_000);
    }

    @Test
    void anIpv4LengthOfZeroIsAllOfTheFrame() {
        byte[] frame = ethernet(0x0800, ipv4(TCP, 0, 0, 1, tcp(3_000)));

        assertThat(decodeCut(frame, 100)).isEqualTo(Outcome.DECODED);
        assertThat(header.octetsIp).isEqualTo(20 + 24 + 3_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "65000014 00000000 40110000 0a000001 0a000002",
                "44000014 00000000 40110000 0a000001 0a000002",
                "45000013 00000000 40110000 0a000001 0a000002",
                "46000018 00000000 40110000 0a000001 0a000002",
                "45000014 00000000 40110000 0a000001 0a0000",
            })
    void anIpv4HeaderThatContradictsItselfIsMalformed(String octets) {
        assertThat(decode(228, new Octets().hex(octets).toBytes())).isIn(Outcome.MALFORMED_IP);
        assertThat(decode(ETHERNET, ethernet(0x0800, new Octets().hex(octets).toBytes())))
                .isEqualTo(Outcome.MALFORMED_IP);
    }

    @Test
    void ipv6ExtensionHeadersAreWalkedInAnyOrder() {
        byte[] payload = new Octets()
                .hex("3c00 050200000100") // hop-by-hop options
                .hex("2b00 010400000000") // destination options
                .hex("3300 000000000000") // routing
                .hex("2c01 0000 00000100 00000001") // authentication, 12 octets
                .hex("1100 0000 00000009") // fragment, atomic
                .bytes(udp(0))
                .toBytes();

        assertThat(decode(RAW, ipv6(0, payload))).isEqualTo(Outcome.DECODED);
        assertThat(header.protocol).isEqualTo(UDP);
        assertThat(header.destinationPort).isEqualTo(53);
        assertThat(header.has(PacketHeader.STATUS_FRAGMENT))
                .as("an atomic fragment is an ordinary packet")
                .isFalse();
        assertThat(header.octetsHeader).isEqualTo(header.octetsIp);
    }

    @Test
    void aJumboPayloadCountsInFull() {
        byte[] hopByHop = new Octets().hex("0600 c204").u32(100_000).toBytes();
        byte[] packet =
                ipv6(0, 0, new Octets().bytes(hopByHop).bytes(tcp(99_968)).toBytes());

        assertThat(decoder.decode(frame(RAW, packet, 200, packet.length), header))
                .isEqualTo(Outcome.DECODED);
        assertThat(header.octetsIp).isEqualTo(100_040);
        assertThat(header.destinationPort).isEqualTo(443);
    }

    @Test
    void aJumboLengthThatDoesNotFitIsTheLargestThatDoes() {
        byte[] hopByHop = new Octets().hex("0600 c204 ffffffff").bytes(tcp(0)).toBytes();

        assertThat(decode(RAW, ipv6(0, 0, hopByHop))).isEqualTo(Outcome.DECODED);
        assertThat(header.octetsIp).isEqualTo(0xffff_ffff);
    }

    @Test
    void anIpv6LengthOfZeroIsSegmentationOffloadOnlyIfMoreFollowsThanItCouldSay() {
        byte[] large = ipv6(TCP, 0, tcp(70_000));
        assertThat(decoder.decode(frame(RAW, large, 200, large.length), header)).isEqualTo(Outcome.DECODED);
        assertThat(header.octetsIp).isEqualTo(large.length);

        assertThat(decode(RAW, ipv6(TCP, 0, tcp(0)))).isEqualTo(Outcome.DECODED_TRANSPORT_MALFORMED);
        assertThat(header.octetsIp).isEqualTo(40);
    }

    @Test
    void anExtensionHeaderThatWasCutOffStillNamesTheProtocolBehindIt() {
        byte[] packet =
                ipv6(60, new Octets().hex("1100010400000000").bytes(udp(0)).toBytes());

        assertThat(decoder.decode(frame(RAW, packet, 43, packet.length), header))
                .isEqualTo(Outcome.DECODED_PORTS_CUT_OFF);
        assertThat(header.protocol).isEqualTo(UDP);
        assertThat(decoder.decode(frame(RAW, packet, 40, packet.length), header))
                .isEqualTo(Outcome.DECODED_PORTS_CUT_OFF);
        assertThat(header.protocol).isEqualTo(60);
    }

    @Test
    void anEndlessChainOfExtensionHeadersEnds() {
        byte[] chain = new Octets().zeros(8 * 1_000).toBytes();

        assertThat(decode(RAW, ipv6(0, chain))).isEqualTo(Outcome.DECODED_TRANSPORT_MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({"8,0,0", "0,8,0", "13,14,0", "17,18,3", "10,9,0"})
    void anIcmpRequestPairsWithItsReply(int type, int counterpart, int code) {
        assertThat(decode(RAW, ipv4(1, icmp(type, code)))).isEqualTo(Outcome.DECODED);
        assertThat(header.sourcePort).isEqualTo(type);
        assertThat(header.destinationPort).isEqualTo(counterpart);
        assertThat(header.icmpCode).isEqualTo(code);
        assertThat(header.has(PacketHeader.STATUS_ONE_WAY)).isFalse();
    }

    @Test
    void anIcmpErrorGoesOneWay() {
        assertThat(decode(RAW, ipv4(1, icmp(3, 4)))).isEqualTo(Outcome.DECODED);
        assertThat(header.sourcePort).isEqualTo(3);
        assertThat(header.destinationPort).isEqualTo(4);
        assertThat(header.has(PacketHeader.STATUS_ONE_WAY)).isTrue();
        assertThat(decode(RAW, ipv6(58, icmp(1, 4)))).isEqualTo(Outcome.DECODED);
        assertThat(header.has(PacketHeader.STATUS_ONE_WAY)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"128,129", "135,136", "134,133", "131,130", "139,140", "145,144"})
    void icmpv6TypesPairToo(int type, int counterpart) {
        assertThat(decode(RAW, ipv6(58, icmp(type, 0)))).isEqualTo(Outcome.DECODED);
        assertThat(header.destinationPort).isEqualTo(counterpart);
    }

    @Test
    void icmpOfTheOtherFamilyHasNoPorts() {
        assertThat(decode(RAW, ipv6(1, icmp(8, 0)))).isEqualTo(Outcome.DECODED);
        assertThat(header.sourcePort).isZero();
    }

    @ParameterizedTest
    @CsvSource({"17,8", "136,8", "33,16", "132,12"})
    void everyProtocolWithPortsShowsThem(int protocol, int length) {
        byte[] transport =
                new Octets().u16(1_000).u16(2_000).u8(4).zeros(length - 5).toBytes();

        assertThat(decode(RAW, ipv4(protocol, transport))).isEqualTo(Outcome.DECODED);
        assertThat(header.sourcePort).isEqualTo(1_000);
        assertThat(header.destinationPort).isEqualTo(2_000);
        assertThat(header.octetsHeader).isEqualTo(20 + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 50, 51, 89, 103})
    void otherProtocolsAreCompleteWithoutPorts(int protocol) {
        assertThat(decode(RAW, ipv4(protocol, new byte[] {1, 2, 3}))).isEqualTo(Outcome.DECODED);
        assertThat(header.protocol).isEqualTo(protocol);
        assertThat(header.sourcePort).isZero();
        assertThat(header.status).isZero();
    }

    @Test
    void aTcpHeaderCutBehindThePortsKeepsThem() {
        byte[] frame = ethernet(0x0800, ipv4(TCP, tcp(100)));

        assertThat(decodeCut(frame, 14 + 20 + 4)).isEqualTo(Outcome.DECODED_TRANSPORT_CUT_OFF);
        assertThat(header.destinationPort).isEqualTo(443);
        assertThat(header.status).isEqualTo(PacketHeader.STATUS_TRUNCATED);
        assertThat(decodeCut(frame, 14 + 20 + 14)).isEqualTo(Outcome.DECODED_TRANSPORT_CUT_OFF);
        assertThat(header.tcpControlBits).isEqualTo(0x118);
        assertThat(header.octetsHeader).isEqualTo(44);
        assertThat(decodeCut(frame, 14 + 20 + 3)).isEqualTo(Outcome.DECODED_PORTS_CUT_OFF);
        assertThat(header.status).isEqualTo(PacketHeader.STATUS_TRUNCATED | PacketHeader.STATUS_PORTS_UNKNOWN);
        assertThat(header.octetsIp).isEqualTo(144);
    }

    @Test
    void aFrameShorterThanItsIpLengthWasCutByAMirror() {
        byte[] cut = Arrays.copyOf(ethernet(0x0800, ipv4(UDP, udp(1_000))), 36);

        assertThat(decode(ETHERNET, cut)).isEqualTo(Outcome.DECODED_PORTS_CUT_OFF);
        assertThat(header.octetsIp).isEqualTo(1_028);
    }

    @Test
    void aTcpOffsetThatCannotBeCostsThePayloadNotThePorts() {
        byte[] segment = tcp(10);
        segment[12] = 0x40;

        assertThat(decode(RAW, ipv4(TCP, segment))).isEqualTo(Outcome.DECODED_TRANSPORT_MALFORMED);
        assertThat(header.destinationPort).isEqualTo(443);
        assertThat(header.octetsHeader).isEqualTo(header.octetsIp);
        segment[12] = (byte) 0xf0;
        assertThat(decode(RAW, ipv4(TCP, segment))).isEqualTo(Outcome.DECODED_TRANSPORT_MALFORMED);
        assertThat(header.octetsHeader).isEqualTo(header.octetsIp);
    }

    @Test
    void fragmentsAreMarked() {
        assertThat(decode(RAW, ipv4(UDP, 28, 0x2000, 77, udp(0)))).isEqualTo(Outcome.DECODED);
        assertThat(header.status).isEqualTo(PacketHeader.STATUS_FRAGMENT);
        assertThat(header.fragmentIdentification).isEqualTo(77);
        assertThat(header.sourcePort).isEqualTo(53_000);

        assertThat(decode(RAW, ipv4(UDP, 28, 0x0001, 77, udp(0)))).isEqualTo(Outcome.DECODED_LATER_FRAGMENT);
        assertThat(header.status)
                .isEqualTo(PacketHeader.STATUS_FRAGMENT
                        | PacketHeader.STATUS_LATER_FRAGMENT
                        | PacketHeader.STATUS_PORTS_UNKNOWN);
        assertThat(header.sourcePort).isZero();

        byte[] later = new Octets().hex("11000008 deadbeef").zeros(16).toBytes();
        assertThat(decode(RAW, ipv6(44, later))).isEqualTo(Outcome.DECODED_LATER_FRAGMENT);
        assertThat(header.fragmentIdentification).isEqualTo(0xdeadbeef);
        assertThat(header.protocol).isEqualTo(UDP);
    }

    @Test
    void dontFragmentIsNoFragment() {
        assertThat(decode(RAW, ipv4(UDP, 28, 0x4000, 77, udp(0)))).isEqualTo(Outcome.DECODED);
        assertThat(header.status).isZero();
    }

    @Test
    void aShortFrameIsMalformedOnlyIfItWasShortOnTheWire() {
        byte[] whole = ethernet(0x0800, ipv4(UDP, udp(0)));
        byte[] shortOnWire = Arrays.copyOf(whole, 13);

        assertThat(decode(ETHERNET, shortOnWire)).isEqualTo(Outcome.MALFORMED_LINK);
        assertThat(decodeCut(whole, 13)).isEqualTo(Outcome.TRUNCATED);
        assertThat(decodeCut(whole, 33)).isEqualTo(Outcome.TRUNCATED);
        assertThat(decode(ETHERNET, Arrays.copyOf(whole, 33))).isEqualTo(Outcome.MALFORMED_IP);
    }

    @Test
    void aCaptureThatSaysFramesWereShorterThanWhatItKeptIsRead() {
        byte[] octets = ethernet(0x0800, ipv4(UDP, udp(0)));

        assertThat(decoder.decode(frame(ETHERNET, octets, octets.length, 0), header))
                .isEqualTo(Outcome.DECODED);
    }
}
