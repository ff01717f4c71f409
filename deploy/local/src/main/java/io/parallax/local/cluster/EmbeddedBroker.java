package io.parallax.local.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker and KRaft controller in this JVM, on loopback and free ports, with its log in a folder of its own.
 *
 * <p>Reachable from this machine only. Lives from {@link #start} to {@link #close}, which ends its threads and removes
 * its files. Not thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int NODE_ID = 1;

    /** A port found free can be taken before the broker binds it; another pair is tried this often. */
    private static final int ATTEMPTS = 3;

    private final KafkaRaftServer server;
    private final Path folder;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, Path folder, int port) {
        this.server = server;
        this.folder = folder;
        this.port = port;
    }

    /** A started broker whose files lie below the system's folder for temporary files. */
    public static EmbeddedBroker start() {
        return start(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * A started broker, ready for requests.
     *
     * @param parent where to make its folder; has to exist
     * @throws KafkaException if it does not start; nothing is left behind
     */
    public static EmbeddedBroker start(Path parent) {
        for (int attempt = 1; ; attempt++) {
            try {
                return startOnFreePorts(parent);
            } catch (KafkaException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static EmbeddedBroker startOnFreePorts(Path parent) {
        Path folder = newFolder(parent);
        int[] ports = freePorts();
        KafkaRaftServer server = null;
        try {
            format(folder);
            server = new KafkaRaftServer(
                    KafkaConfig.apply(settings(folder, ports[0], ports[1]), /* doLog= */ false), Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, folder, ports[0]);
        } catch (Exception e) {
            if (server != null) {
                server.shutdown();
            }
            Folders.delete(folder);
            throw new KafkaException("the embedded broker did not start: " + e.getMessage(), e);
        }
    }

    /** What a client's {@code bootstrap.servers} takes: host and port. */
    public String bootstrapServers() {
        return LOOPBACK + ":" + port;
    }

    /** Where the broker keeps its log. */
    Path folder() {
        return folder;
    }

    /** Stops the broker, waits until its threads ended, and removes its files. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        Folders.delete(folder);
    }

    private static void format(Path folder) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE_ID)
                .setDirectories(List.of(folder.toString()))
                .setMetadataLogDirectory(folder.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .run();
    }

    private static Map<String, String> settings(Path folder, int port, int controllerPort) {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE_ID)),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d".formatted(LOOPBACK, port, controllerPort)),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort),
                Map.entry("log.dirs", folder.toString()),
                // A misspelt topic is an error, not a topic.
                Map.entry("auto.create.topics.enable", "false"),
                // Event time lives in the payload: with CreateTime a replay of an old capture is deleted within
                // minutes.
                Map.entry("log.message.timestamp.type", "LogAppendTime"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // No other broker takes over: handing over leadership would only be waited for.
                Map.entry("controlled.shutdown.enable", "false"),
                // The default of 128 MiB is a tenth of the heap, for topics of a few megabytes.
                Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20)),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "2"),
                Map.entry("num.recovery.threads.per.data.dir", "1"),
                Map.entry("background.threads", "2"));
    }

    private static Path newFolder(Path parent) {
        try {
            return Files.createTempDirectory(parent, "parallax-broker-");
        } catch (IOException e) {
            throw new KafkaException("no folder for the broker's log can be made in " + parent, e);
        }
    }

    /** Two different ports, both free a moment ago. */
    private static int[] freePorts() {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        } catch (IOException e) {
            throw new KafkaException("no free port on " + LOOPBACK, e);
        }
    }
}
