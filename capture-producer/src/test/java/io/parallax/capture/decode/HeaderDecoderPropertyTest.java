package io.parallax.capture.decode;

import static io.parallax.capture.decode.Wire.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;
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

    /** What a packet before left in the header, or in the decoder, is nothing to the next one. */
    @Property(tries = 2_000)
    void aUsedHeaderIsDecodedLikeANewOne(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] first = Tunnels.any(random);
        byte[] second = Tunnels.any(random);
        if (random.nextBoolean()) {
            second[random.nextInt(second.length)] = (byte) random.nextInt();
        }
        decoder.decode(frame(Wire.ETHERNET, first), header);
        Outcome outcome = decoder.decode(frame(Wire.ETHERNET, second), header);

        PacketHeader fresh = new PacketHeader();
        assertThat(new HeaderDecoder().decode(frame(Wire.ETHERNET, second), fresh))
                .isEqualTo(outcome);
        if (outcome.publishesHeader()) {
            assertSame(header, fresh);
        }
        assertIsConsistent(outcome);
    }

    /** The octets around the frame are others, the outcome and the header are not. */
    @Property(tries = 2_000)
    void octetsOutsideTheFrameAreNeverRead(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] octets = Tunnels.any(random);
        for (int i = random.nextInt(6); i > 0; i--) {
            octets[random.nextInt(octets.length)] = (byte) random.nextInt();
        }
        int captured = random.nextInt(octets.length + 1);
        Outcome surrounded = decoder.decode(frame(Wire.ETHERNET, octets, captured, octets.length), header);

        Frame bare = frame(Wire.ETHERNET, octets, captured, octets.length);
        bare.octets = ByteBuffer.wrap(Arrays.copyOf(octets, captured));
        bare.offset = 0;
        PacketHeader same = new PacketHeader();
        assertThat(decoder.decode(bare, same)).isEqualTo(surrounded);
        if (surrounded.publishesHeader()) {
            assertSame(same, header);
        }
    }

    /** Where nothing is quoted, the quoted fields mean nothing and may hold what an earlier error quoted. */
    private static void assertSame(PacketHeader one, PacketHeader other) {
        assertThat(one.quotedFamily).isEqualTo(other.quotedFamily);
        if (one.quotedFamily == PacketHeader.FAMILY_NONE) {
            assertThat(one)
                    .usingRecursiveComparison()
                    .ignoringFieldsMatchingRegexes("quoted.*")
                    .isEqualTo(other);
        } else {
            assertThat(one).usingRecursiveComparison().isEqualTo(other);
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
        boolean isCutTunnel = outcome == Outcome.DECODED_TUNNEL_WITHOUT_IP && header.has(PacketHeader.STATUS_TRUNCATED);
        assertThat(header.has(PacketHeader.STATUS_TRUNCATED))
                .isEqualTo(isCutTunnel
                        || outcome == Outcome.DECODED_TRANSPORT_CUT_OFF
                        || outcome == Outcome.DECODED_PORTS_CUT_OFF);
    }
}
