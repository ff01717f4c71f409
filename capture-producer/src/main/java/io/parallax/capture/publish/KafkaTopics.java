package io.parallax.capture.publish;

import static java.util.Objects.requireNonNull;

import io.parallax.wire.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Finds the producers' topics, or creates them with the settings that correctness needs. */
final class KafkaTopics {

    /** Between questions for a leader that is not there yet. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private KafkaTopics() {}

    /** Partitions of each topic of {@link Topics#INPUTS}; all exist afterwards. */
    static Map<String, Integer> ensure(KafkaOptions options) throws PublishException {
        try (Admin admin = Admin.create(KafkaSettings.admin(options))) {
            return ensure(admin, options);
        } catch (KafkaException e) {
            throw unreachable(options, e);
        }
    }

    /** As {@link #ensure(KafkaOptions)}, through a client that the caller keeps. */
    static Map<String, Integer> ensure(Admin admin, KafkaOptions options) throws PublishException {
        Set<String> existing = await(admin.listTopics().names(), options);
        Map<String, Integer> partitions = new HashMap<>();
        for (String topic : Topics.INPUTS) {
            partitions.put(
                    topic,
                    existing.contains(topic) ? partitions(admin, topic, options) : create(admin, topic, options));
        }
        return partitions;
    }

    private static int create(Admin admin, String topic, KafkaOptions options) throws PublishException {
        NewTopic wanted = new NewTopic(topic, Optional.of(options.partitions()), Optional.empty())
                .configs(Topics.settingsOf(topic));
        try {
            int partitions = await(admin.createTopics(List.of(wanted)).numPartitions(topic), options);
            awaitLeaders(admin, topic, partitions, options);
            return partitions;
        } catch (PublishException e) {
            // Two producers that start together both find the topic missing.
            if (e.getCause() instanceof TopicExistsException) {
                return partitions(admin, topic, options);
            }
            throw e;
        }
    }

    /**
     * A topic is announced before its partitions take records. A producer that sends in between has its first batch refused
     * and the next one taken, and then never gets the first one in: its sequence is out of order. The leaders answer for
     * their partitions themselves.
     */
    private static void awaitLeaders(Admin admin, String topic, int partitions, KafkaOptions options)
            throws PublishException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        long deadline = System.nanoTime() + options.timeout().toNanos();
        while (true) {
            try {
                await(admin.listOffsets(ends).all(), options);
                return;
            } catch (PublishException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static int partitions(Admin admin, String topic, KafkaOptions options) throws PublishException {
        Map<String, TopicDescription> descriptions =
                await(admin.describeTopics(List.of(topic)).allTopicNames(), options);
        return requireNonNull(descriptions.get(topic)).partitions().size();
    }

    /** The answer, or why there is none in words that a person can act on. */
    static <T> T await(KafkaFuture<T> future, KafkaOptions options) throws PublishException {
        try {
            return future.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishException("interrupted while asking Kafka at " + options.bootstrapServers(), e);
        } catch (ExecutionException e) {
            throw unreachable(options, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(options, e);
        }
    }

    static PublishException unreachable(KafkaOptions options, Throwable cause) {
        boolean isTimeout =
                cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException;
        return new PublishException(
                isTimeout
                        ? "no Kafka broker answered at " + options.bootstrapServers() + " within "
                                + options.timeout().toMillis() + " ms"
                        : "Kafka at " + options.bootstrapServers() + " refused: " + cause.getMessage(),
                cause);
    }
}
