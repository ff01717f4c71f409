package io.parallax.table;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * How a record becomes a row of its table, worked out once: per column of the table, the position of the record's field of
 * that name and what to do with its value.
 *
 * <p>The table may be older or newer than the record: fields are matched by name, and a column that the record does not know
 * is null. Rows share nothing with the record that could change.
 */
final class RowPlan {

    /** Turns a value of a record into one of a row; neither is ever null. */
    private interface Conversion {
        Object of(Object value);
    }

    private static final int UNKNOWN = -1;

    private final int[] positions;
    private final Conversion[] conversions;

    private RowPlan(int[] positions, Conversion[] conversions) {
        this.positions = positions;
        this.conversions = conversions;
    }

    /**
     * A plan for one record and one table.
     *
     * @throws IllegalArgumentException if the table requires a column that the record does not have
     */
    static RowPlan of(Schema record, Types.StructType table) {
        List<Types.NestedField> columns = table.fields();
        int[] positions = new int[columns.size()];
        Conversion[] conversions = new Conversion[columns.size()];
        for (int i = 0; i < positions.length; i++) {
            Types.NestedField column = columns.get(i);
            Schema.Field field = record.getField(column.name());
            if (field == null && column.isRequired()) {
                throw new IllegalArgumentException("the table requires column " + column.name() + ", which "
                        + record.getFullName() + " does not have: it was made by a later version");
            }
            positions[i] = field == null ? UNKNOWN : field.pos();
            conversions[i] = field == null ? value -> value : conversion(field.schema(), column.type());
        }
        return new RowPlan(positions, conversions);
    }

    RowData row(IndexedRecord record) {
        GenericRowData row = new GenericRowData(positions.length);
        for (int i = 0; i < positions.length; i++) {
            Object value = positions[i] == UNKNOWN ? null : record.get(positions[i]);
            row.setField(i, value == null ? null : conversions[i].of(value));
        }
        return row;
    }

    private static Conversion conversion(Schema nullable, org.apache.iceberg.types.Type column) {
        Schema schema = ColumnTypes.nonNull(nullable);
        return switch (schema.getType()) {
            case STRING -> text -> StringData.fromString(text.toString());
            case BYTES -> octets -> copy((ByteBuffer) octets);
            case LONG ->
                ColumnTypes.isTime(schema) ? time -> TimestampData.fromInstant((Instant) time) : widened(column);
            case INT -> widened(column);
            case RECORD -> struct(RowPlan.of(schema, column.asStructType()));
            case ARRAY ->
                list(conversion(schema.getElementType(), column.asListType().elementType()));
            case MAP -> map(conversion(schema.getValueType(), column.asMapType().valueType()));
            default -> value -> value;
        };
    }

    /** A column that was widened by a later version takes a narrow value. */
    private static Conversion widened(org.apache.iceberg.types.Type column) {
        return column.typeId() == org.apache.iceberg.types.Type.TypeID.LONG
                ? number -> ((Number) number).longValue()
                : number -> number;
    }

    private static Conversion struct(RowPlan plan) {
        return record -> plan.row((IndexedRecord) record);
    }

    private static Conversion list(Conversion element) {
        return list -> new GenericArrayData(
                ((List<?>) list).stream().map(value -> orNull(element, value)).toArray());
    }

    private static Conversion map(Conversion value) {
        return map -> {
            Map<Object, @Nullable Object> copy = new HashMap<>();
            ((Map<?, ?>) map).forEach((k, v) -> copy.put(StringData.fromString(k.toString()), orNull(value, v)));
            return new GenericMapData(copy);
        };
    }

    private static @Nullable Object orNull(Conversion conversion, @Nullable Object value) {
        return value == null ? null : conversion.of(value);
    }

    private static byte[] copy(ByteBuffer octets) {
        byte[] copy = new byte[octets.remaining()];
        octets.duplicate().get(copy);
        return copy;
    }
}
