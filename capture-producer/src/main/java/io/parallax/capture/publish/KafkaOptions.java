package io.parallax.capture.publish;

import java.time.Duration;

/**
 * Where the topics are.
 *
 * @param bootstrapServers HOST:PORT, several with commas between
 * @param partitions partitions of a topic that has to be created; topics that exist keep theirs
 * @param timeout longest time without an answer of the broker, before it counts as unreachable
 */
public record KafkaOptions(String bootstrapServers, int partitions, Duration timeout) {

    public static final int DEFAULT_PARTITIONS = 4;
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    public KafkaOptions {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrap-servers is empty, allowed is HOST:PORT[,HOST:PORT...]");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions is " + partitions + ", allowed is 1 or more");
        }
        if (timeout.toMillis() < 100 || timeout.toMillis() > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("timeout is " + timeout + ", allowed is 100 ms to 12 days");
        }
    }
}
