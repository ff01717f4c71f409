package io.parallax.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.MatrixDelta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Windows of 1 s, no lateness: a window is over 999 ms after its start, and forgotten one second later. */
final class CellTableTest {

    private static final CellSchedule SCHEDULE = new CellSchedule(1, Duration.ZERO);
    private static final long SECOND_NANOS = 1_000_000_000;

    @Property
    void windowsAreStatedOldestFirstWithTheSumsOfTheirDeltas(
            @ForAll @Size(max = 50) List<@IntRange(min = -5, max = 5) Integer> starts) {
        CellTable table = new CellTable();
        Map<Long, Long> packets = new TreeMap<>();
        Map<Long, Long> revisions = new TreeMap<>();
        for (int i = 0; i < starts.size(); i++) {
            long start = starts.get(i) * SECOND_NANOS;
            table.add(delta(start, 0, i, 1 + i % 3));
            packets.merge(start, (long) i, Long::sum);
            revisions.merge(start, 1L + i % 3, Long::sum);
        }
        List<Long> stated = new ArrayList<>();
        table.state(SCHEDULE, Long.MAX_VALUE, cells -> {
            stated.add(cells.start());
            assertThat(cells.size()).isEqualTo(1);
            assertThat(cells.packets(0)).isEqualTo(packets.get(cells.start()));
            assertThat(cells.octets(0)).isEqualTo(packets.getOrDefault(cells.start(), 0L) * 100);
            assertThat(cells.revision(0)).isEqualTo(revisions.get(cells.start()));
        });
        assertThat(stated).containsExactlyElementsOf(packets.keySet());
    }

    /** Far more cells than a new table has room for, so that it grows on the way. */
    @Property(tries = 50)
    void cellsAreToldApart(@ForAll @Size(max = 2_000) List<@IntRange(max = 999) Integer> hosts) {
        CellTable table = new CellTable();
        Map<Integer, Long> packets = new TreeMap<>();
        for (int host : hosts) {
            table.add(delta(0, host, 1 + host, 1));
            packets.merge(host, 1L + host, Long::sum);
        }
        Map<Integer, Long> stated = new TreeMap<>();
        table.state(SCHEDULE, 999, cells -> {
            for (int cell = 0; cell < cells.size(); cell++) {
                stated.merge((int) cells.sourceLow(cell), cells.packets(cell), Long::sum);
            }
            assertThat(cells.size()).isEqualTo(packets.size());
        });
        assertThat(stated).isEqualTo(packets);
    }

    @Test
    void aWindowHasToBeStatedOncePerRoundOfDeltas() {
        CellTable table = new CellTable();
        assertThat(table.add(delta(0, 0, 1, 1))).isTrue();
        assertThat(table.add(delta(0, 1, 1, 1))).isFalse();
        table.state(SCHEDULE, 999, cells -> {});
        assertThat(table.add(delta(0, 0, 1, 1))).isTrue();
        table.state(
                SCHEDULE,
                999,
                cells -> assertThat(List.of(cells.isStated(0), cells.isStated(1)))
                        .containsExactly(false, true));
    }

    @Test
    void forgettingTheOldestKeepsTheRest() {
        CellTable table = new CellTable();
        for (int second = 0; second < 4; second++) {
            table.add(delta(second * SECOND_NANOS, 0, 1, 1));
        }
        table.forget(SCHEDULE, SCHEDULE.forgottenAt(2 * SECOND_NANOS));
        List<Long> kept = new ArrayList<>();
        table.state(SCHEDULE, Long.MAX_VALUE, cells -> kept.add(cells.start()));
        assertThat(kept).containsExactly(3 * SECOND_NANOS);
        table.forget(SCHEDULE, SCHEDULE.forgottenAt(3 * SECOND_NANOS));
        assertThat(table.isEmpty()).isTrue();
    }

    private static MatrixDelta delta(long start, int host, long packets, long revision) {
        MatrixDelta delta = new MatrixDelta();
        delta.windowStart = start;
        delta.family = 4;
        delta.sourceLow = host;
        delta.packets = packets;
        delta.octets = packets * 100;
        delta.revision = revision;
        return delta;
    }
}
