package io.parallax.local.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.MeterSettings;
import io.parallax.local.scenario.Conversation.Sent;
import io.parallax.wire.Flow;
import io.parallax.wire.Vantage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/**
 * Conversations of our own making, watched from several places of which some see only a part: the totals are what was sent.
 *
 * <p>Each is tried with {@code -Dparallax.scenarios} seeds, with clocks that agree and clocks that differ, in any interleaving.
 */
class ScenarioTest {

    private static final int SEEDS = Integer.getInteger("parallax.scenarios", 10);
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
    private static final MeterSettings SETTINGS =
            new MeterSettings(WINDOW_NANOS, Duration.ofMinutes(10).toNanos());
    private static final long START_NANOS = 1_795_377_762_000_000_000L;
    private static final int BURSTS = 40;
    private static final int DATAGRAMS = 1_500;
    private static final long SHIFT_NANOS = 1_500_000_000L;
    private static final int CLIENT_PORT = 50_123;

    /** Where a conversation is watched; what is left to chance is taken from the generator. */
    private interface Places extends BiFunction<Conversation, Random, List<Point>> {}

    @Test
    void superFramesAtOneHostAndFramesAtTheOtherAreTheSameOctets() throws Exception {
        assertTcpIsExact(0, (c, random) -> List.of(Point.atClient("one", c).inSuperFrames(), Point.atServer("two", c)));
        assertTcpIsExact(
                0,
                (c, random) -> List.of(
                        Point.atClient("one", c), Point.atServer("two", c).inSuperFrames()));
    }

    @Test
    void aSensorThatStartsLateTakesNothingAway() throws Exception {
        assertTcpIsExact(
                0,
                (c, random) -> List.of(
                        Point.atClient("one", c), Point.atServer("two", c).from(half(c))));
    }

    @Test
    void aSensorThatStopsIsContinuedByOneThatStartedLate() throws Exception {
        assertTcpIsExact(
                0,
                (c, random) -> List.of(
                        Point.atClient("one", c).until(part(c, 0.6)),
                        Point.atServer("two", c).from(part(c, 0.4))));
    }

    @Test
    void whatEachOfTwoSensorsDropsTheOtherHasSeen() throws Exception {
        assertTcpIsExact(0, (c, random) -> {
            Point one = Point.atClient("one", c).dropping(0.05, random, sent -> false);
            Set<Sent> seen = new HashSet<>(one.seen());
            return List.of(one, Point.atServer("two", c).dropping(0.05, random, sent -> !seen.contains(sent)));
        });
    }

    @Test
    void superFramesAndDropsTogetherAreStillTheSameOctets() throws Exception {
        assertTcpIsExact(0, (c, random) -> {
            Point one = Point.atClient("one", c).dropping(0.05, random, sent -> false);
            Set<Sent> seen = new HashSet<>(one.seen());
            return List.of(
                    one.inSuperFrames(), Point.atServer("two", c).dropping(0.05, random, sent -> !seen.contains(sent)));
        });
    }

    @Test
    void aMachineThatMovesToAnotherHostIsFollowed() throws Exception {
        assertTcpIsExact(
                0,
                (c, random) -> List.of(
                        Point.atClient("before", c).until(half(c)),
                        Point.atClient("after", c).from(half(c))));
    }

    @Test
    void aMachineThatMovesWhileItsPeerIsWatchedIsCountedOnce() throws Exception {
        assertTcpIsExact(
                0,
                (c, random) -> List.of(
                        Point.atClient("before", c).until(half(c)),
                        Point.atClient("after", c).from(half(c)),
                        Point.atServer("peer", c)));
    }

    @Test
    void aSampledMirrorSessionBesideACaptureAddsNothing() throws Exception {
        assertTcpIsExact(
                0,
                (c, random) -> List.of(
                        Point.atClient("one", c),
                        Point.atServer("collector", c).mirrored().oneIn(8)));
    }

    @Test
    void aRouteThroughTheHostIsCountedOnce() throws Exception {
        assertTcpIsExact(0, (c, random) -> List.of(Point.atClient("one", c).routed(), Point.behindRouter("one", c)));
    }

    @Test
    void whatWasLostOnTheWayAndSentAgainIsTheSameOctets() throws Exception {
        assertTcpIsExact(0.02, (c, random) -> List.of(Point.atClient("one", c), Point.atServer("two", c)));
        assertTcpIsExact(
                0.02, (c, random) -> List.of(Point.atClient("one", c).inSuperFrames(), Point.atServer("two", c)));
    }

    @Test
    void whatNobodySawIsStated() throws Exception {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Random random = new Random(seed);
            Conversation sent = Conversation.tcp(random, START_NANOS, BURSTS, 0);
            Set<Sent> unseen = amidABurst(sent, random);
            List<Point> points = List.of(
                    Point.atClient("one", sent).only(packet -> !unseen.contains(packet)),
                    Point.atServer("two", sent).only(packet -> !unseen.contains(packet)));
            long octets = unseen.stream().mapToLong(Sent::payload).sum();
            for (long shift : new long[] {0, SHIFT_NANOS}) {
                List<Flow> rows = rows(points, shift, seed);
                assertThat(missed(rows)).as("missed octets, seed %d", seed).isEqualTo(octets);
                assertThat(rows)
                        .as("seed %d", seed)
                        .anySatisfy(
                                row -> assertThat(row.getCoverage()).isNotNull().isLessThan(1));
                assertThat(transportOctets(rows, true))
                        .as("octets from the server, seed %d", seed)
                        .isEqualTo(sent.uniqueOctets(true) - octets);
            }
        }
    }

    @Test
    void datagramsAreThoseOfTheSensorThatSawAll() throws Exception {
        assertUdpIsExact((c, random) ->
                List.of(Point.atClient("one", c), Point.atServer("two", c).dropping(0.05, random, sent -> false)));
        assertUdpIsExact((c, random) -> List.of(Point.atClient("one", c).from(half(c)), Point.atServer("two", c)));
        assertUdpIsExact((c, random) -> List.of(
                Point.atClient("before", c).until(half(c)),
                Point.atClient("after", c).from(half(c)),
                Point.atServer("peer", c)));
        assertUdpIsExact((c, random) -> List.of(
                Point.atClient("one", c),
                Point.atServer("collector", c).mirrored().oneIn(8)));
        assertUdpIsExact((c, random) -> List.of(Point.atClient("one", c).routed(), Point.behindRouter("one", c)));
    }

    /** The move is at a window's end: within a window one of the two hosts' counts is all that can be known. */
    @Test
    void datagramsOfAMachineThatMovesAreThoseOfEitherHost() throws Exception {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Conversation sent = Conversation.udp(new Random(seed), START_NANOS, DATAGRAMS);
            long move = Math.floorDiv(half(sent), WINDOW_NANOS) * WINDOW_NANOS;
            List<Flow> rows = rows(
                    List.of(
                            Point.atClient("before", sent)
                                    .only(packet -> packet.timeNanos() + Conversation.WAY_NANOS < move),
                            Point.atClient("after", sent).from(move)),
                    0,
                    seed);
            long unseen = sent.packets().stream()
                    .filter(packet -> packet.timeNanos() < move && packet.timeNanos() + Conversation.WAY_NANOS >= move)
                    .count();
            assertThat(packets(rows, false) + packets(rows, true))
                    .as("seed %d", seed)
                    .isEqualTo(sent.packets().size() - unseen);
        }
    }

    @Test
    void datagramsThatNoSensorSawWholeAreAtLeastThoseOfTheBestAndAtMostAll() throws Exception {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Random random = new Random(seed);
            Conversation sent = Conversation.udp(random, START_NANOS, DATAGRAMS);
            Point one = Point.atClient("one", sent).dropping(0.05, random, packet -> false);
            Point two = Point.atServer("two", sent).dropping(0.05, random, packet -> false);
            for (long shift : new long[] {0, SHIFT_NANOS}) {
                List<Flow> rows = rows(List.of(one, two), shift, seed);
                for (boolean isReverse : new boolean[] {false, true}) {
                    long best = Math.max(seenAt(one, isReverse), seenAt(two, isReverse));
                    assertThat(packets(rows, isReverse)).as("seed %d", seed).isBetween(best, sent.packets(isReverse));
                }
            }
        }
    }

    private static void assertTcpIsExact(double lossShare, Places places) throws Exception {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Random random = new Random(seed);
            Conversation sent = Conversation.tcp(random, START_NANOS, BURSTS, lossShare);
            List<Point> points = places.apply(sent, random);
            for (long shift : new long[] {0, SHIFT_NANOS}) {
                List<Flow> rows = rows(points, shift, seed);
                String how = "seed %d, clocks off by %d ns".formatted(seed, shift);
                assertThat(transportOctets(rows, false))
                        .as("octets from the client, %s", how)
                        .isEqualTo(sent.uniqueOctets(false));
                assertThat(transportOctets(rows, true))
                        .as("octets from the server, %s", how)
                        .isEqualTo(sent.uniqueOctets(true));
                assertThat(missed(rows)).as("missed octets, %s", how).isZero();
                assertThat(rows).as(how).allSatisfy(ScenarioTest::hasThePacketsOfItsCanonicalPoints);
            }
        }
    }

    private static void hasThePacketsOfItsCanonicalPoints(Flow row) {
        long[] packets = new long[2];
        for (Vantage point : row.getVantage()) {
            if (point.getCanonical()) {
                packets[point.getReverse() ? 1 : 0] += point.getPacketDeltaCount();
            }
        }
        assertThat(packets).containsExactly(row.getPacketDeltaCount(), row.getReversePacketDeltaCount());
    }

    private static void assertUdpIsExact(Places places) throws Exception {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Random random = new Random(seed);
            Conversation sent = Conversation.udp(random, START_NANOS, DATAGRAMS);
            List<Point> points = places.apply(sent, random);
            for (long shift : new long[] {0, SHIFT_NANOS}) {
                List<Flow> rows = rows(points, shift, seed);
                for (boolean isReverse : new boolean[] {false, true}) {
                    assertThat(packets(rows, isReverse))
                            .as("seed %d, clocks off by %d ns", seed, shift)
                            .isEqualTo(sent.packets(isReverse));
                }
            }
        }
    }

    /** What comes out of the meter; every observation is in it, counted or as a copy. */
    private static List<Flow> rows(List<Point> points, long shiftNanos, int seed) throws Exception {
        Random cut = new Random(seed);
        List<EncodedStream> streams = new ArrayList<>();
        long observations = 0;
        for (int i = 0; i < points.size(); i++) {
            HeaderStream stream = points.get(i).stream().shifted((i % 2 == 0 ? 1 : -1) * shiftNanos);
            observations += stream.headers().size();
            streams.add(stream.encoded(cut, 5, 40));
        }
        List<Flow> rows = new Interleaving(SETTINGS, seed).run(streams).flows();
        long stated = 0;
        for (Flow row : rows) {
            stated += row.getPacketDeltaCount() + row.getReversePacketDeltaCount();
            stated += row.getDuplicates().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
        assertThat(stated).as("counted and copies, seed %d", seed).isEqualTo(observations);
        return rows;
    }

    private static long half(Conversation sent) {
        return part(sent, 0.5);
    }

    private static long part(Conversation sent, double share) {
        return sent.firstNanos() + Math.round((sent.lastNanos() - sent.firstNanos()) * share);
    }

    /** Some segments of the server that follow each other, with others of the same burst before and behind them. */
    private static Set<Sent> amidABurst(Conversation sent, Random random) {
        List<Sent> packets = sent.packets();
        int at = packets.size() / 3 + random.nextInt(packets.size() / 3);
        while (!(isData(packets.get(at - 1))
                && isData(packets.get(at))
                && isData(packets.get(at + 1))
                && isData(packets.get(at + 2)))) {
            at++;
        }
        return Set.of(packets.get(at), packets.get(at + 1));
    }

    private static boolean isData(Sent sent) {
        return sent.isReverse() && sent.payload() > 0;
    }

    private static long seenAt(Point point, boolean isReverse) {
        return point.seen().stream()
                .filter(sent -> sent.isReverse() == isReverse)
                .count();
    }

    private static long missed(List<Flow> rows) {
        return rows.stream()
                .mapToLong(row -> row.getMissedOctets() == null ? 0 : row.getMissedOctets())
                .sum();
    }

    private static long packets(List<Flow> rows, boolean isFromServer) {
        return rows.stream()
                .mapToLong(row ->
                        isForward(row) == isFromServer ? row.getReversePacketDeltaCount() : row.getPacketDeltaCount())
                .sum();
    }

    private static long transportOctets(List<Flow> rows, boolean isFromServer) {
        return rows.stream()
                .mapToLong(row -> isForward(row) == isFromServer
                        ? row.getReverseTransportOctetDeltaCount()
                        : row.getTransportOctetDeltaCount())
                .sum();
    }

    private static boolean isForward(Flow row) {
        return row.getSourceTransportPort() == CLIENT_PORT;
    }
}
