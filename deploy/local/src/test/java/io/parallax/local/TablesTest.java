package io.parallax.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parallax.local.PythonEnvironment.Said;
import io.parallax.local.inventory.InventoryFile;
import io.parallax.local.report.Results;
import io.parallax.wire.Flow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of a run with revisions: whichever way a reader opens them, the rows that count are the same. */
class TablesTest {

    private static final Path ROOT = Path.of(System.getProperty("parallax.root", "../.."))
            .toAbsolutePath()
            .normalize();
    private static final int TWO_SLOTS = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Results topics;

    @BeforeAll
    static void analyze() throws Exception {
        PrintWriter nobody = new PrintWriter(new StringWriter());
        topics = new Analysis(
                        Samples.of(Samples.COMMITTED, Samples.SENSORS),
                        InventoryFile.read(Samples.COMMITTED.resolve("inventory.yaml")),
                        Duration.ofSeconds(10),
                        TWO_SLOTS,
                        OutputFolder.prepare(out()))
                .run(nobody, Progress.on(nobody))
                .results();
    }

    private static Path out() {
        return folder.resolve("out");
    }

    @Test
    void viewsOverTheWarehouseAndOverTheExtractHaveTheRowsThatCount() throws Exception {
        PythonEnvironment python = PythonEnvironment.with(ROOT.resolve("docs/notebooks/requirements.txt"));
        Said said = python.run(
                folder,
                Map.of(),
                "python",
                List.of(
                        ROOT.resolve("deploy/local/src/test/resources/tables/compare_views.py")
                                .toString(),
                        out().toString(),
                        ROOT.resolve("docs").toString()));
        assertThat(said.exitCode()).as(said.text()).isZero();
        Map<String, JsonNode> tables = new TreeMap<>();
        for (String line : said.text().lines().toList()) {
            JsonNode table = JSON.readTree(line);
            tables.put(table.path("table").asText(), table);
        }
        assertThat(tables)
                .containsKeys(
                        "flows", "matrix", "matrix_hourly", "dependencies", "completeness", "ledger", "inventory");
        JsonNode flows = requireNonNull(tables.get("flows"));
        assertThat(flows.path("counting").asInt()).isEqualTo(topics.flows().size());
        assertThat(flows.path("kept").asInt())
                .as("with revisions")
                .isGreaterThan(flows.path("counting").asInt());
        assertThat(tables.values()).allSatisfy(table -> {
            assertThat(table.path("counting").asInt()).as(table.toString()).isPositive();
            for (String way :
                    List.of("sql_over_warehouse", "sql_over_extract", "python_over_warehouse", "python_over_extract")) {
                assertThat(table.path(way).asInt(-1))
                        .as("differences of %s in %s", way, table)
                        .isZero();
            }
        });
    }

    /** Every column, and with them lists of vantage points and counts of duplicates. */
    @Test
    void flowsOfTheExtractAreThoseOfTheTopic() throws Exception {
        Map<String, Object> kept = new TreeMap<>();
        for (IndexedRecord row : ParquetRows.of(out().resolve("tables/flows"))) {
            put(kept, row);
        }
        Map<String, Object> stated = new TreeMap<>();
        topics.flows().forEach(flow -> put(stated, flow));
        assertThat(topics.flows())
                .extracting(Flow::getVantage)
                .anySatisfy(points -> assertThat(points).hasSizeGreaterThan(1));
        assertThat(kept).isEqualTo(stated).isNotEmpty();
    }

    private static void put(Map<String, Object> rows, IndexedRecord row) {
        Map<?, ?> values = (Map<?, ?>) plain(row);
        rows.put(values.get("flow_id") + " " + values.get("window_start"), values);
    }

    /** A value without the classes of whoever read it: instants are microseconds, records are maps. */
    private static Object plain(@Nullable Object value) {
        if (value instanceof IndexedRecord row) {
            List<Schema.Field> fields = row.getSchema().getFields();
            if (fields.size() == 1 && fields.get(0).name().equals("element")) {
                return plain(row.get(0)); // a list has three levels in Parquet
            }
            Map<String, Object> values = new TreeMap<>();
            fields.forEach(field -> values.put(field.name(), plain(row.get(field.pos()))));
            return values;
        }
        if (value instanceof List<?> list) {
            List<Object> values = new ArrayList<>();
            list.forEach(element -> values.add(plain(element)));
            return values;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> values = new TreeMap<>();
            map.forEach((key, each) -> values.put(key.toString(), plain(each)));
            return values;
        }
        if (value instanceof Instant time) {
            return ChronoUnit.MICROS.between(Instant.EPOCH, time);
        }
        return value instanceof CharSequence || value == null ? String.valueOf(value) : value;
    }
}
