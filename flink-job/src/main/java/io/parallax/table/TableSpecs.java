package io.parallax.table;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Dependency;
import io.parallax.wire.DependencyChange;
import io.parallax.wire.Flow;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Segment;
import io.parallax.wire.Signal;
import java.util.List;

/** All tables there are. A new one is a line here, and one in {@code ParallaxJob.keep}. */
public final class TableSpecs {

    private static final String WINDOW_START = "window_start";

    public static final TableSpec<Flow> FLOWS = new TableSpec<>(
            "flows",
            Flow.class,
            WINDOW_START,
            List.of("flow_id", WINDOW_START),
            List.of("source_address", "destination_address", WINDOW_START));

    public static final TableSpec<MatrixCell> MATRIX = matrix("matrix");

    /** Cells of {@link #MATRIX} added up to whole hours. */
    public static final TableSpec<MatrixCell> MATRIX_HOURLY = matrix("matrix_hourly");

    public static final TableSpec<Completeness> COMPLETENESS = new TableSpec<>(
            "completeness",
            Completeness.class,
            WINDOW_START,
            List.of("sensor_id", "interface_name", WINDOW_START),
            List.of("sensor_id", "interface_name", WINDOW_START));

    public static final TableSpec<Segment> SEGMENTS = new TableSpec<>(
            "segments",
            Segment.class,
            WINDOW_START,
            List.of("sensor_id", "interface_name", "other_sensor_id", "other_interface_name", WINDOW_START),
            List.of("sensor_id", "other_sensor_id", WINDOW_START));

    public static final TableSpec<Signal> SIGNALS = new TableSpec<>(
            "signals", Signal.class, "detected_at", List.of("signal_id"), List.of("detector", "entity", "detected_at"));

    public static final TableSpec<CaptureLedger> LEDGER = new TableSpec<>(
            "ledger",
            CaptureLedger.class,
            "interval_start",
            List.of(),
            List.of("sensor_id", "interface_name", "interval_start"));

    public static final TableSpec<DeadLetter> DEAD_LETTERS = new TableSpec<>(
            "dead_letters",
            DeadLetter.class,
            "source_time",
            List.of(),
            List.of("source_topic", "source_partition", "source_offset"));

    /** Its times are intervals of validity, mostly open, and it has thousands of rows where flows have millions. */
    public static final TableSpec<InventoryEntry> INVENTORY = new TableSpec<>(
            "inventory",
            InventoryEntry.class,
            null,
            List.of("kind", "realm", "name", "mac_address", "valid_from"),
            List.of("kind", "realm", "name"));

    /** A row sums up all hours until its own, so rows of one key lie in many: not partitioned, and as small as what it tells. */
    public static final TableSpec<Dependency> DEPENDENCIES = new TableSpec<>(
            "dependencies",
            Dependency.class,
            null,
            List.of("realm", "client_entity", "server_entity", "protocol_identifier", "server_transport_port", "part"),
            List.of("server_entity", "client_entity"));

    public static final TableSpec<DependencyChange> DEPENDENCY_CHANGES = new TableSpec<>(
            "dependency_changes",
            DependencyChange.class,
            "changed_at",
            List.of(),
            List.of("server_entity", "client_entity", "changed_at"));

    public static final List<TableSpec<?>> ALL = List.of(
            FLOWS,
            MATRIX,
            MATRIX_HOURLY,
            DEPENDENCIES,
            DEPENDENCY_CHANGES,
            SIGNALS,
            COMPLETENESS,
            SEGMENTS,
            LEDGER,
            DEAD_LETTERS,
            INVENTORY);

    private TableSpecs() {}

    private static TableSpec<MatrixCell> matrix(String name) {
        return new TableSpec<>(
                name,
                MatrixCell.class,
                WINDOW_START,
                List.of(
                        "level",
                        "realm",
                        "source_entity",
                        "destination_entity",
                        "locality",
                        WINDOW_START,
                        "window_seconds"),
                List.of("level", "source_entity", "destination_entity", WINDOW_START));
    }
}
