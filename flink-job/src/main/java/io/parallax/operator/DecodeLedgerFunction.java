package io.parallax.operator;

import io.parallax.io.AvroTypes;
import io.parallax.io.DeadLetters;
import io.parallax.io.LedgerEntries;
import io.parallax.model.AccountEntry;
import io.parallax.model.RawRecord;
import io.parallax.state.AccountEntrySerializer;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.WireFormatException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Decodes the capture ledger; what cannot be decoded goes to {@link #REFUSED} and stops nothing. */
public final class DecodeLedgerFunction extends ProcessFunction<RawRecord, CaptureLedger> {

    private static final long serialVersionUID = 1L;

    public static final OutputTag<DeadLetter> REFUSED = new OutputTag<>("dead-letters", AvroTypes.DEAD_LETTER);

    /** Every row, as an entry of its interface's account. */
    public static final OutputTag<AccountEntry> ENTRIES =
            new OutputTag<>("ledger-entries", AccountEntrySerializer.TYPE);

    private transient SingleObjectCodec<CaptureLedger> codec;
    private transient Counter refused;

    @Override
    public void open(OpenContext context) {
        codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
        refused = getRuntimeContext().getMetricGroup().counter("records_refused");
    }

    @Override
    public void processElement(RawRecord found, Context context, Collector<CaptureLedger> out) {
        try {
            CaptureLedger row = codec.decode(found.value());
            out.collect(row);
            context.output(ENTRIES, LedgerEntries.of(row));
        } catch (WireFormatException e) {
            refused.inc();
            context.output(REFUSED, DeadLetters.of(found, e));
        }
    }
}
