package io.parallax.job;

import io.parallax.completeness.AccountSchedule;
import io.parallax.dependency.DependencySchedule;
import io.parallax.flow.MeterSettings;
import io.parallax.label.RealmRule;
import io.parallax.matrix.CellSchedule;
import io.parallax.matrix.SubnetRule;
import io.parallax.model.DependencyDelta;
import io.parallax.table.TableCatalog;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Everything that can be set about the job: one field per option, with its default, unit and what raising it does. */
public final class JobOptions {

    /** A year: times are 64-bit nanoseconds and windows 32-bit seconds, and sums of some of these have to fit. */
    private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

    private static final Duration LONGEST = Duration.ofDays(365);

    /** Where {@link #from} begins reading. */
    public enum Start {
        EARLIEST,
        LATEST
    }

    @Option(
            names = "--bootstrap-servers",
            required = true,
            paramLabel = "HOST:PORT[,...]",
            description = "Kafka brokers to begin with.")
    public String bootstrapServers = "";

    @Option(
            names = "--group-id",
            paramLabel = "NAME",
            defaultValue = "parallax-job",
            description = "Consumer group under which progress is shown to Kafka's tools; the job itself relies on its"
                    + " checkpoints. Default: ${DEFAULT-VALUE}.")
    public String groupId = "parallax-job";

    @Option(
            names = "--from",
            defaultValue = "EARLIEST",
            description = "Where to begin without a checkpoint: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    public Start from = Start.EARLIEST;

    @Option(
            names = "--bounded",
            description = "Stop at the end that the topics have when the job starts. Default: run on.")
    public boolean isBounded;

    @Option(
            names = "--window",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = DurationText.class,
            description =
                    "Length of the aligned windows, whole seconds up to an hour. Longer windows give fewer rows, later. Default:"
                            + " ${DEFAULT-VALUE}.")
    public Duration window = Duration.ofSeconds(60);

    @Option(
            names = "--allowed-lateness",
            paramLabel = "DURATION",
            defaultValue = "10m",
            converter = DurationText.class,
            description = "How long after its end a window still takes packets in. Longer costs state: ended flows are"
                    + " kept that long, about 350 to 510 octets each. Default: ${DEFAULT-VALUE}.")
    public Duration allowedLateness = Duration.ofMinutes(10);

    @Option(
            names = "--max-flows",
            paramLabel = "N",
            defaultValue = "4000000",
            description =
                    "Flows kept in all the job, ended ones that may still get late packets included. Above half of it,"
                            + " unanswered and ended flows are forgotten after 5 s; at it, packets of new flows count in one"
                            + " row per networks and protocol. Default: ${DEFAULT-VALUE}, about 2 GB of heap.")
    public long maxFlows = 4_000_000;

    @Option(
            names = "--silence",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "A stream that is not heard for longer no longer holds the others back; unbounded input only."
                    + " Longer waits longer for a sensor that died. Default: ${DEFAULT-VALUE}.")
    public Duration silence = Duration.ofSeconds(10);

    @Option(
            names = "--clock-tolerance",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "Greatest error of a sensor's clock against the broker's that is left alone; beyond it the"
                    + " sensor's times are corrected and the sensor is flagged. More lets one sensor hold the others'"
                    + " windows open, or close them early, by that much. Default: ${DEFAULT-VALUE}.")
    public Duration clockTolerance = Duration.ofSeconds(10);

    @Option(
            names = "--dependency-silence",
            paramLabel = "DURATION",
            defaultValue = "24h",
            converter = DurationText.class,
            description =
                    "Time without a use after which a dependency counts as disappeared, if everything was captured"
                            + " in it. Longer tells later, and fewer that come back. Default: ${DEFAULT-VALUE}.")
    public Duration dependencySilence = Duration.ofHours(24);

    @Option(
            names = "--interface-retirement",
            paramLabel = "DURATION",
            defaultValue = "168h",
            converter = DurationText.class,
            description =
                    "Time without any account of an interface after which it is gone and no longer keeps dependencies from"
                            + " counting as disappeared; their record names it. Longer waits longer for one that is only"
                            + " switched off. Default: ${DEFAULT-VALUE}.")
    public Duration interfaceRetirement = Duration.ofDays(7);

    @Option(
            names = "--alert-budget",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Signals a day that are within budget: as many as somebody can look at, 5 for each 100 hosts for"
                            + " example. Further ones are published, but marked. Default: ${DEFAULT-VALUE}.")
    public int alertBudget = 5;

    @Option(
            names = "--max-dependencies",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Dependencies that are kept; beyond, new ones count in one that is called (other). More cost"
                    + " state. Default: ${DEFAULT-VALUE}.")
    public long maxDependencies = 100_000;

    @Option(
            names = "--realm",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "Routing domain that all addresses belong to. Default: ${DEFAULT-VALUE}.")
    public String realm = "default";

    @Option(
            names = "--realms",
            paramLabel = "PLACE=REALM",
            split = ",",
            description =
                    "Realms of what is seen at a place: a sensor, an interface (SENSOR/INTERFACE), a VLAN by its outermost"
                            + " tag (vlan:ID) or an overlay (overlay:ID). The last of these that fits goes before the"
                            + " others, and all before --realm. Default: none.")
    public Map<String, String> realms = Map.of();

    @Option(
            names = "--sensor-hosts",
            paramLabel = "SENSOR=HOST",
            split = ",",
            description =
                    "Hosts of sensors that share one: what both see of a frame is then one host's, seen twice. Default:"
                            + " every sensor is on a host of its own.")
    public Map<String, String> sensorHosts = Map.of();

    @Option(
            names = "--ipv4-prefix",
            paramLabel = "BITS",
            defaultValue = "24",
            description = "Prefix length of the IPv4 subnets of the matrix, 0 to 32. Default: ${DEFAULT-VALUE}.")
    public int ipv4Prefix = 24;

    @Option(
            names = "--ipv6-prefix",
            paramLabel = "BITS",
            defaultValue = "64",
            description = "Prefix length of the IPv6 subnets of the matrix, 0 to 128. Default: ${DEFAULT-VALUE}.")
    public int ipv6Prefix = 64;

    @Option(
            names = "--tables",
            paramLabel = "DIR",
            description = "Folder or URI for Iceberg tables: their warehouse. Default: no tables, topics only.")
    public @Nullable String tables;

    @Option(
            names = "--catalog",
            paramLabel = "TYPE",
            defaultValue = "HADOOP",
            description =
                    "Who keeps the state of the tables: ${COMPLETION-CANDIDATES}. HADOOP is the folder itself, for local"
                            + " disks and HDFS and not for object stores. Default: ${DEFAULT-VALUE}.")
    public TableCatalog.Type catalog = TableCatalog.Type.HADOOP;

    @Option(
            names = "--catalog-uri",
            paramLabel = "URI",
            description =
                    "Database (jdbc:...) or server (https://...) of the catalog. Default: none; JDBC and REST need"
                            + " one.")
    public @Nullable String catalogUri;

    @Option(
            names = "--catalog-property",
            paramLabel = "NAME=VALUE",
            description = "Further property of the Iceberg catalog, such as io-impl; may be repeated. Default: none.")
    public Map<String, String> catalogProperties = Map.of();

    @Option(
            names = "--table-maintenance",
            paramLabel = "DURATION",
            defaultValue = "10m",
            converter = DurationText.class,
            description =
                    "Time between rounds that merge small files of the tables and forget their old states; 0s: never."
                            + " Bounded input: never. Longer means more small files, and less work. Default: ${DEFAULT-VALUE}.")
    public Duration tableMaintenance = Duration.ofMinutes(10);

    @Option(
            names = "--orphan-age",
            paramLabel = "DURATION",
            defaultValue = "72h",
            converter = DurationText.class,
            description =
                    "Files in the folders of tables that belong to no state of them, as a crash leaves them, are deleted"
                            + " once a day when they are older; 0s: never. It has to be longer than a job that is started"
                            + " again from a checkpoint may have been down. Longer keeps what crashes left on disk for"
                            + " longer. Default: ${DEFAULT-VALUE}.")
    public Duration orphanAge = Duration.ofDays(3);

    @Option(names = "--no-matrix", description = "Leave the matrix out. Default: flows and matrix.")
    public boolean isWithoutMatrix;

    @Option(
            names = "--max-cells",
            paramLabel = "N",
            defaultValue = "100000",
            description =
                    "Cells of a matrix, that is of a realm, level and window; entities beyond it are folded into (other),"
                            + " those with fewest octets first. More cost state: about 130 octets each, for each window"
                            + " that can still change, and up to eight times as many cells before a window ends."
                            + " Default: ${DEFAULT-VALUE}.")
    public int maxCells = 100_000;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Parallel instances of every step. Default: what the cluster is configured for.")
    public @Nullable Integer parallelism;

    @Option(
            names = "--buckets",
            paramLabel = "N",
            defaultValue = "128",
            description =
                    "Buckets that 5-tuples hash to: the keys of the job, at least its parallelism. More spread load"
                            + " and checkpoints finer and make blocks smaller. Fixed for the life of a state. Default:"
                            + " ${DEFAULT-VALUE}.")
    public int buckets = 128;

    @Option(
            names = "--packets-per-block",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Packets after which a bucket's block is sent without waiting for a watermark. More amortise"
                    + " better and need more memory: 32 octets each per bucket. Default: ${DEFAULT-VALUE}.")
    public int packetsPerBlock = 1024;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "Time between checkpoints; tables grow by a file each. Longer means more to repeat after a"
                    + " failure. Default: ${DEFAULT-VALUE}.")
    public Duration checkpointInterval = Duration.ofSeconds(10);

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            description = "Folder for checkpoints, kept when the job is cancelled. Default: what the cluster is"
                    + " configured for.")
    public @Nullable String checkpoints;

    @Option(
            names = "--topic-partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "Partitions of the topics that do not exist yet, inputs included. Default: ${DEFAULT-VALUE}.")
    public int topicPartitions = 4;

    @Option(
            names = "--topic-replication",
            paramLabel = "N",
            defaultValue = "1",
            description = "Replicas of the topics that do not exist yet, inputs included. Default: ${DEFAULT-VALUE}.")
    public short topicReplication = 1;

    /**
     * Refuses values that no job could run with.
     *
     * @throws IllegalArgumentException naming the option, its value and what is allowed
     */
    public void validate() {
        require(
                isWithin(window, Duration.ofSeconds(1))
                        && window.compareTo(LONGEST_WINDOW) <= 0
                        && window.toNanosPart() == 0,
                "--window",
                window,
                "whole seconds, 1s to 1h");
        require(isWithin(allowedLateness, Duration.ZERO), "--allowed-lateness", allowedLateness, "0s to 8760h");
        require(maxFlows >= 1, "--max-flows", maxFlows, "1 or more");
        require(
                isWithin(dependencySilence, Duration.ofSeconds(1)),
                "--dependency-silence",
                dependencySilence,
                "1s to 8760h");
        require(
                isWithin(interfaceRetirement, Duration.ofSeconds(1)),
                "--interface-retirement",
                interfaceRetirement,
                "1s to 8760h");
        require(alertBudget >= 1, "--alert-budget", alertBudget, "1 or more");
        require(maxDependencies >= 1, "--max-dependencies", maxDependencies, "1 or more");
        require(isWithin(silence, Duration.ofMillis(1)), "--silence", silence, "1ms to 8760h");
        require(
                isWithin(clockTolerance, Duration.ofMillis(100)),
                "--clock-tolerance",
                clockTolerance,
                "100ms to 8760h");
        require(isRealmRule(), "--realms", realms, RealmRule.ALLOWED + ", each with the name of a realm");
        require(parallelism == null || parallelism >= 1, "--parallelism", parallelism, "1 or more");
        int least = parallelism == null ? 1 : parallelism;
        require(buckets >= least && buckets <= 32_768, "--buckets", buckets, "from --parallelism to 32768");
        require(packetsPerBlock >= 1, "--packets-per-block", packetsPerBlock, "1 or more");
        require(
                isWithin(checkpointInterval, Duration.ofMillis(10)),
                "--checkpoint-interval",
                checkpointInterval,
                "10ms to 8760h");
        require(ipv4Prefix >= 0 && ipv4Prefix <= 32, "--ipv4-prefix", ipv4Prefix, "0 to 32");
        require(ipv6Prefix >= 0 && ipv6Prefix <= 128, "--ipv6-prefix", ipv6Prefix, "0 to 128");
        require(
                (catalogUri == null) == (catalog == TableCatalog.Type.HADOOP),
                "--catalog-uri",
                catalogUri,
                "a URI with --catalog JDBC and REST, none with HADOOP");
        require(
                tableMaintenance.isZero() || isWithin(tableMaintenance, Duration.ofMillis(100)),
                "--table-maintenance",
                tableMaintenance,
                "0s, or 100ms to 8760h");
        require(
                orphanAge.isZero() || isWithin(orphanAge, Duration.ofDays(1)),
                "--orphan-age",
                orphanAge,
                "0s, or 24h to 8760h");
        require(maxCells >= 1 && maxCells <= 10_000_000, "--max-cells", maxCells, "1 to 10000000");
        require(topicPartitions >= 1, "--topic-partitions", topicPartitions, "1 or more");
        require(topicReplication >= 1, "--topic-replication", topicReplication, "1 or more");
    }

    private boolean isRealmRule() {
        try {
            return realmRule() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isWithin(Duration duration, Duration least) {
        return duration.compareTo(least) >= 0 && duration.compareTo(LONGEST) <= 0;
    }

    private static void require(boolean isAllowed, String option, @Nullable Object value, String allowed) {
        if (!isAllowed) {
            throw new IllegalArgumentException("%s is %s; allowed: %s".formatted(option, value, allowed));
        }
    }

    TableCatalog tableCatalog() {
        return new TableCatalog(catalog, Objects.requireNonNull(tables, "--tables"), catalogUri, catalogProperties);
    }

    MeterSettings meterSettings() {
        int mostInBucket = (int) Math.max(1, Math.min(maxFlows / buckets, Integer.MAX_VALUE));
        return new MeterSettings(
                window.toNanos(), allowedLateness.toNanos(), ipv4Prefix, ipv6Prefix, sensorHosts, mostInBucket);
    }

    CellSchedule cellSchedule() {
        return new CellSchedule((int) window.toSeconds(), allowedLateness);
    }

    DependencySchedule dependencySchedule() {
        int mostInBucket = (int) Math.max(1, Math.min(maxDependencies / DependencyDelta.BUCKETS, Integer.MAX_VALUE));
        return new DependencySchedule(
                (int) window.toSeconds(), allowedLateness, dependencySilence, interfaceRetirement, mostInBucket);
    }

    /** Of the matrix rolled up to an hour: the last windows of an hour are revised a window after flows are. */
    CellSchedule hourSchedule() {
        return new CellSchedule((int) LONGEST_WINDOW.toSeconds(), allowedLateness);
    }

    AccountSchedule accountSchedule() {
        return new AccountSchedule((int) window.toSeconds(), allowedLateness, isBounded);
    }

    RealmRule realmRule() {
        return RealmRule.of(realm, realms);
    }

    SubnetRule subnetRule() {
        return new SubnetRule(ipv4Prefix, ipv6Prefix);
    }
}
