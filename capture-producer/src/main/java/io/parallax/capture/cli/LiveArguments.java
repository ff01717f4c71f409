package io.parallax.capture.cli;

import io.parallax.capture.decode.DecodeOptions;
import io.parallax.capture.live.CaptureOptions;
import io.parallax.capture.live.LaneOptions;
import io.parallax.capture.nic.Nic;
import io.parallax.capture.nic.NicException;
import io.parallax.capture.nic.NicOptions;
import io.parallax.capture.publish.ReplayOptions;
import io.parallax.capture.publish.StreamSettings;
import io.parallax.capture.select.Sampling;
import io.parallax.capture.spool.Fsync;
import io.parallax.capture.spool.SpoolOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options of live capture; those about decoding and sampling hold for files too.
 *
 * <p>Their defaults stand here as well as in the annotations: picocli applies those only where one of the group is given.
 */
final class LiveArguments {

    private static final String NOWHERE = "none";
    private static final int BATCH_OCTETS = ReplayOptions.DEFAULT_BATCH_OCTETS;

    @Option(
            names = "--interface",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Interfaces to capture live, names or patterns such as ens224,cap*. What matches later is captured from"
                            + " then on.")
    List<String> interfaces = List.of();

    @Option(
            names = "--sensor",
            paramLabel = "NAME",
            description = "Name of this capture VM in everything that is published (default: the host's name).")
    @Nullable
    String sensor;

    @Option(
            names = "--filter",
            defaultValue = "",
            paramLabel = "EXPRESSION",
            description = "Captures only what this expression of pcap-filter(7) selects.")
    String filter = "";

    @Option(
            names = "--snap-length",
            defaultValue = "128",
            paramLabel = "OCTETS",
            description =
                    "Octets kept of a frame (default ${DEFAULT-VALUE}). 128 holds the headers of plain traffic; behind a mirror"
                            + " session or an overlay 192. More lets payload into this process, though never out of it.")
    int snapLength;

    @Option(
            names = "--kernel-buffer",
            defaultValue = "64MiB",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description =
                    "Buffer in the kernel for each interface (default ${DEFAULT-VALUE}). A larger one survives longer pauses.")
    long kernelBuffer;

    @Option(
            names = "--promiscuous",
            defaultValue = "true",
            arity = "1",
            paramLabel = "true|false",
            description = "Sees frames for other stations too (default ${DEFAULT-VALUE}).")
    boolean promiscuous;

    @Option(
            names = "--immediate",
            defaultValue = "false",
            arity = "1",
            paramLabel = "true|false",
            description =
                    "Takes each frame as it comes instead of every 10 ms: less delay, two to three times the CPU (default ${DEFAULT-VALUE}).")
    boolean immediate;

    @Option(
            names = "--sampling-count",
            paramLabel = "N",
            description = "Captures every Nth frame only. Tears flows apart; prefer --sampling-flows.")
    @Nullable
    Integer samplingCount;

    @Option(
            names = "--sampling-flows",
            paramLabel = "SHARE",
            description = "Captures this share of the flows, whole, the same ones on every sensor: above 0 up to 1.")
    @Nullable
    Double samplingFlows;

    @Option(
            names = "--mirror-sender",
            split = ",",
            paramLabel = "ADDRESS",
            description =
                    "Opens mirror packets (GRE, ERSPAN) only from these addresses or prefixes (default: from any).")
    List<String> mirrorSenders = List.of();

    @Option(
            names = "--vxlan-ports",
            split = ",",
            defaultValue = "4789,8472",
            paramLabel = "PORT",
            description = "UDP destination ports that carry VXLAN (default ${DEFAULT-VALUE}).")
    Set<Integer> vxlanPorts = DecodeOptions.DEFAULT_VXLAN_PORTS;

    @Option(
            names = "--open-vxlan",
            defaultValue = "true",
            arity = "1",
            paramLabel = "true|false",
            description = "Counts VXLAN by what is inside; false by its outer addresses (default ${DEFAULT-VALUE}).")
    boolean openVxlan = true;

    @Option(
            names = "--open-geneve",
            defaultValue = "true",
            arity = "1",
            paramLabel = "true|false",
            description = "Counts GENEVE by what is inside; false by its outer addresses (default ${DEFAULT-VALUE}).")
    boolean openGeneve = true;

    @Option(
            names = "--max-encapsulations",
            defaultValue = "" + DecodeOptions.DEFAULT_MAX_ENCAPSULATIONS,
            paramLabel = "N",
            description = "Tunnels within tunnels that are opened (default ${DEFAULT-VALUE}).")
    int maxEncapsulations = DecodeOptions.DEFAULT_MAX_ENCAPSULATIONS;

    @Option(
            names = "--own-address",
            split = ",",
            paramLabel = "ADDRESS",
            description = "Addresses of other sensors whose way to Kafka is left out too; this machine's are known.")
    List<String> ownAddresses = List.of();

    @Option(
            names = "--spool-folder",
            defaultValue = "parallax-spool",
            paramLabel = "DIR",
            description =
                    "Keeps what Kafka has not acknowledged, and the books (default ${DEFAULT-VALUE}). One process at a time.")
    Path spoolFolder = Path.of("parallax-spool");

    @Option(
            names = "--spool-cap",
            defaultValue = "4GiB",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description =
                    "What the spool may take on disk (default ${DEFAULT-VALUE}). From 80 %% on whole flows are given up, and counted.")
    long spoolCap;

    @Option(
            names = "--spool-fsync",
            defaultValue = "interval",
            paramLabel = "never|interval|each",
            description =
                    "When the spool waits for the disk: a power cut costs what was not waited for, a killed process nothing"
                            + " (default ${DEFAULT-VALUE}: every second).")
    String spoolFsync = "interval";

    @Option(
            names = "--ledger-folder",
            paramLabel = "DIR",
            description = "Keeps a copy of the ledger as lines of JSON (default: ledger in the spool's folder).")
    @Nullable
    Path ledgerFolder;

    @Option(
            names = "--status-address",
            defaultValue = "127.0.0.1:9464",
            paramLabel = "HOST:PORT",
            description = "Serves /metrics and /health there; none: nowhere (default ${DEFAULT-VALUE}).")
    String statusAddress = NOWHERE;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "Becomes this user once the interfaces are open, and gives up every capability. Interfaces that come"
                            + " later can then not be opened.")
    @Nullable
    String user;

    @Option(
            names = "--drain",
            defaultValue = "10s",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Longest wait at the end for Kafka; the spool keeps the rest (default ${DEFAULT-VALUE}).")
    Duration drain = Duration.ZERO;

    boolean areGiven() {
        return !interfaces.isEmpty();
    }

    /**
     * What was asked for.
     *
     * @throws IllegalArgumentException naming the option, its value and what is allowed
     * @throws NicException if the filter expression is none
     */
    CaptureOptions options(int batchHeaders, Duration linger, long bootEpochMillis) throws NicException {
        if (!filter.isBlank()) {
            Nic.checkFilter(filter);
        }
        return new CaptureOptions(
                interfaces,
                new LaneOptions(
                        sensor == null ? hostName() : sensor,
                        new NicOptions(
                                snapLength,
                                (int) Math.min(Integer.MAX_VALUE, kernelBuffer),
                                promiscuous,
                                immediate,
                                NicOptions.DEFAULT.readTimeout()),
                        filter,
                        new StreamSettings(
                                bootEpochMillis, snapLength, decode(), sampling(), batchHeaders, BATCH_OCTETS),
                        linger,
                        spoolFolder.resolve("books")),
                ownAddresses.stream().map(LiveArguments::address).toList(),
                user,
                drain);
    }

    /** What the decoder opens; also of files. */
    DecodeOptions decode() {
        return new DecodeOptions(
                maxEncapsulations,
                vxlanPorts,
                DecodeOptions.DEFAULT_VXLAN_GPE_PORT,
                DecodeOptions.DEFAULT_GENEVE_PORT,
                openVxlan,
                openGeneve,
                mirrorSenders);
    }

    /** Which share is published; also of files. */
    Sampling sampling() {
        if (samplingCount != null && samplingFlows != null) {
            throw new IllegalArgumentException(
                    "sampling-count and sampling-flows are both given, allowed is one of them");
        }
        if (samplingCount != null) {
            return Sampling.count(samplingCount);
        }
        return samplingFlows == null ? Sampling.none() : Sampling.flows(samplingFlows);
    }

    SpoolOptions spool() {
        return new SpoolOptions(
                spoolFolder.resolve("journal"),
                spoolCap,
                (int) Math.min(SpoolOptions.DEFAULT_SEGMENT_OCTETS, Math.max(1 << 10, spoolCap / 4)),
                fsync(),
                SpoolOptions.DEFAULT_FSYNC_INTERVAL);
    }

    private Fsync fsync() {
        return switch (spoolFsync) {
            case "never" -> Fsync.NEVER;
            case "interval" -> Fsync.INTERVAL;
            case "each" -> Fsync.EACH;
            default ->
                throw new IllegalArgumentException(
                        "spool-fsync is " + spoolFsync + ", allowed are never, interval and each");
        };
    }

    Path ledgerFile() {
        return (ledgerFolder == null ? spoolFolder.resolve("ledger") : ledgerFolder).resolve("capture-ledger.jsonl");
    }

    /** Null where nothing is to be served. */
    @Nullable
    InetSocketAddress statusAddress() {
        if (statusAddress.equals(NOWHERE)) {
            return null;
        }
        int colon = statusAddress.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    statusAddress.substring(0, Math.max(0, colon)),
                    Integer.parseInt(statusAddress.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "status-address is " + statusAddress + ", allowed is HOST:PORT or " + NOWHERE, e);
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("own-address has " + text + ", allowed are addresses", e);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            throw new IllegalArgumentException("sensor is not given, and this host has no name", e);
        }
    }
}
