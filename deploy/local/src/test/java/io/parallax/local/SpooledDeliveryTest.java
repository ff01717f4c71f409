package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parallax.capture.publish.DeliveryStatus;
import io.parallax.capture.publish.KafkaBatchSink;
import io.parallax.capture.publish.KafkaOptions;
import io.parallax.capture.publish.SpooledDelivery;
import io.parallax.capture.spool.Fsync;
import io.parallax.capture.spool.SpoolOptions;
import io.parallax.capture.spool.SpoolRecord;
import io.parallax.local.cluster.EmbeddedBroker;
import io.parallax.local.cluster.TopicReader;
import io.parallax.wire.SentAt;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker that comes and goes, and records that all arrive. */
class SpooledDeliveryTest {

    private static final int STREAMS = 3;
    private static final int VALUE_OCTETS = 4_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @TempDir
    Path folder;

    private EmbeddedBroker broker;

    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(folder);
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void everyRecordArrivesInOrderThroughAnOutage() throws Exception {
        try (SpooledDelivery delivery = start()) {
            SteadyOffers offers = SteadyOffers.begin(delivery.handOff());
            await().atMost(DEADLINE).until(() -> delivery.status().recordsAcknowledged() > 500);
            broker.stop();
            await().atMost(DEADLINE).until(() -> !delivery.status().connected());
            long atOutage = delivery.status().recordsJournaled();
            await().atMost(DEADLINE)
                    .until(() -> delivery.status().recordsJournaled() - atOutage > 6 * SteadyOffers.PER_SECOND);
            assertThat(delivery.status().oldestUnacknowledgedMillis()).isGreaterThan(1_000);

            broker.startAgain();
            CatchUp catchUp = CatchUp.of(delivery);
            int offered = offers.end();
            assertThat(delivery.drain(DEADLINE)).isTrue();

            System.out.printf(
                    "outage: %d records offered at %d/s; hand-off p99.99 %d us, most %d us; %s%n",
                    offered,
                    SteadyOffers.PER_SECOND,
                    offers.percentileNanos(0.9999) / 1_000,
                    offers.percentileNanos(1) / 1_000,
                    catchUp);
            assertThat(offers.refused()).isZero();
            assertThat(offers.percentileNanos(0.9999)).isLessThan(MILLI_NANOS);
            assertThat(catchUp.perSecond()).isGreaterThan(3 * SteadyOffers.PER_SECOND);
            assertAllArrived(offered);
        }
    }

    @Test
    void captureStartsWithoutABrokerAndDeliversWhenThereIsOne() throws Exception {
        broker.stop();
        try (SpooledDelivery delivery = start()) {
            offer(delivery, 0, 1_000);
            await().atMost(DEADLINE).until(() -> delivery.status().lastError() != null);
            DeliveryStatus status = delivery.status();
            assertThat(status.connected()).isFalse();
            assertThat(status.recordsJournaled()).isEqualTo(1_000);
            assertThat(status.recordsAcknowledged()).isZero();
            assertThat(delivery.brokers()).isEmpty();

            broker.startAgain();
            assertThat(delivery.drain(DEADLINE)).isTrue();

            assertThat(delivery.status().connected()).isTrue();
            assertThat(delivery.status().waitingOctets()).isZero();
            assertThat(delivery.brokers())
                    .singleElement()
                    .satisfies(address -> assertThat(address.getAddress().getHostAddress() + ":" + address.getPort())
                            .isEqualTo(broker.bootstrapServers()));
            assertAllArrived(1_000);
        }
    }

    /** A close without a drain leaves the journal as the end of the process does, and records on their way. */
    @Test
    void whatOneProcessLeftTheNextOneDelivers() throws Exception {
        try (SpooledDelivery delivery = start()) {
            offer(delivery, 0, 2_000);
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(DEADLINE)
                    .until(() -> delivery.status().recordsAcknowledged() > 0);
            offer(delivery, 2_000, 5_000);
        }
        broker.stop();
        try (SpooledDelivery delivery = start()) {
            offer(delivery, 5_000, 6_000);
        }
        broker.startAgain();
        try (SpooledDelivery delivery = start()) {
            offer(delivery, 6_000, 7_000);
            assertThat(delivery.drain(DEADLINE)).isTrue();
            assertThat(delivery.status().recordsAcknowledged()).isBetween(2_000L, 7_000L);
        }
        try (SpooledDelivery delivery = start()) {
            assertThat(delivery.drain(Duration.ZERO)).isTrue();
        }
        assertAllArrived(7_000);
    }

    @Test
    void aRecordThatKafkaRefusesForGoodHoldsUpNobody() throws Exception {
        try (SpooledDelivery delivery = start()) {
            offer(delivery, 0, 100);
            int names = (Topics.PACKET_HEADERS + stream(0) + "large").length();
            byte[] tooLarge = new byte[2 << 20];
            new Random(1).nextBytes(tooLarge);
            assertThat(delivery.handOff()
                            .offer(new SpoolRecord(Topics.PACKET_HEADERS, stream(0), "large", tooLarge), () -> {}))
                    .isTrue();
            offer(delivery, 100, 200);
            assertThat(delivery.drain(DEADLINE)).isTrue();

            assertThat(delivery.status().recordsRefused()).isEqualTo(1);
            assertThat(folder.resolve("spool/refused").toFile()).hasSize(tooLarge.length + 32 + names);
        }
        assertAllArrived(200);
    }

    /** By the broker's own time, which is this machine's: what a spool or a replay sent says when it was sent. */
    @Test
    void everyRecordOfASpoolAndOfAReplaySaysWhenItWasSent() throws Exception {
        long begun = System.currentTimeMillis();
        try (SpooledDelivery delivery = start()) {
            offer(delivery, 0, 10);
            assertThat(delivery.drain(DEADLINE)).isTrue();
        }
        try (KafkaBatchSink sink = KafkaBatchSink.open(kafka())) {
            sink.publish(Topics.PACKET_HEADERS, stream(0), stream(0), new byte[] {1});
            sink.flush();
        }
        List<ConsumerRecord<byte[], byte[]>> records =
                new TopicReader(broker.bootstrapServers()).records(Topics.PACKET_HEADERS);
        assertThat(records).hasSize(11).allSatisfy(record -> {
            long sentAtMillis = TimeUnit.NANOSECONDS.toMillis(
                    SentAt.nanos(record.headers().lastHeader(Topics.SENT_AT).value()));
            assertThat(sentAtMillis).isBetween(begun, record.timestamp());
        });
    }

    private KafkaOptions kafka() {
        return new KafkaOptions(broker.bootstrapServers(), 4, Duration.ofSeconds(3));
    }

    private SpooledDelivery start() throws IOException {
        return SpooledDelivery.start(
                kafka(),
                new SpoolOptions(folder.resolve("spool"), 1 << 30, 8 << 20, Fsync.INTERVAL, Duration.ofMillis(200)));
    }

    private static void offer(SpooledDelivery delivery, int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(delivery.handOff().offer(record(i), () -> {})).isTrue();
        }
    }

    private static String stream(int index) {
        return "vm1/eth" + index + "/0";
    }

    /** Records are dealt to the streams in turn. */
    static SpoolRecord record(int number) {
        byte[] value = new byte[VALUE_OCTETS];
        new Random(number).nextBytes(value);
        ByteBuffer.wrap(value).putInt(number);
        return new SpoolRecord(Topics.PACKET_HEADERS, stream(number % STREAMS), stream(number % STREAMS), value);
    }

    /** Every record is there; a stream goes back only to repeat itself, and leaves nothing out when it goes on. */
    private void assertAllArrived(int offered) {
        Map<String, List<Integer>> byStream = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                new TopicReader(broker.bootstrapServers()).records(Topics.PACKET_HEADERS)) {
            int number = ByteBuffer.wrap(record.value()).getInt();
            SpoolRecord made = record(number);
            assertThat(record.value()).isEqualTo(made.value());
            assertThat(record.partition()).isEqualTo(Topics.partitionOf(made.streamId(), 4));
            byStream.computeIfAbsent(made.streamId(), stream -> new ArrayList<>())
                    .add(number);
        }
        int arrived = 0;
        int repeats = 0;
        for (List<Integer> numbers : byStream.values()) {
            int next = numbers.get(0) % STREAMS;
            for (int i = 0; i < numbers.size(); i++) {
                int number = numbers.get(i);
                assertThat(number).isLessThanOrEqualTo(next);
                boolean goesOn = i == 0 || number == numbers.get(i - 1) + STREAMS;
                assertThat(goesOn || number <= numbers.get(i - 1)).isTrue();
                repeats += number < next ? 1 : 0;
                next = Math.max(next, number + STREAMS);
            }
            arrived += (next - numbers.get(0) % STREAMS) / STREAMS;
        }
        System.out.printf("%d records arrived, %d of them again%n", arrived, repeats);
        assertThat(arrived).isEqualTo(offered);
    }

    /** How fast the backlog of an outage went out, while further records came in. */
    private record CatchUp(long records, long nanos) {

        static CatchUp of(SpooledDelivery delivery) {
            await().atMost(DEADLINE).until(() -> delivery.status().connected());
            long begun = System.nanoTime();
            long before = delivery.status().recordsAcknowledged();
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(DEADLINE)
                    .until(() -> delivery.status().oldestUnacknowledgedMillis() < 200);
            return new CatchUp(delivery.status().recordsAcknowledged() - before, System.nanoTime() - begun);
        }

        double perSecond() {
            return records * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
        }

        @Override
        public String toString() {
            return "%d records caught up in %d ms: %.0f/s".formatted(records, nanos / MILLI_NANOS, perSecond());
        }
    }
}
