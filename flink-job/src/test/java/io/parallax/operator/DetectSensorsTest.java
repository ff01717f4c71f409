package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.io.AvroTypes;
import io.parallax.io.SegmentFacts;
import io.parallax.io.SensorFacts;
import io.parallax.model.Facts;
import io.parallax.model.SegmentFact;
import io.parallax.model.SensorFact;
import io.parallax.signal.Detectors;
import io.parallax.state.SegmentFactsSerializer;
import io.parallax.state.SensorFactsSerializer;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.MirrorSessionCount;
import io.parallax.wire.Segment;
import io.parallax.wire.Signal;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts of interfaces and ledger rows to signals: windows of a minute, 50,000 packets each. */
final class DetectSensorsTest {

    private static final long BEGIN_SECOND = 1_800_000_000;
    private static final int WINDOW_SECONDS = 60;
    private static final long PACKETS = 50_000;

    private KeyedOneInputStreamOperatorTestHarness<Integer, Facts<SensorFact>, Signal> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void whatAnInterfaceDropsIsTold() throws Exception {
        state(0, 1, 0);
        state(1, 1, 4_000);
        state(1, 2, 5_000);
        pass(300);
        assertThat(harness.extractOutputValues())
                .singleElement()
                .satisfies(signal -> assertThat(signal.getExplanation())
                        .as("by the greatest revision")
                        .isEqualTo(
                                "cap1/eth1 did not see 5000 of 50000 packets (10.0 %) within 60 s: they were dropped, shed or"
                                        + " lost on the way."));
    }

    @Test
    void aRestoredJobRaisesTheSameSignals() throws Exception {
        state(0, 1, 0);
        state(1, 1, 3_000);
        pass(100);
        state(2, 1, 9_000);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        pass(3_000);
        List<String> undisturbed = ids();
        assertThat(undisturbed).hasSize(5);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        pass(3_000);
        assertThat(ids()).isEqualTo(undisturbed);
    }

    @Test
    void nothingIsKeptOfWhoWasNotHeardForAWeek() throws Exception {
        state(0, 1, 5_000);
        pass(8L * 24 * 3_600);
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void theEndOfTheInputLeavesNothing() throws Exception {
        state(0, 1, 5_000);
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(ids()).hasSize(1);
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void mirrorSessionsAreToldThatNumberTheirPackets() throws Exception {
        CaptureLedger row = new CaptureLedger();
        row.setSensorId("cap1");
        row.setInterfaceName("eth1");
        row.setIntervalStart(Instant.ofEpochSecond(BEGIN_SECOND));
        row.setIntervalSeconds(1);
        row.setRowKind(Topics.LEDGER_INTERVAL);
        row.setMirrorSessions(List.of(
                new MirrorSessionCount("192.0.2.1", "erspan_2", 7L, "sent", 90L, 10L, false),
                new MirrorSessionCount("192.0.2.2", "gre", 0L, "sent", 90L, 10L, true),
                unnumbered()));
        List<SensorFact> told = new ArrayList<>();
        SensorFacts.of(row, facts -> told.addAll(facts.facts()));
        assertThat(told).singleElement().satisfies(fact -> {
            assertThat(fact.subject()).isEqualTo("cap1/eth1 192.0.2.1 erspan_2 7 sent lane 0");
            assertThat(fact.passed()).isEqualTo(100);
            assertThat(fact.lost()).isEqualTo(10);
            assertThat(fact.time()).isEqualTo((BEGIN_SECOND + 1) * 1_000_000_000);
        });
    }

    private static MirrorSessionCount unnumbered() {
        MirrorSessionCount session = new MirrorSessionCount();
        session.setSourceAddress("192.0.2.3");
        session.setEncapsulation("erspan_1");
        session.setDirection("sent");
        session.setFrames(90);
        return session;
    }

    @Test
    void factsAreReadAsTheyWereWritten() throws Exception {
        Facts<SensorFact> sensors = SensorFacts.of(account(3, 1, 5_000));
        Facts<SegmentFact> segments = SegmentFacts.of(segment());
        DataOutputSerializer out = new DataOutputSerializer(64);
        SensorFactsSerializer.INSTANCE.serialize(sensors, out);
        SegmentFactsSerializer.INSTANCE.serialize(segments, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        assertThat(SensorFactsSerializer.INSTANCE.deserialize(in)).isEqualTo(sensors);
        assertThat(SegmentFactsSerializer.INSTANCE.deserialize(in)).isEqualTo(segments);
        assertThat(in.available()).isZero();
    }

    @Test
    void aSegmentIsToldAtTheEndOfItsWindow() {
        SegmentFact fact = SegmentFacts.of(segment()).facts().get(0);
        assertThat(fact.time()).isEqualTo((BEGIN_SECOND + WINDOW_SECONDS) * 1_000_000_000);
        assertThat(fact.subject()).isEqualTo("cap1/eth1 cap2/eth2");
        assertThat(fact.roundTripNanos()).isEqualTo(700);
        assertThat(fact.back().sentPackets()).isEqualTo(5);
        assertThat(fact.unordered().arrivedOctets()).isEqualTo(12);
    }

    private static Segment segment() {
        Segment row = new Segment();
        row.setWindowStart(Instant.ofEpochSecond(BEGIN_SECOND));
        row.setWindowSeconds(WINDOW_SECONDS);
        row.setSensorId("cap1");
        row.setInterfaceName("eth1");
        row.setOtherSensorId("cap2");
        row.setOtherInterfaceName("eth2");
        row.setSamples(9);
        row.setOneWayDelayMedianNanoseconds(300L);
        row.setReverseOneWayDelayMedianNanoseconds(400L);
        row.setSentPackets(1);
        row.setArrivedPackets(2);
        row.setSentOctets(3);
        row.setArrivedOctets(4);
        row.setReverseSentPackets(5);
        row.setReverseArrivedPackets(6);
        row.setReverseSentOctets(7);
        row.setReverseArrivedOctets(8);
        row.setUnorderedPackets(9);
        row.setOtherUnorderedPackets(10);
        row.setUnorderedOctets(11);
        row.setOtherUnorderedOctets(12);
        return row;
    }

    /** An account, as of a revision, with so many dropped by the kernel. */
    private void state(int window, long revision, long dropped) throws Exception {
        harness.processElement(SensorFacts.of(account(window, revision, dropped)), 0);
    }

    private static Completeness account(int window, long revision, long dropped) {
        Completeness row = new Completeness();
        row.setSensorId("cap1");
        row.setInterfaceName("eth1");
        row.setWindowStart(Instant.ofEpochSecond(BEGIN_SECOND + (long) window * WINDOW_SECONDS));
        row.setWindowSeconds(WINDOW_SECONDS);
        row.setRevision(revision);
        row.setState("heard");
        row.setInterfaceFrames(PACKETS);
        row.setKernelDropped(dropped);
        row.setOutcomes(Map.of());
        row.setDuplicates(Map.of());
        row.setPublished(PACKETS - dropped);
        row.setPublishedIp(PACKETS - dropped);
        row.setReceived(PACKETS - dropped);
        return row;
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, Facts<SensorFact>, Signal> harness()
            throws Exception {
        KeyedOneInputStreamOperatorTestHarness<Integer, Facts<SensorFact>, Signal> made =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new DetectFunction<>(Detectors::sensorRules)),
                        Facts::bucket,
                        Types.INT);
        made.setup(AvroTypes.SIGNAL.createSerializer(made.getExecutionConfig().getSerializerConfig()));
        return made;
    }

    private void pass(long seconds) throws Exception {
        harness.processWatermark((BEGIN_SECOND + seconds) * 1_000 - 1);
    }

    private List<String> ids() {
        return harness.extractOutputValues().stream()
                .map(signal -> "%s %s %s #%d"
                        .formatted(signal.getDetector(), signal.getState(), signal.getSignalId(), signal.getRevision()))
                .toList();
    }
}
