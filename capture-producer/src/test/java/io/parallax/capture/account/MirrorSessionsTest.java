package io.parallax.capture.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.parallax.wire.PacketHeader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MirrorSessionsTest {

    private static final long SWITCH = 0x0A00_0001L;
    private static final int KEY_SENT = 0x0200_0000;

    private final MirrorSessions sessions = new MirrorSessions();

    @Test
    void aSessionWithoutLossSaysZeroAndNotUnknown() {
        for (int i = 0; i < 100; i++) {
            sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 2, i));
        }
        assertThat(sessions.takeCounts())
                .containsExactly(new MirrorSessionCount("10.0.0.1", "erspan_2", 2, "unknown", 100, 0L, false));
        assertThat(sessions.takeCounts()).as("nothing since").isEmpty();
    }

    @Test
    void whatNoMirrorBroughtIsNotBooked() {
        sessions.accept(header());
        assertThat(sessions.close()).isEmpty();
    }

    /** As the lab's collector sees ERSPAN type III: consecutive numbers over both directions. */
    @Test
    void directionsUnderOneSequenceAreCountedApartAndTheirLossTogether() {
        for (int i = 0; i < 100; i++) {
            PacketHeader header = erspan(PacketHeader.MIRROR_ERSPAN_3, 3, i);
            header.mirrorDirection = i % 4 == 0 ? PacketHeader.DIRECTION_SENT : PacketHeader.DIRECTION_DELIVERED;
            if (i != 50 && i != 60 && i != 61) {
                sessions.accept(header);
            }
        }
        assertThat(sessions.close())
                .containsExactly(
                        new MirrorSessionCount("10.0.0.1", "erspan_3", 3, "unknown", 0, 3L, false),
                        new MirrorSessionCount("10.0.0.1", "erspan_3", 3, "sent", 24, null, false),
                        new MirrorSessionCount("10.0.0.1", "erspan_3", 3, "delivered", 73, null, false));
    }

    @Test
    void sessionsAreToldApartBySourceKindAndNumber() {
        sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 2, 10));
        sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 3, 500));
        sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_3, 2, 9_000));
        PacketHeader elsewhere = erspan(PacketHeader.MIRROR_ERSPAN_2, 2, 70_000);
        elsewhere.mirrorSourceLow = SWITCH + 1;
        sessions.accept(elsewhere);
        assertThat(sessions.close())
                .hasSize(4)
                .allMatch(count -> count.frames() == 1 && Long.valueOf(0).equals(count.lost()));
    }

    @Test
    void lossIsReportedOnceOnceItIsKnown() {
        sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 2, 0));
        sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 2, 5));
        assertThat(onlyLost(sessions.takeCounts())).as("may still come").isZero();
        for (int i = 6; i < 6_000; i++) {
            sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 2, i));
        }
        assertThat(onlyLost(sessions.takeCounts())).isEqualTo(4);
        assertThat(sessions.close()).isEmpty();
    }

    @Test
    void aFrameThatComesTwiceIsCountedOnce() {
        for (int i : new int[] {7, 7, 8, 7, 9, 9}) {
            sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 2, i));
        }
        assertThat(sessions.close()).extracting(MirrorSessionCount::frames).containsExactly(3L);
        assertThat(sessions.duplicates()).isEqualTo(3);
    }

    /** A distributed switch: two keys, no sequence numbers, one counter of identifications. */
    @Test
    void withoutSequenceNumbersLossIsEstimatedFromTheIdentificationThatSessionsOfASwitchShare() {
        for (int i = 0; i < 2_000; i++) {
            if (i % 100 != 50) {
                sessions.accept(gre(i % 2 == 0 ? KEY_SENT : 0, 65_000 + i));
            }
        }
        List<MirrorSessionCount> counts = sessions.close();
        assertThat(counts).hasSize(2).allMatch(MirrorSessionCount::lostIsEstimate);
        assertThat(counts).extracting(MirrorSessionCount::direction).containsExactly("sent", "delivered");
        assertThat(counts.stream().mapToLong(MirrorSessionCount::frames).sum()).isEqualTo(1_980);
        assertThat(counts.stream().mapToLong(MirrorSessionsTest::lost).sum()).isEqualTo(20);
    }

    @Test
    void anIdentificationThatDoesNotCountTellsNothing() {
        assertThat(lostWith(i -> 0)).isNull();
        assertThat(lostWith(i -> 4_711)).isNull();
        assertThat(lostWith(i -> (int) ((i * 0x9E37_79B9L) >>> 7))).isNull();
        assertThat(lostWith(i -> 2 * i))
                .as("a counter that others use as often")
                .isNull();
        assertThat(lostWith(i -> i)).isZero();
        assertThat(lostWith(i -> i < 500 ? i : i + 200)).as("a burst").isEqualTo(200);
        assertThat(lostWith(i -> i + i / 3)).as("each fourth").isEqualTo(333);
        assertThat(lostWith(i -> i ^ 3)).as("reordered").isZero();
    }

    @Test
    void afterAJumpTheIdentificationIsTrustedAgainOnceItCounts() {
        assertThat(lostWith(i -> i < 500 ? i : 30_000 + i)).isZero();
        assertThat(lostWith(i -> i < 995 ? i : 30_000 + i)).isNull();
    }

    @Test
    void anIpv6SwitchHasNoIdentificationToEstimateFrom() {
        PacketHeader header = gre(KEY_SENT, 0);
        header.mirrorSourceHigh = 0x2001_0DB8L << 32;
        sessions.accept(header);
        assertThat(sessions.close())
                .containsExactly(new MirrorSessionCount("2001:db8::a00:1", "gre", KEY_SENT, "sent", 1, null, false));
    }

    @Test
    void sessionsBeyondTheBoundAreOneCountTogether() {
        int extra = 5;
        for (int i = 0; i < MirrorSessions.MOST_SESSIONS + extra; i++) {
            sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, i, 0));
            sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, i, 1));
        }
        List<MirrorSessionCount> counts = sessions.takeCounts();
        assertThat(counts).hasSize(MirrorSessions.MOST_SESSIONS + 1);
        assertThat(counts.get(MirrorSessions.MOST_SESSIONS))
                .isEqualTo(new MirrorSessionCount("other", "other", 0, "unknown", 2L * extra, null, false));
        assertThat(counts.stream().mapToLong(MirrorSessionCount::frames).sum())
                .isEqualTo(2L * (MirrorSessions.MOST_SESSIONS + extra));
    }

    /** Forged sources must not shut real sessions out for ever. */
    @Test
    void sessionsThatFellSilentAreClosedAndMakeRoom() {
        for (int i = 0; i < MirrorSessions.MOST_SESSIONS; i++) {
            sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, i, 0));
            sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, i, i == 9 ? 3 : 1));
        }
        sessions.takeCounts();
        List<MirrorSessionCount> late = new ArrayList<>();
        for (int i = 0; i < MirrorSessions.FORGOTTEN_AFTER; i++) {
            sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 20, 2 + i));
            late.addAll(sessions.takeCounts());
        }
        assertThat(late)
                .filteredOn(count -> count.session() == 9)
                .containsExactly(new MirrorSessionCount("10.0.0.1", "erspan_2", 9, "unknown", 0, 2L, false));
        sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 5_000, 0));
        sessions.accept(erspan(PacketHeader.MIRROR_ERSPAN_2, 20, 2 + MirrorSessions.FORGOTTEN_AFTER));
        assertThat(sessions.close())
                .containsExactly(
                        new MirrorSessionCount("10.0.0.1", "erspan_2", 20, "unknown", 1, 0L, false),
                        new MirrorSessionCount("10.0.0.1", "erspan_2", 5_000, "unknown", 1, 0L, false));
    }

    @Test
    void aFrameOfAKnownSessionAllocatesNothing() {
        PacketHeader numbered = erspan(PacketHeader.MIRROR_ERSPAN_2, 2, 0);
        PacketHeader plain = gre(KEY_SENT, 0);
        round(numbered, plain, 0);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        round(numbered, plain, 10_000);
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isZero();
    }

    private void round(PacketHeader numbered, PacketHeader plain, int from) {
        for (int i = from; i < from + 10_000; i++) {
            numbered.mirrorSequence = i;
            plain.mirrorIdentification = i & 0xFFFF;
            sessions.accept(numbered);
            sessions.accept(plain);
        }
    }

    private static @Nullable Long lostWith(IntUnaryOperator identification) {
        MirrorSessions some = new MirrorSessions();
        for (int i = 0; i < 1_000; i++) {
            some.accept(gre(KEY_SENT, identification.applyAsInt(i)));
        }
        return some.close().get(0).lost();
    }

    private static long onlyLost(List<MirrorSessionCount> counts) {
        assertThat(counts).hasSize(1);
        return lost(counts.get(0));
    }

    private static long lost(MirrorSessionCount count) {
        return Objects.requireNonNull(count.lost());
    }

    private static PacketHeader header() {
        PacketHeader header = new PacketHeader();
        header.clear();
        return header;
    }

    private static PacketHeader erspan(int kind, int session, long sequence) {
        PacketHeader header = header();
        header.mirrorKind = kind;
        header.mirrorSourceLow = SWITCH;
        header.mirrorSession = session;
        header.mirrorSequence = sequence;
        return header;
    }

    private static PacketHeader gre(int key, int identification) {
        PacketHeader header = header();
        header.mirrorKind = PacketHeader.MIRROR_GRE;
        header.mirrorSourceLow = SWITCH;
        header.mirrorSession = key;
        header.mirrorDirection = key == 0 ? PacketHeader.DIRECTION_DELIVERED : PacketHeader.DIRECTION_SENT;
        header.mirrorIdentification = identification & 0xFFFF;
        return header;
    }
}
