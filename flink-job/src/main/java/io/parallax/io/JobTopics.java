package io.parallax.io;

import io.parallax.wire.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the job's topics that do not exist yet, inputs included, so that either half can be started first. */
public final class JobTopics {

    private static final long PATIENCE_SECONDS = 15;

    /** Between questions for a leader that is not there yet. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private JobTopics() {}

    /**
     * Creates what is missing, and returns when all of it can be written to.
     *
     * @param partitions of a topic that is created; more partitions than sensors leave some empty, which is fine
     * @throws BrokerException if the brokers cannot be reached in time or refuse
     */
    public static void ensure(String bootstrapServers, int partitions, short replication) throws InterruptedException {
        ensure(
                bootstrapServers,
                partitions,
                replication,
                Stream.of(Topics.INPUTS, List.of(Topics.INVENTORY), Topics.OUTPUTS)
                        .flatMap(List::stream)
                        .toList());
    }

    /** The same of some of the topics. */
    public static void ensure(String bootstrapServers, int partitions, short replication, List<String> topics)
            throws InterruptedException {
        int patienceMillis = (int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS);
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patienceMillis,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patienceMillis);
        try (Admin admin = Admin.create(settings)) {
            Map<TopicPartition, OffsetSpec> created = new HashMap<>();
            for (String name : topics) {
                if (create(admin, new NewTopic(name, partitions, replication).configs(Topics.settingsOf(name)))) {
                    for (int partition = 0; partition < partitions; partition++) {
                        created.put(new TopicPartition(name, partition), OffsetSpec.latest());
                    }
                }
            }
            awaitLeaders(admin, created);
            if (topics.contains(Topics.INVENTORY)) {
                requireCompacted(admin, Topics.INVENTORY);
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new BrokerException("Kafka brokers %s can't be used: %s".formatted(bootstrapServers, reason(e)), e);
        }
    }

    private static boolean create(Admin admin, NewTopic topic)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    /** A topic that was there before us may be one that forgets its records by their age. */
    private static void requireCompacted(Admin admin, String topic)
            throws ExecutionException, TimeoutException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        for (Config config : admin.describeConfigs(List.of(resource))
                .all()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .values()) {
            String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
            if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)) {
                throw new BrokerException("topic %s has %s=%s; allowed: %s"
                        .formatted(
                                topic, TopicConfig.CLEANUP_POLICY_CONFIG, policy, TopicConfig.CLEANUP_POLICY_COMPACT));
            }
        }
    }

    /**
     * A topic is announced before its partitions take records. A producer that sends in between has its first batch refused
     * and the next one taken, and then never gets the first one in: its sequence is out of order. The leaders answer for
     * their partitions themselves.
     */
    private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> partitions)
            throws ExecutionException, TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                admin.listOffsets(partitions).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException) {
            return "no answer within " + PATIENCE_SECONDS + " s";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** The brokers cannot be reached, or refuse. */
    public static final class BrokerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokerException(String message) {
            super(message);
        }

        BrokerException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
