package io.parallax.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.table.TableCatalog;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

final class JobOptionsTest {

    private static final String BROKERS = "kafka-1:9092,kafka-2:9092";

    @Test
    void withoutOptionsTheDefaultsHold() {
        JobOptions expected = new JobOptions();
        expected.bootstrapServers = BROKERS;
        assertThat(parse("--bootstrap-servers", BROKERS))
                .usingRecursiveComparison()
                .isEqualTo(expected);
        assertThat(expected.groupId).isEqualTo("parallax-job");
        assertThat(expected.from).isEqualTo(JobOptions.Start.EARLIEST);
        assertThat(expected.isBounded).isFalse();
        assertThat(expected.window).isEqualTo(Duration.ofSeconds(60));
        assertThat(expected.allowedLateness).isEqualTo(Duration.ofMinutes(10));
        assertThat(expected.silence).isEqualTo(Duration.ofSeconds(10));
        assertThat(expected.clockTolerance).isEqualTo(Duration.ofSeconds(10));
        assertThat(expected.dependencySilence).isEqualTo(Duration.ofHours(24));
        assertThat(expected.alertBudget).isEqualTo(5);
        assertThat(expected.interfaceRetirement).isEqualTo(Duration.ofDays(7));
        assertThat(expected.maxDependencies).isEqualTo(100_000);
        assertThat(expected.sensorHosts).isEmpty();
        assertThat(expected.realm).isEqualTo("default");
        assertThat(expected.ipv4Prefix).isEqualTo(24);
        assertThat(expected.ipv6Prefix).isEqualTo(64);
        assertThat(expected.tables).isNull();
        assertThat(expected.catalog).isEqualTo(TableCatalog.Type.HADOOP);
        assertThat(expected.catalogUri).isNull();
        assertThat(expected.catalogProperties).isEmpty();
        assertThat(expected.tableMaintenance).isEqualTo(Duration.ofMinutes(10));
        assertThat(expected.orphanAge).isEqualTo(Duration.ofDays(3));
        assertThat(expected.isWithoutMatrix).isFalse();
        assertThat(expected.maxCells).isEqualTo(100_000);
        assertThat(expected.parallelism).isNull();
        assertThat(expected.buckets).isEqualTo(128);
        assertThat(expected.packetsPerBlock).isEqualTo(1_024);
        assertThat(expected.checkpointInterval).isEqualTo(Duration.ofSeconds(10));
        assertThat(expected.checkpoints).isNull();
        assertThat(expected.topicPartitions).isEqualTo(4);
        assertThat(expected.topicReplication).isEqualTo((short) 1);
    }

    @Test
    void everyOptionReachesItsField() throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        JobOptions expected = new JobOptions();
        texts.put("--bootstrap-servers", BROKERS);
        expected.bootstrapServers = BROKERS;
        texts.put("--group-id", "parallax-blue");
        expected.groupId = "parallax-blue";
        texts.put("--from", "latest");
        expected.from = JobOptions.Start.LATEST;
        texts.put("--bounded", "true");
        expected.isBounded = true;
        texts.put("--window", "10s");
        expected.window = Duration.ofSeconds(10);
        texts.put("--allowed-lateness", "1h");
        expected.allowedLateness = Duration.ofHours(1);
        texts.put("--max-flows", "1000");
        expected.maxFlows = 1_000;
        texts.put("--silence", "500ms");
        expected.silence = Duration.ofMillis(500);
        texts.put("--clock-tolerance", "2s");
        expected.clockTolerance = Duration.ofSeconds(2);
        texts.put("--dependency-silence", "1h");
        expected.dependencySilence = Duration.ofHours(1);
        texts.put("--alert-budget", "20");
        expected.alertBudget = 20;
        texts.put("--interface-retirement", "48h");
        expected.interfaceRetirement = Duration.ofDays(2);
        texts.put("--max-dependencies", "500");
        expected.maxDependencies = 500;
        texts.put("--sensor-hosts", "capvm1=esx1,capvm1b=esx1");
        expected.sensorHosts = Map.of("capvm1", "esx1", "capvm1b", "esx1");
        texts.put("--realm", "tenant-1");
        expected.realm = "tenant-1";
        texts.put("--realms", "capvm9=blue,vlan:110=red");
        expected.realms = Map.of("capvm9", "blue", "vlan:110", "red");
        texts.put("--ipv4-prefix", "16");
        expected.ipv4Prefix = 16;
        texts.put("--ipv6-prefix", "48");
        expected.ipv6Prefix = 48;
        texts.put("--tables", "s3://lake/parallax");
        expected.tables = "s3://lake/parallax";
        texts.put("--catalog", "jdbc");
        expected.catalog = TableCatalog.Type.JDBC;
        texts.put("--catalog-uri", "jdbc:sqlite:/var/lib/parallax/catalog.db");
        expected.catalogUri = "jdbc:sqlite:/var/lib/parallax/catalog.db";
        texts.put("--catalog-property", "io-impl=org.apache.iceberg.aws.s3.S3FileIO");
        expected.catalogProperties = Map.of("io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
        texts.put("--table-maintenance", "1h");
        expected.tableMaintenance = Duration.ofHours(1);
        texts.put("--orphan-age", "48h");
        expected.orphanAge = Duration.ofDays(2);
        texts.put("--no-matrix", "true");
        expected.isWithoutMatrix = true;
        texts.put("--max-cells", "500");
        expected.maxCells = 500;
        texts.put("--parallelism", "8");
        expected.parallelism = 8;
        texts.put("--buckets", "512");
        expected.buckets = 512;
        texts.put("--packets-per-block", "256");
        expected.packetsPerBlock = 256;
        texts.put("--checkpoint-interval", "1m");
        expected.checkpointInterval = Duration.ofMinutes(1);
        texts.put("--checkpoints", "file:///var/lib/parallax");
        expected.checkpoints = "file:///var/lib/parallax";
        texts.put("--topic-partitions", "12");
        expected.topicPartitions = 12;
        texts.put("--topic-replication", "3");
        expected.topicReplication = 3;

        assertThat(texts.keySet()).containsExactlyInAnyOrderElementsOf(optionNames());
        assertThatEveryFieldDiffers(expected, new JobOptions());
        JobOptions parsed = parse(texts.entrySet().stream()
                .map(text -> text.getKey() + "=" + text.getValue())
                .toArray(String[]::new));
        assertThat(parsed).usingRecursiveComparison().isEqualTo(expected);
        assertThatCode(parsed::validate).doesNotThrowAnyException();
    }

    private static List<String> optionNames() {
        return new CommandLine(new JobOptions())
                .getCommandSpec().options().stream()
                        .map(OptionSpec::longestName)
                        .toList();
    }

    private static void assertThatEveryFieldDiffers(JobOptions one, JobOptions other) throws IllegalAccessException {
        for (Field field : JobOptions.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers()) && !Modifier.isStatic(field.getModifiers())) {
                assertThat(field.get(one)).as(field.getName()).isNotEqualTo(field.get(other));
            }
        }
    }

    @Test
    void theBrokersHaveNoDefault() {
        assertThatThrownBy(() -> parse("--window=10s"))
                .isInstanceOf(CommandLine.MissingParameterException.class)
                .hasMessageContaining("--bootstrap-servers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--window              | 0s               | PT0S              | whole seconds, 1s to 1h",
                "--window              | 1500ms           | PT1.5S            | whole seconds, 1s to 1h",
                "--window              | 3601s            | PT1H1S            | whole seconds, 1s to 1h",
                "--window              | 999999999999h    | PT999999999999H   | whole seconds, 1s to 1h",
                "--max-flows           | 0                | 0                | 1 or more",
                "--max-dependencies    | 0                | 0                 | 1 or more",
                "--dependency-silence  | 999ms            | PT0.999S          | 1s to 8760h",
                "--alert-budget         | 0               | 0                 | 1 or more",
                "--interface-retirement | 999ms           | PT0.999S          | 1s to 8760h",
                "--allowed-lateness    | 999999999999h    | PT999999999999H   | 0s to 8760h",
                "--silence             | 0s               | PT0S              | 1ms to 8760h",
                "--silence             | 999999999999h    | PT999999999999H   | 1ms to 8760h",
                "--clock-tolerance     | 99ms             | PT0.099S          | 100ms to 8760h",
                "--checkpoint-interval | 999999999999h    | PT999999999999H   | 10ms to 8760h",
                "--checkpoint-interval | 9ms              | PT0.009S          | 10ms to 8760h",
                "--parallelism         | 0                | 0                 | 1 or more",
                "--buckets             | 0                | 0                 | from --parallelism to 32768",
                "--buckets             | 32769            | 32769             | from --parallelism to 32768",
                "--packets-per-block   | 0                | 0                 | 1 or more",
                "--ipv4-prefix         | -1               | -1                | 0 to 32",
                "--ipv4-prefix         | 33               | 33                | 0 to 32",
                "--ipv6-prefix         | -1               | -1                | 0 to 128",
                "--ipv6-prefix         | 129              | 129               | 0 to 128",
                "--realms              | vlan:4095=blue   | {vlan:4095=blue}  | SENSOR, SENSOR/INTERFACE, vlan:1 to vlan:4094 or"
                        + " overlay:0 to overlay:16777215, each with the name of a realm",
                "--max-cells           | 0                | 0                 | 1 to 10000000",
                "--max-cells           | 10000001         | 10000001          | 1 to 10000000",
                "--catalog-uri         | jdbc:sqlite:x    | jdbc:sqlite:x     | a URI with --catalog JDBC and REST, none with"
                        + " HADOOP",
                "--table-maintenance   | 99ms             | PT0.099S          | 0s, or 100ms to 8760h",
                "--orphan-age          | 23h              | PT23H             | 0s, or 24h to 8760h",
                "--topic-partitions    | 0                | 0                 | 1 or more",
                "--topic-replication   | 0                | 0                 | 1 or more"
            })
    void aValueThatNoJobCouldRunWithIsRefused(String option, String text, String value, String allowed) {
        JobOptions options = parse("--bootstrap-servers", BROKERS, option + "=" + text);
        assertThatThrownBy(options::validate)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("%s is %s; allowed: %s", option, value, allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--window=1h",
                "--allowed-lateness=0s",
                "--silence=1ms",
                "--clock-tolerance=100ms",
                "--checkpoint-interval=10ms",
                "--buckets=32768",
                "--table-maintenance=0s",
                "--table-maintenance=100ms",
                "--orphan-age=0s",
                "--orphan-age=24h",
                "--ipv4-prefix=0",
                "--ipv4-prefix=32",
                "--ipv6-prefix=0",
                "--ipv6-prefix=128"
            })
    void valuesAtTheirLimitsAreAllowed(String option) {
        JobOptions options = parse("--bootstrap-servers", BROKERS, option);
        assertThatCode(() -> {
                    options.validate();
                    options.meterSettings();
                    options.cellSchedule();
                    options.subnetRule();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aCatalogElsewhereNeedsToBeFound() {
        JobOptions options = parse("--bootstrap-servers", BROKERS, "--catalog=REST");
        assertThatThrownBy(options::validate)
                .hasMessage("--catalog-uri is null; allowed: a URI with --catalog JDBC and REST, none with HADOOP");
    }

    @Test
    void fewerBucketsThanInstancesAreRefused() {
        JobOptions options = parse("--bootstrap-servers", BROKERS, "--parallelism=16", "--buckets=8");
        assertThatThrownBy(options::validate).hasMessage("--buckets is 8; allowed: from --parallelism to 32768");
    }

    @ParameterizedTest
    @CsvSource({"--window, soon, no duration", "--from, yesterday, EARLIEST", "--buckets, many, int"})
    void aTextThatIsNoValueIsRefusedNamingTheOptionAndTheText(String option, String text, String reason) {
        assertThatThrownBy(() -> parse("--bootstrap-servers", BROKERS, option + "=" + text))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining(option)
                .hasMessageContaining(text)
                .hasMessageContaining(reason);
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThatThrownBy(() -> parse("--bootstrap-servers", BROKERS, "--windows=10s"))
                .isInstanceOf(CommandLine.UnmatchedArgumentException.class)
                .hasMessageContaining("--windows=10s");
    }

    @Test
    void theMatrixIsRevisedForAsLongAsTheFlowsAre() {
        JobOptions options = parse("--bootstrap-servers", BROKERS, "--window=10s", "--allowed-lateness=60s");
        assertThat(options.cellSchedule().allowedLateness()).isEqualTo(Duration.ofSeconds(60));
        assertThat(options.meterSettings().latenessNanos())
                .isEqualTo(Duration.ofSeconds(60).toNanos());
    }

    @Test
    void bucketsShareTheFlowsThatAreKept() {
        JobOptions options = parse("--bootstrap-servers", BROKERS, "--max-flows=1000", "--buckets=8");
        assertThat(options.meterSettings().mostFlows()).isEqualTo(125);
        options.maxFlows = 3;
        assertThat(options.meterSettings().mostFlows()).isEqualTo(1);
    }

    @Test
    void bucketsShareTheDependenciesThatAreKept() {
        JobOptions options = parse("--bootstrap-servers", BROKERS, "--max-dependencies=1000");
        assertThat(options.dependencySchedule().mostInBucket()).isEqualTo(7);
        options.maxDependencies = 3;
        assertThat(options.dependencySchedule().mostInBucket()).isEqualTo(1);
    }

    private static JobOptions parse(String... arguments) {
        JobOptions options = new JobOptions();
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(all.toArray(new String[0]));
        return options;
    }
}
