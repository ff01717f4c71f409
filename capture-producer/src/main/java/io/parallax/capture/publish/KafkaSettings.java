package io.parallax.capture.publish;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What our Kafka clients are told. */
final class KafkaSettings {

    /** Columns of like numbers compress at the lowest level nearly as well as at higher ones, at a fraction of the time. */
    private static final int ZSTD_LEVEL = 1;

    /** Checked before compression, when a batch of 8,000 headers of as many flows may have more than the default 1 MiB. */
    private static final int MAX_REQUEST_OCTETS = 4 * 1024 * 1024;

    private static final int LINGER_MILLIS = 5;

    /** Many records leave in one request after an outage; below the 1 MiB that a broker takes by default. */
    private static final int SPOOLED_BATCH_OCTETS = 512 * 1024;

    /** A stream's order holds whatever fails: what lies behind a failed request was not sent yet. */
    private static final int ONE_REQUEST = 1;

    /** Between attempts to reach a broker that is away: each of them is a line in the log of Kafka's client. */
    private static final long RECONNECT_MILLIS = 2_000;

    /**
     * Not the default, "rebootstrap": while no broker answers, an administrative client of Kafka 4.2.0 then begins anew
     * without a pause, with a line in the log each time (measured: 600 a second).
     */
    private static final String RECOVERY = "none";

    private KafkaSettings() {}

    static Map<String, Object> admin(KafkaOptions options) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis(options));
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis(options));
        return settings;
    }

    /** As {@link #admin}, for one that outlives the broker. */
    static Map<String, Object> patientAdmin(KafkaOptions options) {
        Map<String, Object> settings = admin(options);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MILLIS);
        settings.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, RECOVERY);
        return settings;
    }

    /** Acknowledged by all replicas, idempotent, compressed; gives up after the timeout. */
    static Map<String, Object> producer(KafkaOptions options) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        settings.put(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG, ZSTD_LEVEL);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_OCTETS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis(options));
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis(options));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis(options) + LINGER_MILLIS);
        return settings;
    }

    /** As {@link #producer}, but no record fails because time passes: whoever sends watches for progress. */
    static Map<String, Object> spooledProducer(KafkaOptions options) {
        Map<String, Object> settings = producer(options);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, SPOOLED_BATCH_OCTETS);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, ONE_REQUEST);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MILLIS);
        settings.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, RECOVERY);
        return settings;
    }

    private static int timeoutMillis(KafkaOptions options) {
        return (int) options.timeout().toMillis();
    }
}
