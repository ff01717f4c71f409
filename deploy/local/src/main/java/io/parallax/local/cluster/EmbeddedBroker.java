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
 * A real Kafka broker and KRaft controller in this JVM, with its log in a folder of its own.
 *
 * <p>One that was {@link #start}ed listens on loopback and free ports, and its files go with it; one {@link #at} an address
 * keeps them. Neither asks who talks to it. Not thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int NODE_ID = 1;

    /** A port found free can be taken before the broker binds it; another pair is tried this often. */
    private static final int ATTEMPTS = 3;

    private final Path folder;
    private final int port;
    private final int controllerPort;
    private final String host;
    private final boolean keepsFiles;
    private KafkaRaftServer server;

    private EmbeddedBroker(
            KafkaRaftServer server, Path folder, String host, int port, int controllerPort, boolean keepsFiles) {
        this.host = host;
        this.keepsFiles = keepsFiles;
        this.server = server;
        this.folder = folder;
        this.port = port;
        this.controllerPort = controllerPort;
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

    /**
     * A started broker that others can reach, and that goes on with the files of the one before it.
     *
     * @param host an address of this machine; clients are told to come back to it
     * @param folder for its log; made if absent, kept at the end
     * @throws KafkaException if it does not start, as where the address is taken
     */
    public static EmbeddedBroker at(String host, int port, Path folder) {
        int controllerPort = freePorts()[0];
        KafkaRaftServer server = null;
        try {
            if (!Files.exists(folder.resolve("meta.properties"))) {
                Files.createDirectories(folder);
                format(folder);
            }
            server = newServer(folder, host, port, controllerPort);
            server.startup();
            return new EmbeddedBroker(server, folder, host, port, controllerPort, /* keepsFiles= */ true);
        } catch (Exception e) {
            if (server != null) {
                server.shutdown();
            }
            throw new KafkaException("no broker at " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private static EmbeddedBroker startOnFreePorts(Path parent) {
        Path folder = newFolder(parent);
        int[] ports = freePorts();
        KafkaRaftServer server = null;
        try {
            format(folder);
            server = newServer(folder, LOOPBACK, ports[0], ports[1]);
            server.startup();
            return new EmbeddedBroker(server, folder, LOOPBACK, ports[0], ports[1], /* keepsFiles= */ false);
        } catch (Exception e) {
            if (server != null) {
                server.shutdown();
            }
            Folders.delete(folder);
            throw new KafkaException("the embedded broker did not start: " + e.getMessage(), e);
        }
    }

    private static KafkaRaftServer newServer(Path folder, String host, int port, int controllerPort) {
        return new KafkaRaftServer(
                KafkaConfig.apply(settings(folder, host, port, controllerPort), /* doLog= */ false), Time.SYSTEM);
    }

    /** An outage begins: nobody answers any more, the files stay. Returns once the broker's threads ended. */
    public void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** The outage ends: a stopped broker goes on, on its ports and with its files. */
    public void startAgain() {
        server = newServer(folder, host, port, controllerPort);
        server.startup();
    }

    /** What a client's {@code bootstrap.servers} takes: host and port. */
    public String bootstrapServers() {
        return host + ":" + port;
    }

    /** Where the broker keeps its log. */
    Path folder() {
        return folder;
    }

    /** Stops the broker, waits until its threads ended, and removes its files. */
    @Override
    public void close() {
        stop();
        if (!keepsFiles) {
            Folders.delete(folder);
        }
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

    private static Map<String, String> settings(Path folder, String host, int port, int controllerPort) {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE_ID)),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(host, port, LOOPBACK, controllerPort)),
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
