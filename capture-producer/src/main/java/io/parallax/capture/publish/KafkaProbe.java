package io.parallax.capture.publish;

import io.parallax.capture.doctor.BrokerAnswer;
import io.parallax.capture.doctor.BrokerProbe;
import io.parallax.wire.Topics;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Asks Kafka who its brokers are and how our topics are set. */
public final class KafkaProbe implements BrokerProbe {

    private static final String TIMESTAMP_TYPE = "message.timestamp.type";

    private final KafkaOptions options;

    public KafkaProbe(KafkaOptions options) {
        this.options = options;
    }

    @Override
    public BrokerAnswer ask() throws PublishException {
        try (Admin admin = Admin.create(KafkaSettings.admin(options))) {
            Set<InetSocketAddress> brokers = new HashSet<>();
            for (Node node : KafkaTopics.await(admin.describeCluster().nodes(), options)) {
                brokers.add(new InetSocketAddress(node.host(), node.port()));
            }
            Set<String> existing = KafkaTopics.await(admin.listTopics().names(), options);
            List<ConfigResource> topics = Topics.INPUTS.stream()
                    .filter(existing::contains)
                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                    .toList();
            Map<String, String> timestampTypes = new HashMap<>();
            for (Map.Entry<ConfigResource, Config> each : KafkaTopics.await(
                            admin.describeConfigs(topics).all(), options)
                    .entrySet()) {
                timestampTypes.put(
                        each.getKey().name(),
                        each.getValue().get(TIMESTAMP_TYPE).value());
            }
            return new BrokerAnswer(brokers, timestampTypes);
        } catch (KafkaException e) {
            throw KafkaTopics.unreachable(options, e);
        }
    }
}
