package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.Traffic.Seen;
import io.parallax.model.FlowRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Packets of one place that arrive in any order, at any time, windows closed or not. Times are whole seconds: they meet. */
class LatePacketsProperties {

    private static final long WINDOW = Traffic.nanos(10);
    private static final int SECONDS = 300;
    private static final int[] BITS = {0x02, 0x12, 0x10, 0x11, 0x04};

    @Property(tries = 500)
    void withinTheLatenessEveryPacketIsCountedOnceInItsWindow(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int packets) {
        Map<Long, long[]> expected = new HashMap<>();
        Map<Long, long[]> counted = new HashMap<>();
        Run run = new Run(seed, packets, Traffic.nanos(10_000));
        run.all.forEach(seen -> add(expected, seen.timeNanos() / WINDOW * WINDOW, 1, seen.octets()));
        run.last.values().forEach(row -> add(counted, row.window, row.packets, row.octets));
        assertThat(run.table.tooLatePackets()).isZero();
        assertThat(counted).usingRecursiveComparison().isEqualTo(expected);
    }

    @Property(tries = 500)
    void everyFlowEndsOnceInItsLastRow(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int packets) {
        Run run = new Run(seed, packets, Traffic.nanos(10_000));
        Map<String, Long> lastWindow = new HashMap<>();
        run.last.values().forEach(row -> lastWindow.merge(row.flowId, row.window, Math::max));
        assertThat(run.last.values())
                .allSatisfy(row -> assertThat(row.endReason != FlowRow.ALIVE)
                        .isEqualTo(row.window == lastWindow.getOrDefault(row.flowId, -1L)));
    }

    @Property(tries = 500)
    void whatIsTooLateIsCountedAndTheRestIsInRows(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int packets,
            @ForAll @IntRange(min = 0, max = 120) int latenessSeconds) {
        Run run = new Run(seed, packets, Traffic.nanos(latenessSeconds));
        long inRows = run.last.values().stream().mapToLong(row -> row.packets).sum();
        assertThat(inRows + run.tooLate).isEqualTo(packets);
        assertThat(run.table.isEmpty()).isTrue();
    }

    private static void add(Map<Long, long[]> sums, long window, long packets, long octets) {
        long[] sum = sums.computeIfAbsent(window, w -> new long[2]);
        sum[0] += packets;
        sum[1] += octets;
    }

    private record Row(String flowId, long window, long packets, long octets, int endReason, long revision) {}

    /** Feeds packets in any order while time goes on, as the operator does. */
    private static final class Run {
        private final List<Seen> all = new ArrayList<>();
        private final Map<String, Row> last = new HashMap<>();
        private final FlowTable table;
        private long tooLate;

        Run(long seed, int packets, long lateness) {
            Random random = new Random(seed);
            table = new FlowTable(new MeterSettings(WINDOW, lateness));
            long passed = 0;
            for (int i = 0; i < packets; i++) {
                Seen seen = any(random, i);
                all.add(seen);
                table.fold(Traffic.block(List.of(seen)));
                if (random.nextInt(3) == 0) {
                    passed += Traffic.nanos(random.nextInt(40));
                    drive(passed);
                }
            }
            tooLate = table.tooLatePackets();
            drive(Long.MAX_VALUE);
        }

        private void drive(long passed) {
            while (table.due() <= passed && table.due() != Long.MAX_VALUE) {
                long due = table.due();
                table.advance(due, Math.min(passed, Traffic.nanos(2 * SECONDS)), this::state);
                assertThat(table.due()).as("what was due is done").isGreaterThan(due);
            }
            if (passed != Long.MAX_VALUE) {
                table.passed(passed);
            }
        }

        private void state(FlowRow row) {
            Row stated = new Row(
                    row.flowId,
                    row.windowStart,
                    row.packets + row.reversePackets,
                    row.octets + row.reverseOctets,
                    row.endReason,
                    row.revision);
            Row before = last.put(row.flowId + "@" + row.windowStart, stated);
            assertThat(before == null || before.revision < stated.revision)
                    .as("revision grows: %s, then %s", before, stated)
                    .isTrue();
        }

        /** Never two within 1 ms, which would be one frame flooded (D3). */
        private static Seen any(Random random, int number) {
            double second = random.nextInt(SECONDS) + 0.002 * number;
            int source = 1 + random.nextInt(2);
            int octets = 100 + random.nextInt(3);
            return random.nextBoolean()
                    ? Traffic.udp("capvm1", second, source, 5_000, 3 - source, 5_000, octets)
                    : Traffic.tcp(
                            "capvm1",
                            second,
                            source,
                            5_000,
                            3 - source,
                            5_000,
                            octets,
                            BITS[random.nextInt(BITS.length)]);
        }
    }
}
