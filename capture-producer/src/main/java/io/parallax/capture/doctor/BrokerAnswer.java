package io.parallax.capture.doctor;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;

/**
 * What a Kafka cluster told of itself.
 *
 * @param timestampTypes {@code message.timestamp.type} of those of our topics that exist
 */
public record BrokerAnswer(Set<InetSocketAddress> brokers, Map<String, String> timestampTypes) {}
