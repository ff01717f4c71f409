package io.parallax.capture.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.decode.Outcome;
import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FrameFindingsTest {

    private static final long OWN_MAC = 0x02_00_00_00_00_01L;
    private static final long MILLI = 1_000_000;
    private static final int TCP = 6;

    private final PacketHeader header = new PacketHeader();
    private Evidence evidence = new Evidence(Surroundings.UNKNOWN);
    private long frames;

    @Test
    void withoutAFrameThereIsNothingToSay() {
        assertThat(FrameFindings.of("eth1", evidence)).isEmpty();
    }

    @Test
    void aTrunkShowsItsVlans() {
        see(tcp(1, 2));
        assertThat(finding("VLAN trunk").verdict()).isEqualTo(Verdict.WARNING);

        header.vlanCount = 2;
        header.vlanStack = 100L << 16 | 7;
        see(header);
        assertThat(finding("VLAN trunk").verdict()).isEqualTo(Verdict.OK);
        assertThat(finding("VLAN trunk").what()).contains("1 VLANs [100]");
    }

    @Test
    void connectionsSeenOneWayOnlyAreAWarningFromAFifthOn() {
        see(tcp(1, 2), 3);
        assertThat(finding("both directions").verdict()).as("three packets").isEqualTo(Verdict.NOT_KNOWN);

        for (int port = 10; port < 18; port++) {
            see(tcp(port, 2), 2);
            see(tcp(2, port), 2);
        }
        see(tcp(30, 2), 4);
        see(tcp(31, 2), 4);
        assertThat(finding("both directions").verdict()).isEqualTo(Verdict.OK);
        assertThat(finding("both directions").what()).startsWith("8 of 10");

        see(tcp(32, 2), 4);
        assertThat(finding("both directions").verdict()).isEqualTo(Verdict.WARNING);
    }

    @Test
    void messagesThatNobodyAnswersSayNothingOfDirections() {
        PacketHeader syslog = tcp(40_000, 514);
        syslog.protocol = 17;
        see(syslog, 100);

        assertThat(finding("both directions").verdict()).isEqualTo(Verdict.NOT_KNOWN);
    }

    @Test
    void framesBetweenOthersShowThatPromiscuousModeTakesEffect() {
        evidence = new Evidence(new Surroundings(OWN_MAC, 1_500, Set.of(), Set.of()));
        see(macs(OWN_MAC, 2));
        see(macs(2, OWN_MAC));
        see(macs(2, 0xff_ff_ff_ff_ff_ffL));
        assertThat(finding("others' traffic").verdict()).isEqualTo(Verdict.WARNING);

        see(macs(2, 4));
        assertThat(finding("others' traffic").verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void aRecordingOfThreeStationsIsOneOfOthersTraffic() {
        see(macs(2, 4));
        see(macs(4, 2));
        assertThat(finding("others' traffic").verdict()).isEqualTo(Verdict.NOT_KNOWN);
        see(macs(2, 6));
        assertThat(finding("others' traffic").verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void aFrameAboveTheMtuIsASuperFrame() {
        see(frame(0, 1_500 + 14 + 16), tcp(1, 2), Outcome.DECODED);
        assertThat(finding("frame sizes").verdict()).isEqualTo(Verdict.OK);
        see(frame(0, 1_500 + 14 + 17), tcp(1, 2), Outcome.DECODED);
        assertThat(finding("frame sizes").verdict()).isEqualTo(Verdict.WARNING);

        evidence = new Evidence(new Surroundings(OWN_MAC, 9_000, Set.of(), Set.of()));
        see(frame(0, 9_014), tcp(1, 2), Outcome.DECODED);
        assertThat(finding("frame sizes").verdict()).as("jumbo frames").isEqualTo(Verdict.OK);
    }

    @Test
    void headersCutOffInMoreThanOnePercentAskForALargerSnapLength() {
        see(tcp(1, 2), 99);
        see(frame(0, 60), tcp(1, 2), Outcome.DECODED_PORTS_CUT_OFF);
        assertThat(finding("snap length").verdict()).isEqualTo(Verdict.OK);
        see(frame(0, 60), tcp(1, 2), Outcome.TRUNCATED);
        assertThat(finding("snap length").verdict()).isEqualTo(Verdict.WARNING);
        assertThat(finding("snap length").remedy()).contains("--snap-length");
    }

    @Test
    void aFrameThatComesAgainWithinAMillisecondIsARepeat() {
        see(at(frame(1, 60), 0), tcp(1, 2), Outcome.DECODED);
        see(at(frame(1, 60), MILLI + 1), tcp(1, 2), Outcome.DECODED);
        see(at(frame(1, 61), MILLI + 2), tcp(1, 2), Outcome.DECODED);
        assertThat(finding("repeated frames").verdict()).isEqualTo(Verdict.OK);

        see(at(frame(1, 60), 2 * MILLI + 1), tcp(1, 2), Outcome.DECODED);
        assertThat(finding("repeated frames").verdict()).isEqualTo(Verdict.WARNING);
        assertThat(finding("repeated frames").remedy()).contains("Net.ReversePathFwdCheckPromisc");
    }

    @Test
    void mirrorLossIsWhatTheSequenceNumbersLack() {
        see(mirror(0xffff_fffeL));
        see(mirror(0xffff_ffffL));
        see(mirror(1));
        see(mirror(0));
        assertThat(finding("mirror").verdict()).as("overtaken, across the wrap").isEqualTo(Verdict.OK);
        assertThat(finding("mirror").what()).isEqualTo("ERSPAN II session 12 of 10.0.0.7: 4 frames, none lost");

        see(mirror(5));
        assertThat(finding("mirror").verdict()).isEqualTo(Verdict.WARNING);
        assertThat(finding("mirror").what()).contains("3 lost");
    }

    @Test
    void aMirrorWithoutSequenceNumbersSaysThatItsLossIsNotKnown() {
        see(mirror(PacketHeader.NO_SEQUENCE), 3);
        assertThat(finding("mirror").what()).contains("3 frames").contains("loss is not known");
    }

    @Test
    void ourOwnWayToTheBrokerIsRecognizedInBothDirections() throws UnknownHostException {
        Surroundings surroundings = new Surroundings(
                OWN_MAC,
                1_500,
                Set.of(InetAddress.getByName("10.0.0.1")),
                Set.of(new InetSocketAddress("10.0.0.2", 9092)));
        evidence = new Evidence(surroundings);
        see(tcp(40_000, 9093));
        see(addresses(tcp(40_000, 9092), 3, 2));
        assertThat(finding("own traffic").verdict()).as("another's").isEqualTo(Verdict.OK);

        see(tcp(40_000, 9092));
        see(addresses(tcp(9092, 40_000), 2, 1));
        assertThat(finding("own traffic").verdict()).isEqualTo(Verdict.WARNING);
        assertThat(finding("own traffic").what()).startsWith("2 frames");
    }

    /** From 10.0.0.1 to 10.0.0.2 if the source port is the larger one, else back. */
    private PacketHeader tcp(int sourcePort, int destinationPort) {
        header.clear();
        header.family = PacketHeader.FAMILY_IPV4;
        header.protocol = TCP;
        header.sourcePort = sourcePort;
        header.destinationPort = destinationPort;
        boolean isForward = sourcePort > destinationPort;
        return addresses(header, isForward ? 1 : 2, isForward ? 2 : 1);
    }

    private static PacketHeader addresses(PacketHeader header, int source, int destination) {
        header.sourceLow = 0x0a00_0000 | source;
        header.destinationLow = 0x0a00_0000 | destination;
        return header;
    }

    private PacketHeader macs(long source, long destination) {
        tcp(1, 2);
        header.sourceMac = source;
        header.destinationMac = destination;
        return header;
    }

    private PacketHeader mirror(long sequence) {
        tcp(1, 2);
        header.mirrorKind = PacketHeader.MIRROR_ERSPAN_2;
        header.mirrorSession = 12;
        header.mirrorSourceLow = 0x0a00_0007;
        header.mirrorSequence = sequence;
        return header;
    }

    private void see(PacketHeader seen) {
        see(seen, 1);
    }

    private void see(PacketHeader seen, int times) {
        for (int i = 0; i < times; i++) {
            see(frame(frames, 60), seen, Outcome.DECODED);
        }
    }

    private void see(Frame frame, PacketHeader seen, Outcome outcome) {
        frames++;
        evidence.add(frame, outcome, seen);
    }

    private static Frame at(Frame frame, long timeNanos) {
        frame.timeNanos = timeNanos;
        return frame;
    }

    private static Frame frame(long content, int octetsOnWire) {
        Frame frame = new Frame();
        frame.octets = ByteBuffer.allocate(8).putLong(0, content);
        frame.capturedOctets = 8;
        frame.originalOctets = octetsOnWire;
        return frame;
    }

    private Finding finding(String check) {
        return FrameFindings.of("eth1", evidence).stream()
                .filter(each -> each.check().equals(check))
                .findFirst()
                .orElseThrow();
    }
}
