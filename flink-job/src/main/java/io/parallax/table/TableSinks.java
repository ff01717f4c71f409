package io.parallax.table;

import io.parallax.wire.Completeness;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DistributionMode;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.IcebergSink;
import org.apache.iceberg.flink.util.FlinkCompatibilityUtil;

/**
 * Keeps streams of records in tables. Files become part of a table with the checkpoint after which they were written, all of a
 * checkpoint's at once: rows are neither lost nor kept twice, whatever fails.
 */
public final class TableSinks {

    private final TableCatalog catalog;

    public TableSinks(TableCatalog catalog) {
        this.catalog = catalog;
    }

    /** Appends each record to the table, which is made, or given new columns, now: while the graph is built. */
    public <T extends SpecificRecordBase> void keep(DataStream<T> records, TableSpec<T> spec) {
        Table table = catalog.ensure(spec);
        DataStream<RowData> rows = records.transform(
                        spec.sortStep(),
                        FlinkCompatibilityUtil.toTypeInfo(FlinkSchemaUtil.convert(table.schema())),
                        new SortRowsOperator<>(spec, table.schema(), table.sortOrder()))
                .uid(spec.sortStep());
        IcebergSink.forRowData(rows)
                .tableLoader(catalog.loader(spec))
                .table(table)
                .uidSuffix(spec.keepStep())
                .distributionMode(DistributionMode.NONE) // written in the thread that makes the rows
                .append();
    }

    /**
     * Keeps the tables small: {@link Maintenance}.
     *
     * @param beside any stream: the step has to be somewhere in the graph, and ignores what comes
     * @param interval time between two rounds; zero: the step is there and does nothing
     * @param orphanAge files that no state of a table knows are deleted when they are older; zero: never
     */
    public void maintain(DataStream<Completeness> beside, Duration interval, Duration orphanAge) {
        beside.transform("maintain-tables", Types.VOID, new MaintainTablesOperator(catalog, interval, orphanAge))
                .uid("maintain-tables");
    }
}
