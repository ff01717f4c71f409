package io.parallax.io;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Conversion;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/**
 * States instants in tables as timestamps without a zone, UTC by contract: "with zone" means "instant" in Parquet, and
 * readers then convert to the zone of the session, for which DuckDB's Python client wants a package that nobody told the user
 * to install. Topics keep Avro's {@code timestamp-micros}. docs/decisions/0006.
 */
final class ZonelessTimes extends Conversion<Instant> {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    @Override
    public Class<Instant> getConvertedType() {
        return Instant.class;
    }

    @Override
    public String getLogicalTypeName() {
        return LogicalTypes.localTimestampMicros().getName();
    }

    @Override
    public Long toLong(Instant time, Schema schema, LogicalType type) {
        return time.getEpochSecond() * MICROS_PER_SECOND + time.getNano() / NANOS_PER_MICRO;
    }

    /** {@code schema} with every instant in it, however deep, as a timestamp without a zone. */
    static Schema of(Schema schema) {
        if (schema.getLogicalType() != null) {
            return LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        }
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ARRAY -> Schema.createArray(of(schema.getElementType()));
            case UNION ->
                Schema.createUnion(
                        schema.getTypes().stream().map(ZonelessTimes::of).toList());
            default -> schema;
        };
    }

    private static Schema record(Schema record) {
        List<Field> fields = new ArrayList<>();
        for (Field field : record.getFields()) {
            fields.add(new Field(field.name(), of(field.schema()), field.doc(), field.defaultVal()));
        }
        return Schema.createRecord(record.getName(), record.getDoc(), record.getNamespace(), false, fields);
    }
}
