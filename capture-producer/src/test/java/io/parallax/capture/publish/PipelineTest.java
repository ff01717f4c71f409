package io.parallax.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.spool.SpoolEntry;
import io.parallax.capture.spool.SpoolRecord;
import io.parallax.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private static final int OCTETS = 1 << 20;
    private static final int PARTITIONS = 4;
    private static final long SENT_AT = 1_700_000_000_123_456_789L;

    private static final SpoolRecord RECORD =
            new SpoolRecord(Topics.PACKET_HEADERS, "vm1/eth0/0", "vm1/eth0/0", new byte[0]);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private int reports;
    private final Pipeline pipeline =
            new Pipeline(producer, Map.of(Topics.PACKET_HEADERS, PARTITIONS), () -> reports++, () -> SENT_AT);

    @Test
    void anAcknowledgementCountsOnceAllBeforeItAreIn() {
        pipeline.send(entry(0));
        pipeline.send(entry(1));
        assertThat(pipeline.settled()).isNull();

        producer.completeNext();
        producer.completeNext();

        assertThat(reports).isEqualTo(2);
        assertThat(settledPositions()).containsExactly(0L, (long) OCTETS);
        assertThat(pipeline.isEmpty()).isTrue();
    }

    @Test
    void everyRecordSaysWhenItWasSent() {
        pipeline.send(entry(0));
        assertThat(producer.history()
                        .get(0)
                        .headers()
                        .lastHeader(Topics.SENT_AT)
                        .value())
                .isEqualTo(
                        new byte[] {0x17, (byte) 0x97, (byte) 0x9c, (byte) 0xfe, 0x3d, (byte) 0x85, (byte) 0xcd, 0x15});
    }

    @Test
    void whatLiesBehindAFailedRecordIsNotSent() {
        pipeline.send(entry(0));
        pipeline.send(entry(1));

        producer.errorNext(new NotEnoughReplicasException("one of three"));

        assertThat(producer.closed()).isTrue();
        assertThat(pipeline.failure()).hasMessage("one of three");
        assertThat(settledPositions()).isEmpty();
        assertThat(pipeline.oldest()).isEqualTo(entry(0));
    }

    @Test
    void aRecordThatIsTooLargeForTheBrokerEndsNothing() {
        pipeline.send(entry(0));
        pipeline.send(entry(1));

        producer.errorNext(new RecordTooLargeException("too large"));
        producer.completeNext();

        assertThat(producer.closed()).isFalse();
        assertThat(pipeline.failure()).isNull();
        Flight refused = pipeline.settled();
        assertThat(refused)
                .isNotNull()
                .satisfies(flight -> assertThat(flight.refusal()).hasMessage("too large"));
        Flight delivered = pipeline.settled();
        assertThat(delivered)
                .isNotNull()
                .satisfies(flight -> assertThat(flight.refusal()).isNull());
    }

    @Test
    void aRecordForATopicThatIsNotOursIsRefused() {
        pipeline.send(new SpoolEntry(0, OCTETS, 0, new SpoolRecord("flwos", "vm1/eth0/0", "", new byte[0])));

        assertThat(producer.history()).isEmpty();
        assertThat(pipeline.settled())
                .isNotNull()
                .satisfies(flight -> assertThat(flight.refusal()).hasMessageContaining("flwos"));
    }

    @Test
    void memoryHoldsABoundedNumberOfOctetsOnTheirWay() {
        int sent = 0;
        while (pipeline.hasRoomFor(entry(sent))) {
            pipeline.send(entry(sent));
            sent++;
        }
        assertThat(sent).isEqualTo(16);

        producer.completeNext();
        pipeline.settled();

        assertThat(pipeline.hasRoomFor(entry(sent))).isTrue();
    }

    @Test
    void aStreamStaysOnItsPartition() {
        pipeline.send(entry(0));
        pipeline.send(entry(1));

        assertThat(producer.history())
                .extracting(record -> record.partition())
                .containsOnly(Topics.partitionOf("vm1/eth0/0", PARTITIONS));
    }

    private List<Long> settledPositions() {
        List<Long> positions = new ArrayList<>();
        for (Flight flight = pipeline.settled(); flight != null; flight = pipeline.settled()) {
            positions.add(flight.entry().position());
        }
        return positions;
    }

    private static SpoolEntry entry(int number) {
        return new SpoolEntry((long) number * OCTETS, (number + 1L) * OCTETS, 0, RECORD);
    }
}
