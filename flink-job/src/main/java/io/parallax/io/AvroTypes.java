package io.parallax.io;

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
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * Types of the records that leave the job. They travel from the operator that makes them to the sinks chained behind it, so
 * the serializer hardly ever runs; none of them is ever state (generic migration of Avro state: FLINK-38023).
 */
public final class AvroTypes {

    public static final TypeInformation<Flow> FLOW = new AvroTypeInfo<>(Flow.class);
    public static final TypeInformation<MatrixCell> MATRIX_CELL = new AvroTypeInfo<>(MatrixCell.class);
    public static final TypeInformation<Completeness> COMPLETENESS = new AvroTypeInfo<>(Completeness.class);
    public static final TypeInformation<Segment> SEGMENT = new AvroTypeInfo<>(Segment.class);
    public static final TypeInformation<Dependency> DEPENDENCY = new AvroTypeInfo<>(Dependency.class);
    public static final TypeInformation<DependencyChange> DEPENDENCY_CHANGE =
            new AvroTypeInfo<>(DependencyChange.class);
    public static final TypeInformation<Signal> SIGNAL = new AvroTypeInfo<>(Signal.class);
    public static final TypeInformation<CaptureLedger> CAPTURE_LEDGER = new AvroTypeInfo<>(CaptureLedger.class);
    public static final TypeInformation<InventoryEntry> INVENTORY_ENTRY = new AvroTypeInfo<>(InventoryEntry.class);
    public static final TypeInformation<DeadLetter> DEAD_LETTER = new AvroTypeInfo<>(DeadLetter.class);

    private AvroTypes() {}
}
