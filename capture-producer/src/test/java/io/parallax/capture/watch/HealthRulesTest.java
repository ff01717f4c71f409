package io.parallax.capture.watch;

import static io.parallax.capture.watch.Snapshots.NOON;
import static io.parallax.capture.watch.Snapshots.NOON_NANOS;
import static io.parallax.capture.watch.Snapshots.lane;
import static io.parallax.capture.watch.Snapshots.laneWithOwnTraffic;
import static io.parallax.capture.watch.Snapshots.status;
import static io.parallax.capture.watch.Snapshots.totals;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthRulesTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void nothingIsWrongWithAQuietInterfaceWhoseBooksBalance() {
        assertThat(names(status(lane(totals())), status(lane(totals())))).isEmpty();
    }

    @Test
    void anInterfaceThatIsGoneOrRefusedIsNamedWithItsCause() {
        assertThat(names(status(lane(LaneState.GONE, "it went down")))).containsExactly("interface-gone");
        assertThat(problems(status(lane(LaneState.REFUSED, "no CAP_NET_RAW"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("no CAP_NET_RAW"));
    }

    @Test
    void oneFrameThatTheKernelDroppedSinceTheLastLookIsAProblem() {
        LaneTotals before = totals(1_000, 1_000, 10, Map.of("decoded", 990L));
        assertThat(names(status(lane(before)), status(lane(totals(1_100, 1_100, 10, Map.of("decoded", 1_090L))))))
                .isEmpty();
        assertThat(names(status(lane(before)), status(lane(totals(1_100, 1_100, 11, Map.of("decoded", 1_089L))))))
                .containsExactly("kernel-drops");
    }

    @Test
    void anInterfaceThatCountsAndHandsOverNothingForTenSecondsIsAProblem() {
        LaneTotals before = totals(1_000, 1_000, 0, Map.of("decoded", 1_000L));
        LaneTotals onlyCounted = totals(1_500, 1_000, 0, Map.of("decoded", 1_000L));
        assertThat(names(status(lane(before)), status(lane(onlyCounted, NOON_NANOS - 10 * SECOND))))
                .isEmpty();
        assertThat(names(status(lane(before)), status(lane(onlyCounted, NOON_NANOS - 10 * SECOND - 1))))
                .containsExactly("nothing-captured");
        assertThat(names(status(lane(before)), status(lane(before, NOON_NANOS - 600 * SECOND))))
                .as("nobody sends")
                .isEmpty();
    }

    @Test
    void aSpoolMoreThanHalfFullIsAProblem() {
        assertThat(names(status(delivery(500, true, "", 0)))).isEmpty();
        assertThat(names(status(delivery(501, true, "", 0)))).containsExactly("spool-filling");
    }

    @Test
    void aHeaderThatWasShedIsAProblem() {
        LaneTotals shed = new LaneTotals(
                1_000, 1_000, 0, 0, Map.of(), Map.of("decoded", 1_000L), Map.of("spool_full", 3L), 997, 1, 1);
        assertThat(problems(status(lane(totals(0, 0, 0, Map.of()))), status(lane(shed))))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.what()).contains("3 headers").contains("spool_full 3"));
        assertThat(names(status(lane(shed)), status(lane(shed)))).isEmpty();
    }

    @Test
    void aBrokerThatIsAwayIsAProblemWithWhatItLastSaid() {
        assertThat(problems(status(delivery(0, false, "connection refused", 0))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.name()).isEqualTo("broker-away");
                    assertThat(problem.what()).contains("connection refused");
                });
    }

    @Test
    void aRecordThatKafkaWillNeverTakeIsAProblem() {
        assertThat(names(status(delivery(0, true, "", 1)), status(delivery(0, true, "too large", 2))))
                .containsExactly("records-refused");
        assertThat(names(status(delivery(0, true, "", 2)), status(delivery(0, true, "", 2))))
                .isEmpty();
    }

    @Test
    void ownTrafficAboveFivePercentIsAProblemTheThirdTimeInARow() {
        HealthWatch watch = new HealthWatch(HealthRules.DEFAULT);
        assertThat(watch.look(status(laneWithOwnTraffic(0.051)), NOON)).isEmpty();
        assertThat(watch.look(status(laneWithOwnTraffic(0.051)), NOON.plusSeconds(5)))
                .isEmpty();
        assertThat(watch.look(status(laneWithOwnTraffic(0.051)), NOON.plusSeconds(10)))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.name()).isEqualTo("own-traffic");
                    assertThat(problem.since()).isEqualTo(NOON);
                });
        assertThat(watch.look(status(laneWithOwnTraffic(0.05)), NOON.plusSeconds(15)))
                .isEmpty();
        assertThat(watch.look(status(laneWithOwnTraffic(0.06)), NOON.plusSeconds(20)))
                .as("it begins anew after a pause")
                .isEmpty();
    }

    @Test
    void moreThanOnePercentOfHeadersCutOffIsAProblem() {
        CaptureStatus before = status(lane(totals(0, 0, 0, Map.of())));
        assertThat(names(before, status(lane(cutOff(990, 10))))).isEmpty();
        assertThat(problems(before, status(lane(cutOff(989, 11)))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.name()).isEqualTo("headers-cut-off");
                    assertThat(problem.remedy()).contains("--snap-length");
                });
        assertThat(names(before, status(lane(cutOff(90, 9)))))
                .as("too few to say")
                .isEmpty();
    }

    @Test
    void aMirroredFrameThatGotLostIsAProblem() {
        CaptureStatus before = status(lane(session(100, 1L, false)));
        assertThat(names(before, status(lane(session(200, 1L, false))))).isEmpty();
        assertThat(names(before, status(lane(session(199, 2L, false))))).containsExactly("mirror-loss");
        assertThat(names(before, status(lane(session(199, null, false)))))
                .as("nothing tells")
                .isEmpty();
    }

    @Test
    void anEstimateOfMirrorLossCountsAboveOnePercentOnly() {
        CaptureStatus before = status(lane(session(0, 0L, true)));
        assertThat(names(before, status(lane(session(990, 10L, true))))).isEmpty();
        assertThat(names(before, status(lane(session(989, 11L, true))))).containsExactly("mirror-loss");
    }

    @Test
    void booksThatDoNotBalanceAreAProblemAtRestOnly() {
        LaneTotals open = totals(1_001, 1_000, 0, Map.of("decoded", 1_000L));
        assertThat(names(status(lane(open)), status(lane(open)))).containsExactly("ledger-residual");
        assertThat(names(status(lane(totals(900, 900, 0, Map.of("decoded", 900L)))), status(lane(open))))
                .as("frames are on their way")
                .isEmpty();
        LaneTotals header = new LaneTotals(10, 10, 0, 0, Map.of(), Map.of("decoded", 10L), Map.of(), 9, 1, 1);
        assertThat(names(status(lane(header)), status(lane(header)))).containsExactly("ledger-residual");
    }

    @Test
    void framesMoreThanFiveSecondsAheadOfTheClockAreAProblem() {
        assertThat(names(status(lane(totals(), NOON_NANOS + 5 * SECOND)))).isEmpty();
        assertThat(names(status(lane(totals(), NOON_NANOS + 5 * SECOND + 1)))).containsExactly("clock-stepped");
    }

    @Test
    void aProblemKeepsItsBeginningWhileItLasts() {
        HealthWatch watch = new HealthWatch(HealthRules.DEFAULT);
        CaptureStatus away = status(delivery(0, false, "", 0));
        watch.look(away, NOON);
        assertThat(watch.look(away, NOON.plusSeconds(60)).get(0).since()).isEqualTo(NOON);
        watch.look(status(delivery(0, true, "", 0)), NOON.plusSeconds(65));
        assertThat(watch.look(away, NOON.plusSeconds(70)).get(0).since()).isEqualTo(NOON.plusSeconds(70));
    }

    @Test
    void aCounterThatBeganAnewIsNotAProblem() {
        assertThat(names(
                        status(lane(totals(5_000, 5_000, 90, Map.of("decoded", 4_910L)))),
                        status(lane(totals(10, 10, 0, Map.of("decoded", 10L))))))
                .isEmpty();
    }

    @Test
    void theSilenceIsConfigurable() {
        LaneTotals before = totals(1_000, 1_000, 0, Map.of("decoded", 1_000L));
        LaneTotals onlyCounted = totals(1_500, 1_000, 0, Map.of("decoded", 1_000L));
        Look look = new Look(status(lane(before)), status(lane(onlyCounted, NOON_NANOS - 3 * SECOND)), NOON);
        assertThat(new HealthRules(Duration.ofSeconds(2)).symptoms(look)).hasSize(1);
        assertThat(HealthRules.DEFAULT.symptoms(look)).isEmpty();
    }

    private static LaneTotals cutOff(long decoded, long cutOff) {
        long frames = decoded + cutOff;
        return totals(frames, frames, 0, Map.of("decoded", decoded, "decoded_ports_cut_off", cutOff));
    }

    private static MirrorSession session(long frames, @Nullable Long lost, boolean isEstimate) {
        return new MirrorSession("10.0.0.7", "erspan_2", 12, "unknown", frames, lost, isEstimate);
    }

    private static DeliveryView delivery(long spooled, boolean connected, String error, long refused) {
        return new DeliveryView(spooled, 1_000, 10, 10, 0, connected, error, refused);
    }

    private static List<String> names(CaptureStatus... statuses) {
        return problems(statuses).stream().map(Problem::name).toList();
    }

    /** What the last of the looks, five seconds apart up to noon, finds. */
    private static List<Problem> problems(CaptureStatus... statuses) {
        HealthWatch watch = new HealthWatch(HealthRules.DEFAULT);
        List<Problem> last = List.of();
        for (int i = 0; i < statuses.length; i++) {
            last = watch.look(statuses[i], NOON.minusSeconds(5L * (statuses.length - 1 - i)));
        }
        return last;
    }
}
