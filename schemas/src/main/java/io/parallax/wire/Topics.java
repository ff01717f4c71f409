package io.parallax.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Names, keys and partitions of the Kafka topics: the one place where producers, job and consumers agree on them.
 *
 * <p>All topics use {@code LogAppendTime}. Event time lives in the payload: with {@code CreateTime} a sensor whose clock
 * is an hour ahead is refused, and a replay of an old capture is deleted by retention within minutes.
 */
public final class Topics {

    /** {@link HeaderBatch}: parsed headers, key = stream, partition by {@link #partitionOf}. */
    public static final String PACKET_HEADERS = "packet-headers";

    /** {@link CaptureLedger}: every frame of every interface accounted for, key = {@link #ledgerKey}. */
    public static final String CAPTURE_LEDGER = "capture-ledger";

    /** {@link Flow}: flows per window, upserts by {@link #flowKey}. */
    public static final String FLOWS = "flows";

    /** {@link MatrixCell}: the east-west matrix, upserts by {@link #matrixKey}. */
    public static final String MATRIX = "matrix";

    /** {@link MatrixCell}: the same rolled up to an hour, upserts by {@link #matrixKey}. */
    public static final String MATRIX_HOURLY = "matrix-hourly";

    /** {@link Completeness}: what was captured and what became of it, upserts by {@link #completenessKey}. */
    public static final String COMPLETENESS = "completeness";
    /** {@link Segment}: clocks, delay and loss between two capture interfaces, upserts by {@link #segmentKey}. */
    public static final String SEGMENTS = "segments";

    /** {@link Dependency}: who uses which service of whom, upserts by {@link #dependencyKey}. */
    public static final String DEPENDENCIES = "dependencies";

    /** {@link DependencyChange}: what is new or gone among them, key = {@link #dependencyChangeKey}. */
    public static final String DEPENDENCY_CHANGES = "dependency-changes";

    /** {@link Signal}: what is worth an operator's attention, upserts by {@link #signalKey}. */
    public static final String SIGNALS = "signals";

    /** {@link InventoryEntry}: who held which address when, upserts and tombstones by {@link #inventoryKey}. */
    public static final String INVENTORY = "inventory";

    /** {@link InventoryEntry}: what ARP and neighbour discovery claim, key = {@link #inventoryKey}. */
    public static final String NEIGHBOURS = "neighbours";

    /** {@link DeadLetter}: input that could not be used, key = {@link #deadLetterKey}. */
    public static final String DEAD_LETTERS = "dead-letters";

    /** Header of every record that a producer writes: when, by its own clock, it sent the record ({@link SentAt}). */
    public static final String SENT_AT = "sent_at";

    /** What producers write and the job reads; beside these it reads {@link #INVENTORY}. */
    public static final List<String> INPUTS = List.of(PACKET_HEADERS, CAPTURE_LEDGER, NEIGHBOURS);

    /** What the job writes. */
    public static final List<String> OUTPUTS = List.of(
            FLOWS,
            MATRIX,
            MATRIX_HOURLY,
            SEGMENTS,
            DEPENDENCIES,
            DEPENDENCY_CHANGES,
            SIGNALS,
            COMPLETENESS,
            DEAD_LETTERS);

    /** {@code row_kind} of a ledger row that was closed in time. */
    public static final String LEDGER_INTERVAL = "interval";

    /** {@code row_kind}: what a process that died had handed to its spool but not accounted for. */
    public static final String LEDGER_RECOVERED = "recovered";

    /** {@code row_kind}: what the interface saw while no process ran. */
    public static final String LEDGER_GAP = "gap";

    private static final Set<String> SUPERSEDED =
            Set.of(FLOWS, MATRIX, MATRIX_HOURLY, SEGMENTS, DEPENDENCIES, SIGNALS, COMPLETENESS, NEIGHBOURS);

    /** {@code kind} of an inventory entry: an interface of a virtual machine. */
    public static final String INVENTORY_INTERFACE = "interface";

    /** {@code kind} of an inventory entry: a subnet. */
    public static final String INVENTORY_SUBNET = "subnet";

    /** {@code kind} of an inventory entry: a host, that is a hypervisor. */
    public static final String INVENTORY_HOST = "host";

    /** {@code kind} of an entry of {@link #NEIGHBOURS}: an address that an interface claimed for itself. */
    public static final String INVENTORY_NEIGHBOUR = "neighbour";

    private static final Map<String, String> APPENDED = Map.of("message.timestamp.type", "LogAppendTime");
    private static final Map<String, String> UPSERTED =
            Map.of("message.timestamp.type", "LogAppendTime", "cleanup.policy", "compact,delete");

    private static final Map<String, String> COMPACTED =
            Map.of("message.timestamp.type", "LogAppendTime", "cleanup.policy", "compact");

    private Topics() {}

    /** Topic settings that correctness needs; retention and replication are the operator's. */
    public static Map<String, String> settingsOf(String topic) {
        if (topic.equals(INVENTORY)) {
            return COMPACTED;
        }
        return SUPERSEDED.contains(topic) ? UPSERTED : APPENDED;
    }

    /** Names a stream: all its batches carry one sequence. Also the key of its batches. */
    public static String streamId(String sensorId, String interfaceName, int lane) {
        return sensorId + "/" + interfaceName + "/" + lane;
    }

    /**
     * Partition of a stream's batches. A stream stays on its partition, so that the partition's order is the sensor's
     * order, a gap is visible and one sensor's clock cannot make another sensor's data late.
     */
    public static int partitionOf(String streamId, int partitions) {
        CRC32C hash = new CRC32C();
        hash.update(streamId.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % partitions);
    }

    /** A row of another kind than {@value #LEDGER_INTERVAL} says so in its key: it supersedes no interval of its second. */
    public static String ledgerKey(CaptureLedger row) {
        String kind = row.getRowKind().equals(LEDGER_INTERVAL) ? "" : "/" + row.getRowKind();
        return streamId(row.getSensorId(), row.getInterfaceName(), row.getLane()) + "@" + row.getBootEpoch() + "+"
                + row.getIntervalStart().getEpochSecond() + kind;
    }

    public static String flowKey(Flow row) {
        return row.getFlowId() + "@" + row.getWindowStart().getEpochSecond();
    }

    public static String matrixKey(MatrixCell row) {
        return row.getLevel() + "|" + row.getRealm() + "|" + row.getSourceEntity() + "|" + row.getDestinationEntity()
                + "|" + (row.getLocality() == null ? "" : row.getLocality()) + "@"
                + row.getWindowStart().getEpochSecond() + "+" + row.getWindowSeconds();
    }

    /** One interface, subnet, host or claim in one interval: an entry with another beginning is another one. */
    public static String inventoryKey(InventoryEntry entry) {
        String addresses = String.join(",", entry.getAddresses());
        String card = entry.getMacAddress() == null
                ? addresses
                : entry.getKind().equals(INVENTORY_NEIGHBOUR)
                        ? entry.getMacAddress() + "," + addresses
                        : entry.getMacAddress();
        String from = entry.getValidFrom() == null ? "" : entry.getValidFrom().toString();
        return entry.getKind() + "|" + entry.getRealm() + "|" + entry.getName() + "|" + card + "@" + from;
    }

    public static String completenessKey(Completeness row) {
        return row.getSensorId() + "/" + row.getInterfaceName() + "@"
                + row.getWindowStart().getEpochSecond();
    }

    public static String segmentKey(Segment row) {
        return row.getSensorId() + "/" + row.getInterfaceName() + "|" + row.getOtherSensorId() + "/"
                + row.getOtherInterfaceName() + "@" + row.getWindowStart().getEpochSecond();
    }

    public static String dependencyKey(Dependency row) {
        return row.getRealm() + "|" + row.getClientEntity() + "|" + row.getServerEntity() + "|"
                + row.getProtocolIdentifier() + "/" + row.getServerTransportPort()
                + (row.getPart() == 0 ? "" : "#" + row.getPart());
    }

    public static String dependencyChangeKey(DependencyChange row) {
        return row.getRealm() + "|" + row.getClientEntity() + "|" + row.getServerEntity() + "|"
                + row.getProtocolIdentifier() + "/" + row.getServerTransportPort() + "@"
                + row.getChangedAt().getEpochSecond() + "+" + row.getChange();
    }

    public static String signalKey(Signal row) {
        return row.getSignalId();
    }

    public static String deadLetterKey(DeadLetter row) {
        return row.getSourceTopic() + "/" + row.getSourcePartition() + "/" + row.getSourceOffset();
    }
}
