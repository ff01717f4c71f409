package io.parallax.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Columns of a table from the Avro schema of its records: the same names, nesting and documentation.
 *
 * <p>Instants become timestamps in microseconds without a zone, UTC by contract: docs/decisions/0006. Numbers of columns
 * are Iceberg's affair; those given here are replaced when a table is made, and matched by name when it is altered.
 */
final class ColumnTypes {

    private int columns;

    private ColumnTypes() {}

    static org.apache.iceberg.Schema of(Schema record) {
        return new org.apache.iceberg.Schema(new ColumnTypes().fields(record));
    }

    private List<Types.NestedField> fields(Schema record) {
        List<Types.NestedField> fields = new ArrayList<>();
        for (Schema.Field field : record.getFields()) {
            int number = ++columns;
            Type type = type(nonNull(field.schema()));
            fields.add(
                    isNullable(field.schema())
                            ? Types.NestedField.optional(number, field.name(), type, field.doc())
                            : Types.NestedField.required(number, field.name(), type, field.doc()));
        }
        return fields;
    }

    private Type type(Schema schema) {
        return switch (schema.getType()) {
            case BOOLEAN -> Types.BooleanType.get();
            case INT -> Types.IntegerType.get();
            case LONG -> isTime(schema) ? Types.TimestampType.withoutZone() : Types.LongType.get();
            case FLOAT -> Types.FloatType.get();
            case DOUBLE -> Types.DoubleType.get();
            case STRING -> Types.StringType.get();
            case BYTES -> Types.BinaryType.get();
            case RECORD -> Types.StructType.of(fields(schema));
            case ARRAY -> list(schema.getElementType());
            case MAP -> map(schema.getValueType());
            default -> throw new IllegalArgumentException("no column type for " + schema);
        };
    }

    private Type list(Schema element) {
        int number = ++columns;
        Type type = type(nonNull(element));
        return isNullable(element) ? Types.ListType.ofOptional(number, type) : Types.ListType.ofRequired(number, type);
    }

    private Type map(Schema value) {
        int key = ++columns;
        int number = ++columns;
        Type type = type(nonNull(value));
        return isNullable(value)
                ? Types.MapType.ofOptional(key, number, Types.StringType.get(), type)
                : Types.MapType.ofRequired(key, number, Types.StringType.get(), type);
    }

    /** The one instant that the wire knows. */
    static boolean isTime(Schema schema) {
        return schema.getLogicalType() != null && schema.getLogicalType().equals(LogicalTypes.timestampMicros());
    }

    static boolean isNullable(Schema schema) {
        return schema.isNullable();
    }

    /** What a union with null holds, or the schema itself. */
    static Schema nonNull(Schema schema) {
        if (!schema.isUnion()) {
            return schema;
        }
        List<Schema> others = schema.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .toList();
        if (others.size() != 1) {
            throw new IllegalArgumentException("a column has one type or none: " + schema);
        }
        return others.get(0);
    }
}
