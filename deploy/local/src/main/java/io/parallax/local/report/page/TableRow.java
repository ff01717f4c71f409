package io.parallax.local.report.page;

import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** One row of a table. A column that the table does not have reads like one without a value. */
record TableRow(GenericRecord columns) {

    @Nullable
    Object value(String column) {
        return columns.getSchema().getField(column) == null ? null : columns.get(column);
    }

    boolean has(String column) {
        return value(column) != null;
    }

    /** The text, or the empty text where there is none. */
    String text(String column) {
        return text(column, "");
    }

    String text(String column, String absent) {
        Object value = value(column);
        return value == null || value.toString().isEmpty() ? absent : value.toString();
    }

    /** The whole number, or 0 where there is none. */
    long number(String column) {
        return value(column) instanceof Number number ? number.longValue() : 0;
    }
}
