package io.parallax.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.Frame;
import io.parallax.capture.source.Octets;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FloodedFramesTest {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP = 1;
    private static final int NO_IDENTIFICATION = 0;
    private static final int MICRO = 1_000;
    private static final int MILLI = 1_000_000;

    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();
    private final FloodedFrames floods = new FloodedFrames();
    private long timeNanos = 1_700_000_000_000_000_000L;

    @Test
    void aFrameThatComesInByThreeUplinksHasTwoRepeats() {
        byte[] frame = ipv4(77, TCP, Wire.tcp(100));
        assertThat(repeats(20 * MICRO, frame, frame, frame)).containsExactly(false, true, true);
    }

    @Test
    void aRepeatComesWithinAMillisecondOfTheFirstCopy() {
        byte[] frame = ipv4(77, UDP, Wire.udp(100));
        assertThat(repeats(MILLI, frame, frame)).containsExactly(false, true);
        assertThat(new FloodedFramesTest().repeats(MILLI + MICRO, frame, frame)).containsExactly(false, false);
        assertThat(new FloodedFramesTest().repeats(600 * MICRO, frame, frame, frame, frame))
                .as("the third is 1.2 ms behind the first")
                .containsExactly(false, true, false, true);
    }

    @Test
    void clocksOfTwoQueuesMayDisagreeByLess() {
        byte[] frame = ipv4(77, UDP, Wire.udp(100));
        assertThat(repeats(-20 * MICRO, frame, frame)).containsExactly(false, true);
    }

    /** RFC 9293 3.8.1: the same octets again, as a new datagram. */
    @Test
    void aRetransmissionIsAPacketOfItsOwn() {
        assertThat(repeats(11 * MICRO, ipv4(77, TCP, Wire.tcp(100)), ipv4(78, TCP, Wire.tcp(100))))
                .containsExactly(false, false);
    }

    @Test
    void withoutAnIdentificationWhatTakesNoSequenceSpaceIsAlwaysCounted() {
        assertNeverRepeated(ipv4(NO_IDENTIFICATION, UDP, Wire.udp(100)));
        assertNeverRepeated(ipv4(NO_IDENTIFICATION, ICMP, Wire.icmp(8, 0)));
        assertNeverRepeated(ipv4(NO_IDENTIFICATION, TCP, segment(0x10, 0)));
        assertNeverRepeated(ipv4(NO_IDENTIFICATION, TCP, segment(0x04, 0)));
        assertNeverRepeated(ipv4(NO_IDENTIFICATION, TCP, segment(0x14, 7)));
        assertNeverRepeated(Wire.ethernet(0x86DD, Wire.ipv6(UDP, Wire.udp(100))));
        assertNeverRepeated(Wire.ethernet(0x86DD, Wire.ipv6(TCP, segment(0x10, 0))));
    }

    @Test
    void withoutAnIdentificationSegmentsThatTakeSequenceSpaceRepeat() {
        for (byte[] segment : List.of(segment(0x02, 0), segment(0x12, 0), segment(0x11, 0), segment(0x10, 1))) {
            assertRepeated(ipv4(NO_IDENTIFICATION, TCP, segment));
            assertRepeated(Wire.ethernet(0x86DD, Wire.ipv6(TCP, segment)));
        }
    }

    @Test
    void aSegmentWhosePayloadIsNotKnownIsCounted() {
        byte[] frame = ipv4(NO_IDENTIFICATION, TCP, Wire.tcp(100));
        Frame cut = Wire.frame(Wire.ETHERNET, frame, 14 + 20 + 14, frame.length);
        assertThat(isRepeat(cut)).isFalse();
        assertThat(isRepeat(cut)).isFalse();
    }

    @Test
    void fragmentsOfOneDatagramAreToldApart() {
        byte[] first = Wire.ethernet(0x0800, Wire.ipv4(UDP, 120, 0x2000, 77, Wire.udp(92)));
        byte[] second = Wire.ethernet(0x0800, Wire.ipv4(UDP, 120, 0x2000 | 12, 77, Wire.udp(92)));
        assertThat(repeats(MICRO, first, second, first, second)).containsExactly(false, false, true, true);
    }

    /** A distributed switch delivers the inner frame twice: once as sent, once as delivered. */
    @Test
    void theFrameInAMirrorPacketIsASightingEachTime() {
        byte[] inner = ipv4(77, TCP, Wire.tcp(100));
        byte[] mirror = Wire.ethernet(0x0800, Wire.ipv4(47, Wire.gre(0x2000, 0x6558, 0, 0, inner)));
        assertNeverRepeated(mirror);
    }

    @Test
    void framesThatDifferInTheirAddressesOrTagsAreNoFlood() {
        byte[] packet = Wire.ipv4(TCP, Wire.tcp(100));
        byte[] untagged = Wire.ethernet(0x0800, packet);
        byte[] tagged = Wire.ethernet(0x8100, Wire.vlan(10, 0x0800, packet));
        byte[] other = untagged.clone();
        other[5]++;
        assertThat(repeats(MICRO, untagged, tagged, other, untagged)).containsExactly(false, false, false, true);
    }

    /** The first 128 octets of both are the same: what tells them apart lies deeper. */
    @Test
    void deepSegmentsAreToldApart() {
        assertThat(repeats(MICRO, deep(1), deep(2), deep(1))).containsExactly(false, false, true);
    }

    private static byte[] deep(int sequence) {
        byte[] tcp = segment(0x10, 100);
        tcp[7] = (byte) sequence;
        byte[] inner = Wire.ethernet(0x86DD, Wire.ipv6(TCP, tcp));
        byte[] overlay = Wire.udp(6081, Wire.geneve(0, 8, 0x6558, 5, inner));
        return Wire.ethernet(0x86DD, Wire.ipv6(UDP, overlay));
    }

    @Test
    void onlyEthernetIsFloodedAndOnlyWhatHasATimeIsTold() {
        Frame raw = Wire.frame(Wire.RAW, Wire.ipv4(UDP, Wire.udp(100)));
        assertThat(isRepeat(raw)).isFalse();
        assertThat(isRepeat(raw)).isFalse();
        timeNanos = 0;
        assertNeverRepeated(ipv4(77, UDP, Wire.udp(100)));
        timeNanos = MICRO;
        byte[] arp = Wire.ethernet(0x0806, Wire.arp(1));
        assertNeverRepeated(arp);
    }

    @Property(tries = 300)
    void asManyAreMarkedAsCopiesWereMade(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int frames) {
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        int copies = 0;
        for (int i = 0; i < frames; i++) {
            byte[] frame = ipv4(1 + i, UDP, Wire.udp(random.nextInt(300)));
            for (int copy = random.nextInt(3); copy > 0; copy--) {
                sent.add(random.nextInt(sent.size() + 1), frame);
                copies++;
            }
            sent.add(random.nextInt(sent.size() + 1), frame);
        }
        byte[][] together = sent.toArray(byte[][]::new);
        assertThat(marks(MICRO, together)).isEqualTo(copies);
        assertThat(marks(MILLI + MICRO, together)).isZero();
    }

    private static long marks(long stepNanos, byte[]... frames) {
        return new FloodedFramesTest()
                .repeats(stepNanos, frames).stream().filter(mark -> mark).count();
    }

    private void assertRepeated(byte[] frame) {
        assertThat(repeats(20 * MICRO, frame, frame)).containsExactly(false, true);
    }

    private void assertNeverRepeated(byte[] frame) {
        assertThat(repeats(timeNanos == 0 ? 0 : 20 * MICRO, frame, frame)).containsExactly(false, false);
    }

    private List<Boolean> repeats(long stepNanos, byte[]... frames) {
        List<Boolean> repeats = new ArrayList<>();
        for (byte[] frame : frames) {
            repeats.add(isRepeat(Wire.frame(Wire.ETHERNET, frame)));
            timeNanos += stepNanos;
        }
        return repeats;
    }

    private boolean isRepeat(Frame frame) {
        frame.timeNanos = timeNanos;
        assertThat(decoder.decode(frame, header).publishesHeader()).isTrue();
        return floods.isRepeat(frame, header);
    }

    private static byte[] ipv4(int identification, int protocol, byte[] payload) {
        return Wire.ethernet(0x0800, Wire.ipv4(protocol, 20 + payload.length, 0, identification, payload));
    }

    private static byte[] segment(int controlBits, int payload) {
        return new Octets()
                .u16(40_000)
                .u16(443)
                .u32(7)
                .u32(9)
                .u16(0x5000 | controlBits)
                .u16(8_192)
                .u32(0)
                .zeros(payload)
                .toBytes();
    }
}
