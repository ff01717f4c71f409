package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.io.AvroTypes;
import io.parallax.model.RawRecord;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DecodeLedgerFunctionTest {

    private final SingleObjectCodec<CaptureLedger> codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
    private OneInputStreamOperatorTestHarness<RawRecord, CaptureLedger> harness;

    @BeforeEach
    void open() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new DecodeLedgerFunction()));
        harness.setup(AvroTypes.CAPTURE_LEDGER.createSerializer(new SerializerConfigImpl()));
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void garbageBetweenGoodRecordsBecomesADeadLetterAndChangesNothingElse() throws Exception {
        CaptureLedger row = row();
        byte[] good = codec.encode(row);
        read(0, good);
        read(1, new byte[] {'g', 'a', 'r', 'b', 'a', 'g', 'e'});
        read(2, null);
        read(3, Arrays.copyOf(good, good.length + 5));
        read(4, Arrays.copyOf(good, good.length - 1));
        read(5, good);

        assertThat(harness.extractOutputValues()).containsExactly(row, row);
        assertThat(harness.getSideOutput(DecodeLedgerFunction.REFUSED))
                .extracting(letter -> letter.getValue().getSourceOffset() + " "
                        + letter.getValue().getReason())
                .containsExactly("1 NO_MARKER", "2 EMPTY", "3 MALFORMED_BODY", "4 MALFORMED_BODY");
    }

    private void read(long offset, byte @Nullable [] value) throws Exception {
        harness.processElement(new RawRecord(Topics.CAPTURE_LEDGER, 0, offset, 0, value), 0);
    }

    private static CaptureLedger row() {
        return CaptureLedger.newBuilder()
                .setSensorId("capture-1")
                .setInterfaceName("eth1")
                .setBootEpoch(1)
                .setIntervalStart(Instant.ofEpochSecond(1_700_000_000))
                .setIntervalSeconds(1)
                .setFrames(3)
                .setOctets(300)
                .setOutcomes(Map.of("decoded", 3L))
                .setPublished(3)
                .build();
    }
}
