package io.parallax.state;

import io.parallax.dependency.DependencyDeltas;
import io.parallax.dependency.DependencySchedule;
import io.parallax.dependency.DependencyTable;
import io.parallax.dependency.UseRows;
import io.parallax.model.DependencyDelta;
import io.parallax.model.FlowRow;
import io.parallax.model.Locality;
import io.parallax.model.ServiceEvidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A table of dependencies with all that one can hold, and what it says from then on. Windows of 10 s, three have room. */
final class SomeDependencies {

    private static final DependencySchedule SCHEDULE =
            new DependencySchedule(10, Duration.ofSeconds(60), Duration.ofSeconds(300), Duration.ofHours(1), 3);
    private static final long NOW_MILLIS = 20_000;
    private static final long LATER_MILLIS = 1_000_000;

    private SomeDependencies() {}

    /** Used, used by more than there is room for, attempted, waiting; of two interfaces one has a gap. */
    static DependencyTable table() {
        DependencyTable table = new DependencyTable();
        for (int client = 11; client < 16; client++) {
            add(table, new UseRows(client, 0).seenAt("capvm1", "eth1").served().row());
        }
        add(
                table,
                new UseRows(11, 10)
                        .state(
                                ServiceEvidence.SERVED,
                                UseRows.vm("web", "esx1"),
                                UseRows.vm("db", "esx2"),
                                Locality.INTER_HOST_ROUTED)
                        .row());
        add(table, new UseRows(20, 10).state(ServiceEvidence.REFUSED).row());
        add(table, new UseRows(11, 20).served().row());
        for (int second = 0; second < 20; second += 10) {
            mark(table, "capvm1/eth1/0", second, true);
            mark(table, "capvm2/eth1/0", second, second != 10);
        }
        table.advance(SCHEDULE, NOW_MILLIS - 1, (known, change, at) -> {});
        return table;
    }

    /** What {@code table} states when it goes on, with everything captured from now on. */
    static List<String> texts(DependencyTable table) {
        for (int second = 20; second < 1_000; second += 10) {
            mark(table, "capvm1/eth1/0", second, true);
            mark(table, "capvm2/eth1/0", second, true);
        }
        add(table, new UseRows(20, 20).served().row());
        List<String> lines = new ArrayList<>();
        for (long millis = NOW_MILLIS; millis < LATER_MILLIS; millis += 10_000) {
            table.advance(SCHEDULE, millis + 9_999, (known, change, at) -> {
                StringBuilder counts = new StringBuilder();
                for (int field = 0; field < 11; field++) {
                    counts.append(' ').append(known.count(field));
                }
                lines.add("%d %s r%d %s %s%s clients %d handshakes %d used %d-%d: %s"
                        .formatted(
                                TimeUnit.NANOSECONDS.toSeconds(at),
                                known.key(),
                                known.revision(),
                                known.uses().ends(),
                                change.name(),
                                counts,
                                known.clients(),
                                known.handshakes(),
                                known.uses().first(),
                                known.uses().last(),
                                change.reason()));
            });
        }
        return lines;
    }

    private static void add(DependencyTable table, FlowRow row) {
        DependencyDeltas deltas = new DependencyDeltas();
        deltas.add(row);
        deltas.flush(delta -> table.add(delta, SCHEDULE));
    }

    private static void mark(DependencyTable table, String sensor, long second, boolean isComplete) {
        table.add(DependencyDelta.mark(0, sensor, TimeUnit.SECONDS.toNanos(second), isComplete), SCHEDULE);
    }
}
