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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
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
        int timeoutMillis = (int) options.timeout().toMillis();
        Map<String, Object> settings = new HashMap<>();
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis);
        try (Admin admin = Admin.create(settings)) {
            Set<InetSocketAddress> brokers = new HashSet<>();
            for (Node node : await(admin.describeCluster().nodes())) {
                brokers.add(new InetSocketAddress(node.host(), node.port()));
            }
            Set<String> existing = await(admin.listTopics().names());
            List<ConfigResource> topics = Topics.INPUTS.stream()
                    .filter(existing::contains)
                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                    .toList();
            Map<String, String> timestampTypes = new HashMap<>();
            for (Map.Entry<ConfigResource, Config> each :
                    await(admin.describeConfigs(topics).all()).entrySet()) {
                timestampTypes.put(
                        each.getKey().name(),
                        each.getValue().get(TIMESTAMP_TYPE).value());
            }
            return new BrokerAnswer(brokers, timestampTypes);
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    private <T> T await(KafkaFuture<T> future) throws PublishException {
        try {
            return future.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw failed(e);
        }
    }

    private PublishException failed(Throwable cause) {
        boolean isTimeout =
                cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException;
        return new PublishException(
                isTimeout
                        ? "no Kafka broker answered at " + options.bootstrapServers() + " within "
                                + options.timeout().toMillis() + " ms"
                        : "Kafka at " + options.bootstrapServers() + " can't be asked: " + cause.getMessage(),
                cause);
    }
}
