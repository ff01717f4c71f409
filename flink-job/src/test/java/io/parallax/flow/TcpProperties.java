package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Octets of a stream are what they are, however it is cut into segments and wherever its numbers wrap. */
class TcpProperties {

    private static final int SUPER_FRAME = 65_535;

    private record Segment(int start, int octets) {}

    private static List<Segment> cut(Random random, int stream, int greatest) {
        List<Segment> segments = new ArrayList<>();
        for (int at = 1; at <= stream; ) {
            int octets = Math.min(1 + random.nextInt(greatest), stream - at + 1);
            segments.add(new Segment(at, octets));
            at += octets;
        }
        return segments;
    }

    private static TcpConversation opened(int clientStart) {
        TcpConversation talk = new TcpConversation();
        talk.clientStart = clientStart;
        return talk.handshake();
    }

    @Property(tries = 300)
    void anyCutOfAStreamHasItsOctets(
            @ForAll long seed, @ForAll int clientStart, @ForAll @IntRange(min = 1, max = 2_000_000) int stream) {
        for (int greatest : new int[] {1_460, SUPER_FRAME}) {
            TcpConversation talk = opened(clientStart);
            cut(new Random(seed), stream, greatest).forEach(s -> talk.data(s.start, s.octets));
            assertThat(talk.ofClient().uniqueOctets).isEqualTo(stream);
            assertThat(talk.ofClient().retransmittedPackets).isZero();
            assertThat(talk.tracks.holed()).isZero();
            assertThat(talk.counts.coverStart(talk.clientCount)).isEqualTo((clientStart + 1) & 0xFFFF_FFFFL);
            assertThat(talk.counts.coverEnd(talk.clientCount)).isEqualTo((clientStart + 1 + stream) & 0xFFFF_FFFFL);
        }
    }

    /** Segments of up to five in any order leave at most four holes. */
    @Property(tries = 500)
    void disorderAndRepetitionWithinFourHolesChangeNoOctet(
            @ForAll long seed, @ForAll int clientStart, @ForAll @IntRange(min = 1, max = 100_000) int stream) {
        Random random = new Random(seed);
        TcpConversation talk = opened(clientStart);
        List<Segment> segments = cut(random, stream, 2_000);
        for (int from = 0; from < segments.size(); from += 5) {
            List<Segment> some = new ArrayList<>(segments.subList(from, Math.min(from + 5, segments.size())));
            some.add(some.get(random.nextInt(some.size())));
            Collections.shuffle(some, random);
            some.forEach(s -> talk.after(random.nextInt(500)).data(s.start, s.octets));
        }
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(stream);
        assertThat(talk.tracks.forgottenHoles(talk.client)).isZero();
        assertThat(talk.tracks.holed()).isZero();
    }

    /** Beyond four holes octets may be missed, never invented, and that it happened is told. */
    @Property(tries = 300)
    void anyDisorderInventsNoOctet(@ForAll long seed, @ForAll @IntRange(min = 1, max = 100_000) int stream) {
        Random random = new Random(seed);
        TcpConversation talk = opened(random.nextInt());
        List<Segment> segments = cut(random, stream, 2_000);
        Collections.shuffle(segments, random);
        segments.forEach(s -> talk.data(s.start, s.octets));
        assertThat(talk.ofClient().uniqueOctets).isLessThanOrEqualTo(stream);
        assertThat(talk.ofClient().uniqueOctets == stream || talk.tracks.forgottenHoles(talk.client) > 0)
                .isTrue();
    }
}
