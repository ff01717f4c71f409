package io.parallax.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.SortOrderComparators;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.RowDataWrapper;

/**
 * Turns records into rows of a table, and hands them on in the table's order: a file that holds the rows of one checkpoint is
 * sorted, since all that was taken in leaves before the checkpoint's barrier.
 *
 * <p>So there is never anything in here that a checkpoint would have to hold. Beyond {@value #MOST_ROWS} rows a checkpoint's
 * file is a sequence of sorted runs of that many.
 */
final class SortRowsOperator<T extends SpecificRecordBase> extends AbstractStreamOperator<RowData>
        implements OneInputStreamOperator<T, RowData>, BoundedOneInput {

    private static final long serialVersionUID = 1L;

    /** Of some kilooctets each for flows seen from many places: tens of megaoctets per instance at most. */
    static final int MOST_ROWS = 16_384;

    private final TableSpec<T> spec;
    private final Schema schema;
    private final SortOrder order;
    private final List<RowData> run = new ArrayList<>();
    private transient RowPlan plan;
    private transient Comparator<RowData> comparator;

    SortRowsOperator(TableSpec<T> spec, Schema schema, SortOrder order) {
        this.spec = spec;
        this.schema = schema;
        this.order = order;
    }

    @Override
    public void open() throws Exception {
        super.open();
        plan = RowPlan.of(spec.schema(), schema.asStruct());
        RowDataWrapper one = wrapper();
        RowDataWrapper other = wrapper();
        Comparator<StructLike> sorted = SortOrderComparators.forSchema(schema, order);
        comparator = (a, b) -> sorted.compare(one.wrap(a), other.wrap(b));
    }

    private RowDataWrapper wrapper() {
        return new RowDataWrapper(FlinkSchemaUtil.convert(schema), schema.asStruct());
    }

    @Override
    public void processElement(StreamRecord<T> element) {
        run.add(plan.row(element.getValue()));
        if (run.size() == MOST_ROWS) {
            handOn();
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        handOn();
    }

    @Override
    public void endInput() {
        handOn();
    }

    private void handOn() {
        run.sort(comparator);
        run.forEach(row -> output.collect(new StreamRecord<>(row)));
        run.clear();
    }
}
