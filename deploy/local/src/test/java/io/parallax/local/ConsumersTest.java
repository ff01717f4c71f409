package io.parallax.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.OpenCaptures;
import io.parallax.job.ParallaxJob;
import io.parallax.local.PythonEnvironment.Said;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.table.TableCatalog;
import io.parallax.table.TableExtract;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import javax.tools.ToolProvider;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of docs/examples, as they are shipped, over a broker and tables that the job filled from the samples. Every
 * record is on the topic twice, as after a failover; all of them have to find what counts, which is what the table says.
 */
class ConsumersTest {

    private static final Path ROOT = Path.of(System.getProperty("parallax.root", "../.."))
            .toAbsolutePath()
            .normalize();
    private static final Path EXAMPLES = ROOT.resolve("docs").resolve("examples");

    private static final int TWO_SLOTS = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static LocalRun run;

    private static String expected = "";

    @BeforeAll
    static void fillTopicAndTable() throws Exception {
        Path work = Files.createDirectories(folder.resolve("work"));
        Path warehouse = folder.resolve("warehouse");
        run = LocalRun.start(work, TWO_SLOTS);
        try (OpenCaptures open = OpenCaptures.of(Samples.of(Samples.COMMITTED, Samples.SENSORS))) {
            run.publish(open.sources(), run.unpaced(), more -> {});
        }
        try (LocalCluster cluster = LocalCluster.start(TWO_SLOTS, work)) {
            StreamExecutionEnvironment environment = cluster.environment();
            ParallaxJob.build(environment, FlowJob.bounded(run.bootstrapServers(), Duration.ofSeconds(10), warehouse));
            cluster.await(cluster.submit(environment), () -> {});
        }
        TableExtract.write(TableCatalog.inFolder(warehouse.toUri().toString()), tables());
        repeatEveryFlow();
        try (DuckDb session = DuckDb.over(tables())) {
            DuckDb.Row sums = session.rows("""
                            select count(*) as rows, sum(packets)::bigint as packets, sum(octets)::bigint as octets from (
                                select arg_max(packet_delta_count + reverse_packet_delta_count, revision) as packets,
                                    arg_max(octet_delta_count + reverse_octet_delta_count, revision) as octets
                                from read_parquet(getvariable('tables') || '/flows/**/*.parquet') group by flow_id, window_start)
                            """).get(0);
            assertThat(sums.number("packets")).isPositive();
            expected = line(sums.number("rows"), sums.number("packets"), sums.number("octets"));
        }
    }

    private static void repeatEveryFlow() throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", run.bootstrapServers(), "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = run.topics().records(Topics.FLOWS).stream()
                    .map(record -> producer.send(
                            new ProducerRecord<>(Topics.FLOWS, record.partition(), record.key(), record.value())))
                    .toList();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    @AfterAll
    static void stop() {
        run.close();
    }

    private static Path tables() {
        return folder.resolve("tables");
    }

    private static String line(long rows, long packets, long octets) {
        return "%d rows, %d packets, %d octets".formatted(rows, packets, octets);
    }

    @Test
    void aPlainConsumerInJava() throws Exception {
        Said said = Said.of(
                folder,
                Map.of(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EXAMPLES.resolve("java").resolve("SumFlows.java").toString(),
                run.bootstrapServers());
        assertThat(said.exitCode()).as(said.text()).isZero();
        assertThat(said.text().lines()).contains(expected);
    }

    @Test
    void aPlainConsumerInPython() throws Exception {
        Path example = EXAMPLES.resolve("python");
        PythonEnvironment python = PythonEnvironment.with(example.resolve("requirements.txt"));
        Path schemas = ROOT.resolve(Path.of("schemas", "src", "main", "resources", "published", "Flow"));
        Said said = python.run(
                folder,
                Map.of(),
                "python",
                List.of(example.resolve("sum_flows.py").toString(), run.bootstrapServers(), schemas.toString()));
        assertThat(said.exitCode()).as(said.text()).isZero();
        assertThat(said.text().lines()).contains(expected);
    }

    @Test
    void flinkSqlOverTheTopic() throws Exception {
        Path example = EXAMPLES.resolve("flink-sql");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int failures = requireNonNull(ToolProvider.getSystemJavaCompiler())
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        example.resolve("DecodeFlow.java").toString());
        assertThat(failures).isZero();
        URL jar = classes.toUri().toURL();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar}, Thread.currentThread().getContextClassLoader())) {
            Configuration configuration = new Configuration();
            configuration.set(CoreOptions.DEFAULT_PARALLELISM, TWO_SLOTS);
            configuration.set(PipelineOptions.CLASSPATHS, List.of(jar.toString()));
            TableEnvironment session = TableEnvironment.create(EnvironmentSettings.newInstance()
                    .inBatchMode()
                    .withConfiguration(configuration)
                    .withClassLoader(loader)
                    .build());
            Row sums = lastRow(session, statements(example.resolve("flows.sql")));
            assertThat(line(number(sums, 0), number(sums, 1), number(sums, 2))).isEqualTo(expected);
        }
    }

    private static long number(Row row, int field) {
        return ((Number) requireNonNull(row.getField(field))).longValue();
    }

    /** As the SQL client runs a file, with the address of this broker for the one in the file. */
    private static List<String> statements(Path script) throws IOException {
        String text = Files.readString(script).replaceAll("--[^\n]*", "");
        assertThat(text).contains("'localhost:9092'");
        return Arrays.stream(
                        text.replace("localhost:9092", run.bootstrapServers()).split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static Row lastRow(TableEnvironment session, List<String> statements) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (String statement : statements) {
            if (statement.startsWith("set ")) {
                continue; // of the client; the session is in batch mode already
            }
            TableResult result = session.executeSql(statement);
            try (CloseableIterator<Row> found = result.collect()) {
                rows.clear();
                found.forEachRemaining(rows::add);
            }
        }
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    @Test
    void duckDbOverTheTable() throws Exception {
        try (DuckDb session = DuckDb.over(tables())) {
            DuckDb.Row sums =
                    session.run(EXAMPLES.resolve("duckdb").resolve("flows.sql")).get(0);
            assertThat(line(sums.number("rows"), sums.number("packets"), sums.number("octets")))
                    .isEqualTo(expected);
        }
    }
}
