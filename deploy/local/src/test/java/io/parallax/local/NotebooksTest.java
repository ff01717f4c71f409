package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The notebooks of docs/notebooks, executed from the first cell to the last over the tables of the samples, and over tables of
 * which most are missing. The last cell of each, tagged {@code check}, prints numbers; here they are asked of the Parquet
 * files in another way.
 */
class NotebooksTest {

    private static final Path NOTEBOOKS = Path.of(System.getProperty("parallax.root", "../.."), "docs", "notebooks");

    private static final List<String> NAMES =
            List.of("01-east-west", "02-dependencies", "03-vantage-points", "04-hunting", "05-data-quality");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Path tables = Path.of("unset");
    private static Path executed = Path.of("unset");
    private static Path executedOnFlowsAlone = Path.of("unset");

    @BeforeAll
    static void executeAllOfThem(@TempDir Path folder) throws Exception {
        PythonEnvironment python = PythonEnvironment.with(NOTEBOOKS.resolve("requirements.txt"));
        Path out = folder.resolve("out");
        List<String> arguments = new ArrayList<>(List.of("analyze", "--out", out.toString()));
        for (String sensor : Samples.SENSORS) {
            arguments.add(Samples.COMMITTED.resolve(sensor + ".pcap").toString());
        }
        assertThat(ParallaxProcess.run(folder, arguments)).isZero();
        tables = out.resolve("tables");
        executed = executeOver(python, tables, folder.resolve("executed"));

        Path flowsAlone = folder.resolve("flows-alone");
        copy(tables.resolve("flows"), flowsAlone.resolve("flows"));
        executedOnFlowsAlone = executeOver(python, flowsAlone, folder.resolve("executed-on-flows-alone"));
    }

    private static Path executeOver(PythonEnvironment python, Path over, Path into) throws Exception {
        copy(NOTEBOOKS, into);
        List<String> arguments = new ArrayList<>(List.of("execute", "--inplace", "--timeout=300"));
        NAMES.forEach(name -> arguments.add(name + ".ipynb"));
        PythonEnvironment.Said said =
                python.run(into, Map.of("PARALLAX_TABLES", over.toString()), "jupyter", arguments);
        assertThat(said.exitCode()).as(said.text()).isZero();
        return into;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    @Test
    void allOfThemAreExecuted() throws Exception {
        try (Stream<Path> files = Files.list(NOTEBOOKS)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".ipynb"))
                            .map(name -> name.replace(".ipynb", "")))
                    .containsExactlyInAnyOrderElementsOf(NAMES);
        }
        for (String name : NAMES) {
            assertThat(check(executed, name)).as(name).isNotEmpty();
        }
    }

    @Test
    void noneIsCommittedWithAnOutput() throws Exception {
        for (String name : NAMES) {
            for (JsonNode cell : cells(NOTEBOOKS, name)) {
                assertThat(cell.path("outputs")).as(name).isEmpty();
                assertThat(cell.path("execution_count").isNumber()).as(name).isFalse();
            }
        }
    }

    @Test
    void theOverviewHasThePacketsAndOctetsOfTheFlows() throws Exception {
        JsonNode check = check(executed, "01-east-west");
        assertThat(check.path("flows").asLong()).isEqualTo(answer("select count(distinct flow_id) from latest"));
        assertThat(check.path("packets").asLong())
                .isEqualTo(answer("select sum(packet_delta_count) + sum(reverse_packet_delta_count) from latest"));
        assertThat(check.path("octets").asLong())
                .isEqualTo(answer("select sum(octet_delta_count) + sum(reverse_octet_delta_count) from latest"));
        assertThat(check.path("octets_within_host_switched").asLong())
                .isPositive()
                .isEqualTo(answer("select sum(octet_delta_count) + sum(reverse_octet_delta_count) from latest"
                        + " where locality = 'within-host switched'"));
    }

    @Test
    void whatAnsweredIsADependencyAndWhatDidNotIsNone() throws Exception {
        JsonNode check = check(executed, "02-dependencies");
        assertThat(check.path("attempts").asLong())
                .isEqualTo(answer("select count(distinct flow_id) from latest where protocol_identifier in (6, 17)"));
        assertThat(check.path("answered").asLong())
                .isEqualTo(answer(
                                "select count(*) from (select flow_id from latest where protocol_identifier = 6 group by flow_id"
                                        + " having bool_or((reverse_tcp_control_bits & 18) = 18)"
                                        + " and sum(transport_octet_delta_count) + sum(reverse_transport_octet_delta_count) > 0)")
                        + answer("select count(distinct flow_id) from latest where protocol_identifier = 17"
                                + " and reverse_packet_delta_count > 0"));
    }

    @Test
    void theFlowThatIsTakenApartHasItsPacketsAndAllItsSightings() throws Exception {
        JsonNode check = check(executed, "03-vantage-points");
        String flow = " where flow_id = '%s'".formatted(check.path("flow_id").asText());
        assertThat(check.path("packets").asLong())
                .isPositive()
                .isEqualTo(
                        answer("select sum(packet_delta_count) + sum(reverse_packet_delta_count) from latest" + flow));
        assertThat(check.path("sightings").asLong())
                .isEqualTo(answer(
                        "select sum(list_sum(list_transform(vantage, v -> v.packet_delta_count))) from latest" + flow));
    }

    @Test
    void theHuntCountsTheAttemptsThatFailed() throws Exception {
        JsonNode check = check(executed, "04-hunting");
        String ended = "select count(*) from (from latest qualify row_number() over"
                + " (partition by flow_id order by window_start desc) = 1) where connection_outcome = '%s'";
        for (String outcome : List.of("refused", "no_answer", "unreachable")) {
            assertThat(check.path(outcome).asLong())
                    .as(outcome)
                    .isPositive()
                    .isEqualTo(answer(ended.formatted(outcome)));
        }
    }

    @Test
    void qualityCountsTheFramesOfTheLedgerAndFindsNoResidual() throws Exception {
        JsonNode check = check(executed, "05-data-quality");
        assertThat(check.path("frames").asLong())
                .isEqualTo(answer(
                        "select sum(frames) from read_parquet(getvariable('tables') || '/ledger/**/*.parquet')"));
        assertThat(check.path("counted").asLong())
                .isEqualTo(answer("select sum(packet_delta_count) + sum(reverse_packet_delta_count) from latest"));
        assertThat(check.path("windows").asLong()).isPositive();
        assertThat(check.path("windows_with_a_residual").asLong()).isZero();
    }

    @Test
    void missingTablesAreNamed() throws Exception {
        assertThat(said(executedOnFlowsAlone, "02-dependencies")).contains("have no table `dependencies`");
        assertThat(said(executedOnFlowsAlone, "04-hunting")).contains("No table `signals`: no detector has run.");
        assertThat(said(executedOnFlowsAlone, "05-data-quality")).contains("These tables lack: completeness, ledger.");
    }

    private static long answer(String query) throws SQLException {
        try (DuckDb session = DuckDb.over(tables)) {
            session.rows("create view latest as from read_parquet(getvariable('tables') || '/flows/**/*.parquet')"
                    + " qualify revision = max(revision) over (partition by flow_id, window_start)");
            return session.rows("select (%s)::bigint as answer".formatted(query))
                    .get(0)
                    .number("answer");
        }
    }

    /** The numbers that the notebook's last cell printed. */
    private static JsonNode check(Path folder, String name) throws IOException {
        for (JsonNode cell : cells(folder, name)) {
            if (cell.path("metadata").path("tags").toString().contains("\"check\"")) {
                return JSON.readTree(text(cell));
            }
        }
        throw new IOException(name + " has no cell tagged check");
    }

    /** All that the notebook printed. */
    private static String said(Path folder, String name) throws IOException {
        StringBuilder all = new StringBuilder();
        for (JsonNode cell : cells(folder, name)) {
            all.append(text(cell));
        }
        return all.toString();
    }

    private static String text(JsonNode cell) {
        StringBuilder text = new StringBuilder();
        for (JsonNode output : cell.path("outputs")) {
            if (output.path("name").asText().equals("stdout")) {
                output.path("text").forEach(line -> text.append(line.asText()));
            }
        }
        return text.toString();
    }

    private static JsonNode cells(Path folder, String name) throws IOException {
        return JSON.readTree(folder.resolve(name + ".ipynb").toFile()).path("cells");
    }
}
