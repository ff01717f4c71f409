package io.parallax.operator;

import io.parallax.dependency.DependencyDeltas;
import io.parallax.dependency.DependencySchedule;
import io.parallax.dependency.DependencyTable;
import io.parallax.model.DependencyDelta;
import io.parallax.model.FlowRow;
import io.parallax.model.ServiceEvidence;
import io.parallax.state.DependencyDeltaSerializer;
import io.parallax.state.DependencyTableSerializer;
import io.parallax.wire.Dependency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What dependencies cost per flow row, of which all are uses: differences, shuffle as octets, state, statement. CPU time of
 * the thread; prints each window, then medians of the second half, then the state of each dependency after a window of uses.
 * Arguments: dependencies, windows.
 */
public final class DependencyStageCost {

    private static final int ROWS_PER_FLUSH = 20_000;
    private static final int ROWS_PER_WINDOW = 200_000;
    private static final int SERVERS = 100;
    private static final int WINDOW_SECONDS = 10;
    private static final DependencySchedule SCHEDULE = new DependencySchedule(
            WINDOW_SECONDS, Duration.ofSeconds(60), Duration.ofHours(24), Duration.ofDays(7), 1_000_000);
    private static final String[] PARTS = {"differences", "shuffle", "waiting", "statement", "all"};

    private final int dependencies;
    private final SplittableRandom random = new SplittableRandom(1);
    private final DependencyDeltas deltas = new DependencyDeltas();
    private final List<FlowRow> rows = new ArrayList<>();

    private DependencyStageCost(int dependencies) {
        this.dependencies = dependencies;
        for (int i = 0; i < ROWS_PER_FLUSH; i++) {
            FlowRow row = new FlowRow();
            for (String sensor : List.of("capvm1", "capvm2")) {
                FlowRow.Sighting seen = row.addSighting();
                seen.sensorId = sensor;
                seen.interfaceName = "eth1";
            }
            rows.add(row);
        }
    }

    private void draw(long window) {
        for (FlowRow row : rows) {
            state(row, random.nextInt(dependencies), window);
        }
    }

    private static void state(FlowRow row, int dependency, long window) {
        row.realm = "default";
        row.family = 4;
        row.protocol = 6;
        row.windowStart = TimeUnit.SECONDS.toNanos(window * WINDOW_SECONDS);
        row.sourceLow = 0x0A00_0000L + dependency / SERVERS;
        row.destinationLow = 0x0B00_0000L + dependency % SERVERS;
        row.destinationPort = 443;
        row.packets = 10;
        row.octets = 1_000;
        row.reverseOctets = 5_000;
        row.revision = 15;
        row.service = ServiceEvidence.SERVED;
        row.isInService = true;
        row.handshakeBucket = 40;
    }

    /** CPU time per flow row by part, ns; the last is the number of records. */
    private double[] window(int number, MeasuredStage<Integer, DependencyDelta, Dependency> stage) throws Exception {
        long addNanos = 0;
        for (int done = 0; done < ROWS_PER_WINDOW; done += ROWS_PER_FLUSH) {
            draw(number);
            long begin = MeasuredStage.cpuNanos();
            rows.forEach(deltas::add);
            List<DependencyDelta> flushed = new ArrayList<>();
            deltas.flush(flushed::add);
            addNanos += MeasuredStage.cpuNanos() - begin;
            flushed.forEach(stage::add);
        }
        long stateNanos = stage.advance(TimeUnit.SECONDS.toMillis((number + 1L) * WINDOW_SECONDS) - 1);
        long[] inStage = stage.takeNanos();
        double[] figures = {addNanos, inStage[0], inStage[1], stateNanos, 0, 0};
        for (int i = 0; i < PARTS.length - 1; i++) {
            figures[i] /= ROWS_PER_WINDOW;
            figures[PARTS.length - 1] += figures[i];
        }
        figures[PARTS.length] = stage.takeStated();
        return figures;
    }

    /** Each dependency used once: octets in a checkpoint and on the heap. The second call is right: the first loads classes. */
    private String state() throws Exception {
        long before = heapOctets();
        Map<Integer, DependencyTable> tables = new HashMap<>();
        for (int dependency = 0; dependency < dependencies; dependency++) {
            state(rows.get(0), dependency, 0);
            deltas.add(rows.get(0));
            deltas.flush(delta -> tables.computeIfAbsent(delta.bucket, bucket -> new DependencyTable())
                    .add(delta, SCHEDULE));
        }
        tables.values().forEach(table -> table.advance(SCHEDULE, WINDOW_SECONDS * 1_000L, (known, change, at) -> {}));
        long fresh = heapOctets() - before;
        DataOutputSerializer octets = new DataOutputSerializer(1 << 20);
        for (DependencyTable table : tables.values()) {
            DependencyTableSerializer.INSTANCE.serialize(table, octets);
        }
        return "state of a dependency: %d octets in a checkpoint, %d on the heap"
                .formatted(octets.length() / dependencies, fresh / dependencies);
    }

    private static long heapOctets() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    public static void main(String[] arguments) throws Exception {
        DependencyStageCost cost = new DependencyStageCost(Integer.parseInt(arguments[0]));
        cost.state();
        System.out.println(cost.state());
        int count = Integer.parseInt(arguments[1]);
        List<double[]> counted = new ArrayList<>();
        try (MeasuredStage<Integer, DependencyDelta, Dependency> stage = new MeasuredStage<>(
                new TraceDependenciesFunction(SCHEDULE),
                delta -> delta.bucket,
                Types.INT,
                DependencyDeltaSerializer.INSTANCE,
                (tag, change) -> {})) {
            for (int i = 0; i < count; i++) {
                double[] figures = cost.window(i, stage);
                System.out.printf(
                        "window %d, %,.0f dependencies stated: %,.0f ns a row%n",
                        i, figures[PARTS.length], figures[PARTS.length - 1]);
                if (i >= count / 2) {
                    counted.add(figures);
                }
            }
        }
        for (int part = 0; part < PARTS.length; part++) {
            int at = part;
            double[] sorted =
                    counted.stream().mapToDouble(each -> each[at]).sorted().toArray();
            System.out.printf(
                    "%-12s %,7.0f ns a row (%,.0f to %,.0f)%n",
                    PARTS[part], sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        }
    }
}
