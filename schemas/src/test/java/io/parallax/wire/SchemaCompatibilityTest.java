package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every schema ever published stays readable, and can read what any other version wrote: FULL_TRANSITIVE. */
final class SchemaCompatibilityTest {

    private static final Path SCHEMAS = Path.of(System.getProperty("parallax.root", ".."), "schemas", "src", "main");
    private static final Path PUBLISHED = SCHEMAS.resolve("resources").resolve("published");

    static List<Schema> current() {
        return List.of(
                HeaderBatch.getClassSchema(),
                CaptureLedger.getClassSchema(),
                Flow.getClassSchema(),
                MatrixCell.getClassSchema(),
                Completeness.getClassSchema(),
                Segment.getClassSchema(),
                Signal.getClassSchema(),
                InventoryEntry.getClassSchema(),
                Dependency.getClassSchema(),
                DependencyChange.getClassSchema(),
                DeadLetter.getClassSchema());
    }

    @ParameterizedTest
    @MethodSource("current")
    void theNewestPublishedVersionIsTheCurrentOne(Schema schema) {
        List<Schema> versions = PublishedSchemas.of(schema.getName());
        assertThat(versions).as("published/%s/v1.avsc", schema.getName()).isNotEmpty();
        Schema newest = versions.get(versions.size() - 1);
        assertThat(SchemaNormalization.toParsingForm(schema))
                .as(
                        "%s changed: publish it as published/%s/v%d.avsc",
                        schema.getName(), schema.getName(), versions.size() + 1)
                .isEqualTo(SchemaNormalization.toParsingForm(newest));
        assertThat(defaultsOf(schema)).as("defaults of %s", schema.getName()).isEqualTo(defaultsOf(newest));
    }

    @ParameterizedTest
    @MethodSource("current")
    void everyVersionReadsWhatEveryOtherOneWrote(Schema schema) {
        List<Schema> versions = new ArrayList<>(PublishedSchemas.of(schema.getName()));
        versions.add(schema);
        for (int reader = 0; reader < versions.size(); reader++) {
            for (int writer = 0; writer < versions.size(); writer++) {
                assertThat(compatibility(versions.get(reader), versions.get(writer)))
                        .as("%s: v%d reads v%d", schema.getName(), reader + 1, writer + 1)
                        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
            }
        }
    }

    @Test
    void aFieldWithoutDefaultWouldBreakReadersOfOlderRecords() {
        Schema before = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}");
        Schema after = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
        assertThat(compatibility(after, before)).isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
    }

    @Test
    void versionsCountFromOneWithoutGapsAndNothingElseLiesAmongThem() throws IOException {
        assertThat(names(PUBLISHED))
                .containsExactlyInAnyOrderElementsOf(
                        current().stream().map(Schema::getName).toList());
        for (String record : names(PUBLISHED)) {
            int versions = PublishedSchemas.of(record).size();
            assertThat(names(PUBLISHED.resolve(record)))
                    .hasSize(versions)
                    .allMatch(name -> name.matches("v\\d+\\.avsc"));
        }
    }

    @Test
    void noSchemaIsLeftUnpublished() throws IOException {
        List<String> records = new ArrayList<>();
        for (String file : names(SCHEMAS.resolve("avro"))) {
            records.add(new Schema.Parser()
                    .parse(Files.readString(SCHEMAS.resolve("avro").resolve(file)))
                    .getName());
        }
        assertThat(records)
                .containsExactlyInAnyOrderElementsOf(
                        current().stream().map(Schema::getName).toList());
    }

    @ParameterizedTest
    @MethodSource("current")
    void everyFieldSaysWhatItMeans(Schema schema) {
        assertThat(undocumented(schema, "")).isEmpty();
    }

    private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getType();
    }

    /** The parsing form leaves defaults out; a changed default changes what readers of older records see. */
    private static List<String> defaultsOf(Schema record) {
        return record.getFields().stream()
                .map(field -> field.name() + "=" + (field.hasDefaultValue() ? defaultOf(field) : "required") + " "
                        + field.schema().getLogicalType())
                .toList();
    }

    private static Object defaultOf(Schema.Field field) {
        return field.defaultVal() instanceof byte[] octets ? HexFormat.of().formatHex(octets) : field.defaultVal();
    }

    private static List<String> undocumented(Schema schema, String path) {
        List<String> found = new ArrayList<>();
        switch (schema.getType()) {
            case RECORD -> {
                String name = path + schema.getName();
                if (isBlank(schema.getDoc())) {
                    found.add(name);
                }
                for (Schema.Field field : schema.getFields()) {
                    if (isBlank(field.doc())) {
                        found.add(name + "." + field.name());
                    }
                    found.addAll(undocumented(field.schema(), name + "."));
                }
            }
            case ARRAY -> found.addAll(undocumented(schema.getElementType(), path));
            case MAP -> found.addAll(undocumented(schema.getValueType(), path));
            case UNION -> schema.getTypes().forEach(type -> found.addAll(undocumented(type, path)));
            default -> {}
        }
        return found;
    }

    private static boolean isBlank(@Nullable String doc) {
        return doc == null || doc.isBlank();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
