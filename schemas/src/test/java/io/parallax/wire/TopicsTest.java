package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Golden values: a consumer or a second producer in another language has to come to the same. */
final class TopicsTest {

    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_040);

    @Test
    void aStreamIsNamedBySensorInterfaceAndLane() {
        assertThat(Topics.streamId("capture-1", "eth1", 0)).isEqualTo("capture-1/eth1/0");
    }

    @Test
    void aStreamStaysOnItsPartition() {
        assertThat(Topics.partitionOf("capture-1/eth1/0", 1)).isZero();
        assertThat(List.of(
                        Topics.partitionOf("capture-1/eth1/0", 12),
                        Topics.partitionOf("capture-1/eth2/0", 12),
                        Topics.partitionOf("capture-2/eth1/0", 12),
                        Topics.partitionOf("", 12)))
                .containsExactly(8, 11, 1, 0);
    }

    @Property
    void partitionsAreWithinBounds(@ForAll String streamId, @ForAll @IntRange(min = 1, max = 1_000) int partitions) {
        assertThat(Topics.partitionOf(streamId, partitions)).isBetween(0, partitions - 1);
    }

    @Test
    void streamsSpreadOverThePartitions() {
        Set<Integer> used = new HashSet<>();
        for (int sensor = 0; sensor < 100; sensor++) {
            used.add(Topics.partitionOf(Topics.streamId("capture-" + sensor, "eth1", 0), 12));
        }
        assertThat(used).hasSize(12);
    }

    @Test
    void aFlowSupersedesItselfInItsWindow() {
        Flow flow = new Flow();
        flow.setFlowId("1f-2a");
        flow.setWindowStart(TIME);
        assertThat(Topics.flowKey(flow)).isEqualTo("1f-2a@1700000040");
    }

    @Test
    void aCellSupersedesItselfInItsWindow() {
        MatrixCell cell = new MatrixCell();
        cell.setLevel("subnet");
        cell.setRealm("default");
        cell.setSourceEntity("10.0.0.0/24");
        cell.setDestinationEntity("2001:db8::/64");
        cell.setWindowStart(TIME);
        cell.setWindowSeconds(60);
        cell.setLocality("north-south");
        assertThat(Topics.matrixKey(cell))
                .isEqualTo("subnet|default|10.0.0.0/24|2001:db8::/64|north-south@1700000040+60");
    }

    @Test
    void anInventoryEntrySupersedesThatOfTheSameInterfaceAndBeginning() {
        InventoryEntry entry = InventoryEntry.newBuilder()
                .setKind(Topics.INVENTORY_INTERFACE)
                .setName("web-1")
                .setAddresses(List.of("10.0.0.1", "10.0.0.2"))
                .build();
        assertThat(Topics.inventoryKey(entry)).isEqualTo("interface|default|web-1|10.0.0.1,10.0.0.2@");
        entry.setMacAddress("02:00:00:00:00:01");
        entry.setValidFrom(TIME);
        assertThat(Topics.inventoryKey(entry)).isEqualTo("interface|default|web-1|02:00:00:00:00:01@" + TIME);
    }

    @Test
    void anInterfacesAccountSupersedesItselfInItsWindow() {
        Completeness row = new Completeness();
        row.setSensorId("capture-1");
        row.setInterfaceName("eth1");
        row.setWindowStart(TIME);
        assertThat(Topics.completenessKey(row)).isEqualTo("capture-1/eth1@1700000040");
    }

    @Test
    void aSignalIsReplacedByItsNextRevision() {
        Signal signal = new Signal();
        signal.setSignalId("0123456789abcdef");
        assertThat(Topics.signalKey(signal)).isEqualTo("0123456789abcdef");
        assertThat(Topics.settingsOf(Topics.SIGNALS)).containsEntry("cleanup.policy", "compact,delete");
    }

    @Test
    void aSegmentNamesBothEndsAndItsWindow() {
        Segment segment = new Segment();
        segment.setSensorId("capture-1");
        segment.setInterfaceName("eth1");
        segment.setOtherSensorId("capture-2");
        segment.setOtherInterfaceName("eth2");
        segment.setWindowStart(TIME);
        assertThat(Topics.segmentKey(segment)).isEqualTo("capture-1/eth1|capture-2/eth2@1700000040");
    }

    @Test
    void aDependencySupersedesItselfForEver() {
        Dependency dependency = new Dependency();
        dependency.setRealm("default");
        dependency.setClientEntity("web-1");
        dependency.setServerEntity("db-1");
        dependency.setProtocolIdentifier(6);
        dependency.setServerTransportPort(5432);
        assertThat(Topics.dependencyKey(dependency)).isEqualTo("default|web-1|db-1|6/5432");
        dependency.setPart(7);
        assertThat(Topics.dependencyKey(dependency)).isEqualTo("default|web-1|db-1|6/5432#7");
    }

    @Test
    void aChangeOfADependencyNamesWhatAndWhen() {
        DependencyChange change = new DependencyChange();
        change.setRealm("default");
        change.setClientEntity("web-1");
        change.setServerEntity("db-1");
        change.setProtocolIdentifier(6);
        change.setServerTransportPort(5432);
        change.setChange("new");
        change.setChangedAt(TIME);
        assertThat(Topics.dependencyChangeKey(change)).isEqualTo("default|web-1|db-1|6/5432@1700000040+new");
    }

    @Test
    void aLedgerRowNamesStreamEpochAndInterval() {
        CaptureLedger row = CaptureLedger.newBuilder()
                .setSensorId("capture-1")
                .setInterfaceName("eth1")
                .setLane(2)
                .setBootEpoch(5)
                .setIntervalStart(TIME)
                .setIntervalSeconds(1)
                .setFrames(0)
                .setOctets(0)
                .setOutcomes(Map.of())
                .setPublished(0)
                .build();
        assertThat(Topics.ledgerKey(row)).isEqualTo("capture-1/eth1/2@5+1700000040");
        row.setRowKind(Topics.LEDGER_GAP);
        assertThat(Topics.ledgerKey(row)).isEqualTo("capture-1/eth1/2@5+1700000040/gap");
        row.setRowKind(Topics.LEDGER_RECOVERED);
        assertThat(Topics.ledgerKey(row)).isEqualTo("capture-1/eth1/2@5+1700000040/recovered");
    }

    @Test
    void aDeadLetterNamesWhereItsInputStands() {
        DeadLetter letter = DeadLetter.newBuilder()
                .setSourceTopic("packet-headers")
                .setSourcePartition(3)
                .setSourceOffset(77)
                .setSourceTime(TIME)
                .setReason("EMPTY")
                .setExplanation("")
                .setPayloadOctets(0)
                .setPayload(ByteBuffer.allocate(0))
                .build();
        assertThat(Topics.deadLetterKey(letter)).isEqualTo("packet-headers/3/77");
    }

    @Test
    void brokersStampAllTopicsAndCompactOnlyWhatIsSuperseded() {
        for (String topic : Topics.INPUTS) {
            assertThat(Topics.settingsOf(topic)).containsEntry("message.timestamp.type", "LogAppendTime");
        }
        assertThat(Topics.settingsOf(Topics.PACKET_HEADERS)).doesNotContainKey("cleanup.policy");
        assertThat(Topics.settingsOf(Topics.CAPTURE_LEDGER)).doesNotContainKey("cleanup.policy");
        assertThat(Topics.settingsOf(Topics.NEIGHBOURS)).containsEntry("cleanup.policy", "compact,delete");
        assertThat(Topics.settingsOf(Topics.INVENTORY)).containsEntry("cleanup.policy", "compact");
        for (String topic : Topics.OUTPUTS) {
            assertThat(Topics.settingsOf(topic)).containsEntry("message.timestamp.type", "LogAppendTime");
        }
        assertThat(Topics.settingsOf(Topics.FLOWS)).containsEntry("cleanup.policy", "compact,delete");
        assertThat(Topics.settingsOf(Topics.MATRIX)).containsEntry("cleanup.policy", "compact,delete");
        assertThat(Topics.settingsOf(Topics.COMPLETENESS)).containsEntry("cleanup.policy", "compact,delete");
        assertThat(Topics.settingsOf(Topics.SEGMENTS)).containsEntry("cleanup.policy", "compact,delete");
        assertThat(Topics.settingsOf(Topics.DEPENDENCIES)).containsEntry("cleanup.policy", "compact,delete");
        assertThat(Topics.settingsOf(Topics.DEPENDENCY_CHANGES)).doesNotContainKey("cleanup.policy");
        assertThat(Topics.settingsOf(Topics.DEAD_LETTERS)).doesNotContainKey("cleanup.policy");
    }
}
