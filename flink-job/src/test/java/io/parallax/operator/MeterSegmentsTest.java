package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.MeterSettings;
import io.parallax.label.RealmRule;
import io.parallax.matrix.SubnetRule;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.SegmentSample;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the meter tells of segments. Windows of 10 s, 120 s of lateness; capvm2's clock is 1.5 s ahead, the way 0.25 s. */
final class MeterSegmentsTest {

    private MeterHarness harness;

    @BeforeEach
    void open() throws Exception {
        MeterSettings settings = new MeterSettings(Headers.nanos(10), Headers.nanos(120));
        harness = new MeterHarness(
                new MeterFlowsOperator(settings, SubnetRule.COMMON, RealmRule.only("default"), false, false));
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aFlowThatTwoSensorsSawIsOneSampleHoweverOftenItIsRevised() throws Exception {
        see("capvm2", query(2.75), answer(3.5));
        see("capvm1", query(1), answer(2.25));
        harness.processWatermark(9_999);
        assertThat(samples()).containsExactly("capvm1-capvm2 @0 there 1750 back 1250 ms");
        see("capvm1", query(5));
        harness.processWatermark(29_999);
        assertThat(harness.extractOutputValues()).hasSize(2);
        assertThat(samples()).hasSize(1);
    }

    @Test
    void aFlowThatOneSensorSawCostsNoSample() throws Exception {
        see("capvm1", query(1), answer(2));
        harness.processWatermark(9_999);
        assertThat(harness.extractOutputValues()).hasSize(1);
        assertThat(harness.getSideOutput(MeterFlowsOperator.SEGMENTS)).isNull();
    }

    private void see(String sensor, PacketHeader... headers) throws Exception {
        for (HeaderBlock block : Batches.blocks(sensor, headers)) {
            harness.processElement(block, 0);
        }
    }

    private static PacketHeader query(double second) {
        return Headers.udp(second, 1, 5_000, 2, 53);
    }

    private static PacketHeader answer(double second) {
        return Headers.udp(second, 2, 53, 1, 5_000);
    }

    private List<String> samples() {
        List<String> samples = new ArrayList<>();
        for (StreamRecord<SegmentSample> record : harness.getSideOutput(MeterFlowsOperator.SEGMENTS)) {
            SegmentSample sample = record.getValue();
            assertThat(sample.isTimed).isTrue();
            samples.add("%s-%s @%d there %d back %d ms"
                    .formatted(
                            sample.sensorId,
                            sample.otherSensorId,
                            sample.windowStart,
                            sample.there / 1_000_000,
                            sample.back / 1_000_000));
        }
        return samples;
    }
}
