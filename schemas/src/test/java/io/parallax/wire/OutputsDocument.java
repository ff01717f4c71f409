package io.parallax.wire;

import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Writes docs/40-outputs.md from the schemas, so that the page cannot say anything else than they do. */
final class OutputsDocument {

    private final StringBuilder page = new StringBuilder();

    /** The page, ending in a line feed. */
    String write() {
        page.append("""
                # Outputs and inputs, field by field

                Generated from `schemas/src/main/avro` by `OutputsDocumentTest`; do not edit. After a change of a schema:
                `mvn -pl schemas test -Dtest=OutputsDocumentTest -Dparallax.update-docs=true`.

                Every value on a topic is Avro in single-object encoding: the octets C3 01, the schema's CRC-64-AVRO fingerprint
                (8 octets, little-endian), then the record. Published schemas, one file a version, are in
                `schemas/src/main/resources/published`; each version can read what any other wrote. All topics use
                `LogAppendTime`; event time is in the fields. Tables are Parquet files in `TABLE/day=YYYY-MM-DD/hour=HH/`, by event
                time, UTC, with the same columns; files ending in `.parquet` are complete. `timestamp-micros` is there a timestamp without
                zone, in UTC.

                Where a record has a `revision`, the greatest one per key is the one that counts:
                `select * from t qualify row_number() over (partition by KEY order by revision desc) = 1`.

                | topic | table | key |
                |---|---|---|
                """);
        row(Topics.FLOWS, "flows", "`flow_id`@`window_start`");
        row(
                Topics.MATRIX,
                "matrix",
                "`level`&#124;`realm`&#124;`source_entity`&#124;`destination_entity`@`window_start`");
        row(Topics.COMPLETENESS, "completeness", "`sensor_id`/`interface_name`@`window_start`");
        row(
                Topics.SEGMENTS,
                "segments",
                "`sensor_id`/`interface_name`&#124;`other_sensor_id`/`other_interface_name`@`window_start`");
        row(
                Topics.DEPENDENCIES,
                "dependencies",
                "`realm`&#124;`client_entity`&#124;`server_entity`&#124;`protocol_identifier`/`server_transport_port`"
                        + " (and #`part` of (other))");
        row(
                Topics.DEPENDENCY_CHANGES,
                "dependency_changes",
                "`realm`&#124;`client_entity`&#124;`server_entity`&#124;`protocol_identifier`/`server_transport_port`"
                        + "@`changed_at`+`change`");
        row(Topics.SIGNALS, "signals", "`signal_id`");
        row(Topics.CAPTURE_LEDGER, "ledger", "`sensor_id`/`interface_name`/`lane`@`boot_epoch`+`interval_start`");
        row(
                Topics.INVENTORY + ", " + Topics.NEIGHBOURS,
                "inventory",
                "`kind`&#124;`realm`&#124;`name`&#124;`mac_address` or `addresses`, of neighbours both@`valid_from`");
        row(Topics.DEAD_LETTERS, "dead_letters", "`source_topic`/`source_partition`/`source_offset`");
        row(Topics.PACKET_HEADERS, "-", "`sensor_id`/`interface_name`/`lane`");
        page.append("\nTimes in keys are whole seconds since 1970-01-01T00:00Z.\n");
        section(Topics.FLOWS, Flow.getClassSchema());
        section(Topics.MATRIX, MatrixCell.getClassSchema());
        section(Topics.COMPLETENESS, Completeness.getClassSchema());
        section(Topics.SEGMENTS, Segment.getClassSchema());
        section(Topics.DEPENDENCIES, Dependency.getClassSchema());
        section(Topics.DEPENDENCY_CHANGES, DependencyChange.getClassSchema());
        section(Topics.SIGNALS, Signal.getClassSchema());
        section(Topics.CAPTURE_LEDGER, CaptureLedger.getClassSchema());
        section(Topics.INVENTORY, InventoryEntry.getClassSchema());
        section(Topics.DEAD_LETTERS, DeadLetter.getClassSchema());
        section(Topics.PACKET_HEADERS, HeaderBatch.getClassSchema());
        return page.toString();
    }

    private void row(String... cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private void section(String title, Schema schema) {
        page.append("\n## ")
                .append(title)
                .append("\n\n")
                .append(schema.getDoc())
                .append("\n\n");
        fields(schema);
        for (Schema.Field field : schema.getFields()) {
            Schema nested = nestedRecord(field.schema());
            if (nested != null) {
                page.append("\n### ")
                        .append(title)
                        .append(": ")
                        .append(field.name())
                        .append("\n\n");
                page.append(nested.getDoc()).append("\n\n");
                fields(nested);
            }
        }
    }

    private void fields(Schema schema) {
        row("field", "type", "meaning");
        page.append("|---|---|---|\n");
        for (Schema.Field field : schema.getFields()) {
            row("`" + field.name() + "`", type(field.schema()), field.doc().replace("|", "&#124;"));
        }
    }

    private static @Nullable Schema nestedRecord(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> schema;
            case ARRAY -> nestedRecord(schema.getElementType());
            default -> null;
        };
    }

    private static String type(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical != null) {
            return logical.getName();
        }
        return switch (schema.getType()) {
            case UNION -> type(nonNull(schema.getTypes())) + " or null";
            case ARRAY -> "list of " + type(schema.getElementType());
            case MAP -> "map of string to " + type(schema.getValueType());
            case RECORD -> "struct, below";
            default -> schema.getType().getName();
        };
    }

    private static Schema nonNull(List<Schema> types) {
        return types.stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .findFirst()
                .orElseThrow();
    }
}
