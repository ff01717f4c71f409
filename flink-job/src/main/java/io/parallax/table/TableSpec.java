package io.parallax.table;

import java.io.Serializable;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * A table of one kind of record: its columns are the record's fields, and it is partitioned by the hour of one of them, if one
 * of them is always a time.
 *
 * @param name of the table; with {@code _} where the topic has {@code -}
 * @param type record whose schema gives the columns
 * @param eventTime column whose hour a row is filed by; null: the table is small, and not partitioned
 * @param key columns by which rows supersede each other, as the topic's key in {@link io.parallax.wire.Topics}; empty where
 *     none ever does
 * @param sortedBy columns that rows are sorted by, those first that queries ask for
 */
public record TableSpec<T extends SpecificRecordBase>(
        String name, Class<T> type, @Nullable String eventTime, List<String> key, List<String> sortedBy)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Column by which the greatest row of a key is the one that counts. */
    public static final String REVISION = "revision";

    public Schema schema() {
        return SpecificData.get().getSchema(type);
    }

    /** Whether rows state which of a key counts; where they do not, it is the one that was kept last. */
    public boolean isRevised() {
        return schema().getField(REVISION) != null;
    }

    /** Name and uid of the step that keeps the table. */
    String keepStep() {
        return "keep-" + name.replace('_', '-');
    }

    /** Name and uid of the step before it. */
    String sortStep() {
        return "sort-" + name.replace('_', '-');
    }
}
