package io.parallax.capture.publish;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The way to the brokers: finds them, waits for them, and remembers where they are.
 *
 * <p>One administrative client lives through outages, so that waiting is quiet; a long one gets another. One thread connects; any may ask for the brokers or close.
 */
final class KafkaLink implements AutoCloseable {

    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Without an answer; then a new client asks the bootstrap servers again, for all brokers may have moved. */
    private static final long RENEW_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final KafkaOptions options;
    private final Object lock = new Object();
    private @Nullable Admin admin;
    private boolean isClosed;
    private long refreshedNanos;
    private long answeredNanos;
    private volatile Set<InetSocketAddress> brokers = Set.of();

    KafkaLink(KafkaOptions options) {
        this.options = options;
    }

    /**
     * A new pipeline; the topics exist.
     *
     * @throws PublishException if no broker answers within the timeout
     */
    Pipeline connect(Runnable whenReported, long nowNanos) throws PublishException {
        try {
            Map<String, Integer> partitions = KafkaTopics.ensure(admin(nowNanos), options);
            refresh(nowNanos);
            return new Pipeline(
                    new KafkaProducer<>(
                            KafkaSettings.spooledProducer(options),
                            new ByteArraySerializer(),
                            new ByteArraySerializer()),
                    partitions,
                    whenReported,
                    SentAtHeader::wallNanos);
        } catch (KafkaException e) {
            throw KafkaTopics.unreachable(options, e);
        }
    }

    private Admin admin(long nowNanos) {
        synchronized (lock) {
            if (isClosed) {
                throw new KafkaException("closed");
            }
            Admin open = admin;
            if (open != null && nowNanos - answeredNanos < RENEW_NANOS) {
                return open;
            }
            if (open != null) {
                open.close(Duration.ZERO);
            }
            Admin renewed = Admin.create(KafkaSettings.patientAdmin(options));
            admin = renewed;
            answeredNanos = nowNanos;
            return renewed;
        }
    }

    void refreshIfDue(long nowNanos) {
        if (nowNanos - refreshedNanos >= REFRESH_NANOS) {
            refresh(nowNanos);
        }
    }

    /** Asks and goes on. Names are resolved in the client's thread: a name server that is away delays nobody else. */
    @SuppressWarnings("FutureReturnValueIgnored") // without an answer the last one stands
    private void refresh(long nowNanos) {
        refreshedNanos = nowNanos;
        answeredNanos = nowNanos;
        admin(nowNanos).describeCluster().nodes().whenComplete((nodes, failure) -> {
            if (failure == null) {
                brokers = addresses(nodes);
            }
        });
    }

    private static Set<InetSocketAddress> addresses(Collection<Node> nodes) {
        return nodes.stream()
                .map(node -> new InetSocketAddress(node.host(), node.port()))
                .filter(address -> !address.isUnresolved())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Of all nodes, as last told; empty before the first answer. */
    Set<InetSocketAddress> brokers() {
        return brokers;
    }

    /** Whoever waits for an answer gets none. */
    @Override
    public void close() {
        synchronized (lock) {
            isClosed = true;
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }
}
