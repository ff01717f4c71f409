package io.parallax.operator;

import static io.parallax.dependency.UseRows.vm;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.dependency.DependencyDeltas;
import io.parallax.dependency.DependencySchedule;
import io.parallax.dependency.UseRows;
import io.parallax.model.DependencyDelta;
import io.parallax.model.FlowRow;
import io.parallax.model.Label;
import io.parallax.model.Locality;
import io.parallax.model.ServiceEvidence;
import io.parallax.wire.Completeness;
import io.parallax.wire.Dependency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of 10 s, 60 s of lateness, 300 s of silence, room for two dependencies in a bucket. */
final class TraceDependenciesFunctionTest {

    private final RegisteredMetrics metrics = new RegisteredMetrics();
    private KeyedOneInputStreamOperatorTestHarness<Integer, DependencyDelta, Dependency> harness;
    private int toldBefore;

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
    void aDependencyIsStatedWithAllThatIsKnownOfIt() throws Exception {
        use(new UseRows(11, 0)
                .state(
                        ServiceEvidence.SERVED,
                        vm("web", "esx1"),
                        Label.unattributed("10.10.2.0/24"),
                        Locality.INTER_HOST_ROUTED)
                .row());
        harness.processWatermark(9_998);
        assertThat(harness.extractOutputValues()).isEmpty();
        harness.processWatermark(9_999);
        assertThat(harness.extractOutputValues()).singleElement().satisfies(stated -> {
            assertThat(stated.getClientEntity()).isEqualTo("web");
            assertThat(stated.getServerEntity()).isEqualTo("10.10.2.13");
            assertThat(stated.getProtocolIdentifier()).isEqualTo(6);
            assertThat(stated.getServerTransportPort()).isEqualTo(5_432);
            assertThat(stated.getState()).isEqualTo("active");
            assertThat(stated.getFirstSeen()).isEqualTo(Instant.EPOCH);
            assertThat(stated.getLastSeen()).isEqualTo(Instant.ofEpochSecond(10));
            assertThat(stated.getClientApplication()).isEqualTo("shop");
            assertThat(stated.getClientHost()).isEqualTo("esx1");
            assertThat(stated.getServerApplication()).isNull();
            assertThat(stated.getServerSubnet()).isEqualTo("10.10.2.0/24");
            assertThat(stated.getLocality()).isEqualTo("inter-host routed");
            assertThat(stated.getConnections()).isEqualTo(1);
            assertThat(stated.getOctetTotalCount()).isEqualTo(1_000);
            assertThat(stated.getReverseOctetTotalCount()).isEqualTo(5_000);
            assertThat(stated.getClientAddresses()).isEqualTo(1);
            assertThat(stated.getRttCount()).isEqualTo(1);
            assertThat(stated.getRttP50Microseconds()).isPositive();
            assertThat(stated.getCoverage()).isEqualTo(1.0);
        });
        assertThat(told()).containsExactly("new web>10.10.2.13 @10");
        assertThat(metrics.value("changes")).isEqualTo(1);
    }

    @Test
    void aRetractionStatesNoConnectionsAndSaysWhy() throws Exception {
        UseRows rows = new UseRows(11, 0).served();
        use(rows.row());
        harness.processWatermark(9_999);
        use(rows.state(ServiceEvidence.NONE).row());
        harness.processWatermark(10_999);
        List<Dependency> stated = harness.extractOutputValues();
        assertThat(stated).hasSize(2);
        assertThat(stated.get(1).getConnections()).isZero();
        assertThat(stated.get(1).getState()).isEqualTo("retracted");
        assertThat(stated.get(1).getLastSeen()).isNull();
        assertThat(stated.get(1).getRevision()).isGreaterThan(stated.get(0).getRevision());
        assertThat(told()).containsExactly("new 10.10.1.11>10.10.2.13 @10", "retracted 10.10.1.11>10.10.2.13 @10");
    }

    @Test
    void silenceIsTestedAgainstTheAccountsOfTheInterfaces() throws Exception {
        use(new UseRows(11, 0).served().row());
        for (int second = 0; second < 400; second += 10) {
            account(second, second == 50 ? 0.9 : 1.0);
        }
        harness.processWatermark(9_999);
        harness.processWatermark(400_000);
        assertThat(told()).hasSize(1);
        harness.processWatermark(441_000);
        assertThat(told()).containsExactly("disappeared 10.10.1.11>10.10.2.13 @360");
        List<Dependency> stated = harness.extractOutputValues();
        assertThat(stated.get(stated.size() - 1).getState()).isEqualTo("disappeared");
    }

    @Test
    void theEndOfTheInputIsNoSilence() throws Exception {
        use(new UseRows(11, 0).served().row());
        account(0, 1.0);
        harness.processWatermark(9_999);
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(told()).containsExactly("new 10.10.1.11>10.10.2.13 @10");
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void whatWasTakenBackLeavesNoState() throws Exception {
        UseRows rows = new UseRows(11, 0).served();
        use(rows.row());
        harness.processWatermark(9_999);
        use(rows.state(ServiceEvidence.NONE).row());
        harness.processWatermark(10_999);
        use(new UseRows(11, 100).state(ServiceEvidence.REFUSED).row());
        harness.processWatermark(109_999);
        harness.processWatermark(200_000);
        use(new UseRows(11, 300).state(ServiceEvidence.REFUSED).row());
        harness.processWatermark(309_999);
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void aRestoredJobStatesTheSameAsAnUndisturbedOne() throws Exception {
        UseRows rows = new UseRows(11, 0).served();
        use(rows.row());
        use(new UseRows(12, 10).served().row());
        account(0, 1.0);
        harness.processWatermark(9_999);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.getOutput().clear();
        toldBefore = 0;
        List<DependencyDelta> rest = rest(rows);
        seeTheRest(rest);
        List<Dependency> undisturbed = harness.extractOutputValues();
        int told = told().size();

        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        seeTheRest(rest);

        assertThat(harness.extractOutputValues()).isEqualTo(undisturbed).hasSizeGreaterThan(3);
        toldBefore = 0;
        assertThat(told()).hasSizeLessThanOrEqualTo(told).isNotEmpty();
    }

    private static List<DependencyDelta> rest(UseRows rows) {
        List<DependencyDelta> deltas = new ArrayList<>();
        deltas.addAll(deltas(rows.served().row()));
        for (int client = 13; client < 30; client++) {
            deltas.addAll(deltas(new UseRows(client, 20).served().row()));
        }
        return deltas;
    }

    private void seeTheRest(List<DependencyDelta> rest) throws Exception {
        for (DependencyDelta delta : rest) {
            harness.processElement(delta.copy(), 0);
        }
        for (int second = 10; second < 390; second += 10) {
            account(second, 1.0);
        }
        harness.processWatermark(19_999);
        harness.processWatermark(420_000);
    }

    private static List<DependencyDelta> deltas(FlowRow row) {
        List<DependencyDelta> out = new ArrayList<>();
        DependencyDeltas deltas = new DependencyDeltas();
        deltas.add(row);
        deltas.flush(out::add);
        return out;
    }

    private void use(FlowRow row) throws Exception {
        for (DependencyDelta delta : deltas(row)) {
            harness.processElement(delta, 0);
        }
    }

    private void account(int second, double coverage) throws Exception {
        Completeness row = Completeness.newBuilder()
                .setSensorId("capvm1")
                .setInterfaceName("eth1")
                .setWindowStart(Instant.ofEpochSecond(second))
                .setWindowSeconds(10)
                .setRevision(1)
                .setState("heard")
                .setFrames(1)
                .setOutcomes(Map.of())
                .setPublished(1)
                .setPublishedIp(1)
                .setReceived(1)
                .setReplayed(0)
                .setMissing(0)
                .setNonIp(0)
                .setCanonical(1)
                .setDuplicates(Map.of())
                .setFolded(0)
                .setTooLate(0)
                .setTransportResidual(0)
                .setResidual(0)
                .setCoverage(coverage)
                .build();
        List<DependencyDelta> marks = new ArrayList<>();
        new MarkCoverageFunction().flatMap(row, new ListCollector<>(marks));
        assertThat(marks).hasSize(DependencyDelta.BUCKETS);
        for (DependencyDelta mark : marks) {
            harness.processElement(mark, 0);
        }
    }

    private KeyedOneInputStreamOperatorTestHarness<Integer, DependencyDelta, Dependency> harness() throws Exception {
        DependencySchedule schedule = new DependencySchedule(
                10, Duration.ofSeconds(60), Duration.ofSeconds(300), Duration.ofSeconds(1_000), 2);
        KeyedOneInputStreamOperatorTestHarness<Integer, DependencyDelta, Dependency> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new TraceDependenciesFunction(schedule)),
                        delta -> delta.bucket,
                        Types.INT,
                        metrics.environment());
        harness.getExecutionConfig().enableObjectReuse();
        return harness;
    }

    /** Changes since the last call. */
    private List<String> told() {
        var changes = harness.getSideOutput(TraceDependenciesFunction.CHANGES);
        List<String> told = changes == null
                ? List.of()
                : changes.stream()
                        .skip(toldBefore)
                        .map(record -> record.getValue())
                        .map(change -> "%s %s>%s @%d"
                                .formatted(
                                        change.getChange(),
                                        change.getClientEntity(),
                                        change.getServerEntity(),
                                        change.getChangedAt().getEpochSecond()))
                        .toList();
        toldBefore += told.size();
        return told;
    }
}
