package io.parallax.operator;

import io.parallax.io.AvroTypes;
import io.parallax.io.DeadLetters;
import io.parallax.io.InventoryEntries;
import io.parallax.model.RawRecord;
import io.parallax.state.RawRecordSerializer;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.WireFormatException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Reads the inventory; what cannot be used goes to {@link #REFUSED}, and what was known by its key stays. */
public final class DecodeInventoryFunction extends ProcessFunction<RawRecord, InventoryEntry> {

    private static final long serialVersionUID = 1L;

    public static final OutputTag<DeadLetter> REFUSED = new OutputTag<>("dead-letters", AvroTypes.DEAD_LETTER);

    /** The records that can be used, tombstones included, as they stand in the topic. */
    public static final OutputTag<RawRecord> CHANGES = new OutputTag<>("inventory-changes", RawRecordSerializer.TYPE);

    private transient SingleObjectCodec<InventoryEntry> codec;
    private transient Counter refused;

    @Override
    public void open(OpenContext context) {
        codec = SingleObjectCodec.of(InventoryEntry.getClassSchema());
        refused = getRuntimeContext().getMetricGroup().counter("records_refused");
    }

    @Override
    public void processElement(RawRecord found, Context context, Collector<InventoryEntry> out) {
        try {
            if (found.key().isEmpty()) {
                throw new WireFormatException(
                        WireFormatException.Reason.EMPTY,
                        "a record of the inventory needs a key that it can be replaced by");
            }
            if (found.value() != null) {
                InventoryEntry entry = codec.decode(found.value());
                new InventoryEntries().add(entry);
                out.collect(entry);
            }
            context.output(CHANGES, found);
        } catch (WireFormatException e) {
            refused.inc();
            context.output(REFUSED, DeadLetters.of(found, e));
        }
    }
}
