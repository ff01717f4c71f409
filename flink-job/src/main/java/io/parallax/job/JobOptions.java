package io.parallax.job;

import io.parallax.completeness.AccountSchedule;
import io.parallax.flow.MeterSettings;
import io.parallax.matrix.CellSchedule;
import io.parallax.matrix.SubnetRule;
import java.time.Duration;
import java.util.Map;
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
            names = "--realm",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "Routing domain that all addresses belong to. Default: ${DEFAULT-VALUE}.")
    public String realm = "default";

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
            description =
                    "Folder, on any file system that Flink knows, for Parquet tables. Default: no tables, topics only.")
    public @Nullable String tables;

    @Option(names = "--no-matrix", description = "Leave the matrix out. Default: flows and matrix.")
    public boolean isWithoutMatrix;

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
        require(isWithin(silence, Duration.ofMillis(1)), "--silence", silence, "1ms to 8760h");
        require(
                isWithin(clockTolerance, Duration.ofMillis(100)),
                "--clock-tolerance",
                clockTolerance,
                "100ms to 8760h");
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
        require(topicPartitions >= 1, "--topic-partitions", topicPartitions, "1 or more");
        require(topicReplication >= 1, "--topic-replication", topicReplication, "1 or more");
    }

    private static boolean isWithin(Duration duration, Duration least) {
        return duration.compareTo(least) >= 0 && duration.compareTo(LONGEST) <= 0;
    }

    private static void require(boolean isAllowed, String option, @Nullable Object value, String allowed) {
        if (!isAllowed) {
            throw new IllegalArgumentException("%s is %s; allowed: %s".formatted(option, value, allowed));
        }
    }

    MeterSettings meterSettings() {
        int mostInBucket = (int) Math.max(1, Math.min(maxFlows / buckets, Integer.MAX_VALUE));
        return new MeterSettings(
                window.toNanos(), allowedLateness.toNanos(), ipv4Prefix, ipv6Prefix, sensorHosts, mostInBucket);
    }

    CellSchedule cellSchedule() {
        return new CellSchedule((int) window.toSeconds(), allowedLateness);
    }

    AccountSchedule accountSchedule() {
        return new AccountSchedule((int) window.toSeconds(), allowedLateness, isBounded);
    }

    SubnetRule subnetRule() {
        return new SubnetRule(ipv4Prefix, ipv6Prefix);
    }
}
