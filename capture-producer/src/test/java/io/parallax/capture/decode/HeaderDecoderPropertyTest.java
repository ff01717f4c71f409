package io.parallax.capture.decode;

import static io.parallax.capture.decode.Wire.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HeaderDecoderPropertyTest {

    private static final int[] LINK_TYPES = {0, 1, 9, 12, 14, 50, 101, 104, 108, 113, 228, 229, 276, 147};
    private static final Set<Outcome> MALFORMED =
            EnumSet.of(Outcome.MALFORMED_LINK, Outcome.MALFORMED_IP, Outcome.DECODED_TRANSPORT_MALFORMED);

    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();

    @Property(tries = 5_000)
    void anyOctetsHaveAnOutcome(
            @ForAll @Size(max = 200) byte[] octets, @ForAll int original, @ForAll @IntRange(max = 13) int linkType) {
        Outcome outcome = decoder.decode(frame(LINK_TYPES[linkType], octets, octets.length, original), header);

        assertThat(outcome).isNotNull();
        assertIsConsistent(outcome);
    }

    @Property(tries = 300)
    void anyPrefixOfASoundFrameIsDecodedOrTruncatedNeverMalformed(@ForAll long seed) {
        byte[] octets = new TrafficMix(seed).next();
        for (int captured = 0; captured <= octets.length; captured++) {
            Frame frame = frame(Wire.ETHERNET, octets, captured, octets.length);
            Outcome outcome = decoder.decode(frame, header);

            assertThat(MALFORMED).doesNotContain(outcome);
            assertIsConsistent(outcome);
        }
    }

    /** Near misses reach deeper than noise does. */
    @Property(tries = 3_000)
    void damagedFramesHaveAnOutcome(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] octets = new TrafficMix(seed).next();
        for (int i = 0; i < 20; i++) {
            octets[random.nextInt(Math.min(80, octets.length))] = (byte) random.nextInt();
            assertIsConsistent(decoder.decode(frame(Wire.ETHERNET, octets), header));
        }
    }

    private void assertIsConsistent(Outcome outcome) {
        if (!outcome.publishesHeader()) {
            return;
        }
        boolean unknown = header.has(PacketHeader.STATUS_PORTS_UNKNOWN);
        assertThat(header.isIp()).isEqualTo(outcome != Outcome.ARP);
        assertThat(Integer.compareUnsigned(header.octetsHeader, header.octetsIp))
                .isLessThanOrEqualTo(0);
        assertThat(unknown && (header.sourcePort | header.destinationPort) != 0).isFalse();
        assertThat(header.has(PacketHeader.STATUS_LATER_FRAGMENT)).isEqualTo(outcome == Outcome.DECODED_LATER_FRAGMENT);
        assertThat(header.has(PacketHeader.STATUS_TRUNCATED))
                .isEqualTo(outcome == Outcome.DECODED_TRANSPORT_CUT_OFF || outcome == Outcome.DECODED_PORTS_CUT_OFF);
    }
}
