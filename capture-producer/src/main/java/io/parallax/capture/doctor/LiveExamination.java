package io.parallax.capture.doctor;

import io.parallax.capture.decode.HeaderDecoder;
import io.parallax.capture.nic.InterfaceCounter;
import io.parallax.capture.nic.Interfaces;
import io.parallax.capture.nic.Nic;
import io.parallax.capture.nic.NicException;
import io.parallax.capture.nic.NicGoneException;
import io.parallax.capture.nic.NicOptions;
import io.parallax.capture.nic.Privileges;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at live interfaces for some seconds: the thin shell between {@code nic} and the verdicts. */
public final class LiveExamination {

    private static final int FRAMES_A_TURN = 1_000;

    private final NicOptions options;
    private final String filter;
    private final long seconds;
    private final List<Finding> findings = new ArrayList<>();

    public LiveExamination(NicOptions options, String filter, long seconds) {
        this.options = options;
        this.filter = filter;
        this.seconds = seconds;
    }

    /**
     * Opens all, asks for the brokers (so that our own traffic is on the wire meanwhile), then reads.
     *
     * @param brokers where our own traffic goes; may take its time
     */
    public List<Finding> examine(List<String> names, Supplier<Set<InetSocketAddress>> brokers) throws IOException {
        if (!isLoaded()) {
            return findings;
        }
        List<Watched> watched = new ArrayList<>();
        try {
            for (String name : present(names)) {
                open(name, watched);
            }
            Set<InetSocketAddress> own = brokers.get();
            for (Watched each : watched) {
                each.evidence = new Evidence(surroundings(each.nic.name(), own));
            }
            read(watched);
            for (Watched each : watched) {
                judge(each);
            }
        } finally {
            watched.forEach(each -> each.nic.close());
        }
        return findings;
    }

    private boolean isLoaded() {
        try {
            Nic.checkFilter(filter.isBlank() ? "ip" : filter);
            findings.add(Finding.ok("libpcap", "", "is there"));
        } catch (NicException e) {
            findings.add(Finding.failed("libpcap", "", message(e), ""));
            return false;
        }
        findings.add(
                Privileges.mayCapture()
                        ? Finding.ok("privilege", "", "CAP_NET_RAW is there")
                        : Finding.failed(
                                "privilege", "", "CAP_NET_RAW is missing", "run as root, or through the systemd unit"));
        return true;
    }

    private Set<String> present(List<String> names) throws IOException {
        for (String name : names) {
            if (Interfaces.matching(List.of(name)).isEmpty()) {
                findings.add(Finding.failed(
                        "interface",
                        name,
                        "there is none",
                        "there are " + String.join(", ", Interfaces.counters().keySet())));
            }
        }
        return Interfaces.matching(names);
    }

    private void open(String name, List<Watched> watched) throws IOException {
        if (!Interfaces.isUp(name)) {
            findings.add(Finding.failed("interface", name, "is down", "ip link set " + name + " up"));
            return;
        }
        try {
            watched.add(new Watched(Nic.open(name, options.withPromiscuous(true), filter), passed(name)));
            findings.add(Finding.ok("interface", name, "is there, up, and could be opened"));
        } catch (NicException e) {
            findings.add(Finding.failed("interface", name, message(e), ""));
        }
    }

    private void read(List<Watched> watched) {
        HeaderDecoder decoder = new HeaderDecoder();
        PacketHeader header = new PacketHeader();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!watched.isEmpty() && System.nanoTime() < end) {
            for (Watched each : watched) {
                each.read(decoder, header);
            }
            if (watched.stream().noneMatch(each -> each.failure == null)) {
                return;
            }
        }
    }

    private void judge(Watched watched) throws IOException {
        String name = watched.nic.name();
        NicGoneException failure = watched.failure;
        if (failure != null) {
            findings.add(Finding.failed("interface", name, message(failure), ""));
            return;
        }
        long dropped = watched.nic.counters().dropped();
        findings.addAll(InterfaceFindings.of(
                name,
                seconds,
                watched.evidence.frames,
                dropped,
                passed(name) - watched.passedBefore,
                Interfaces.state(name).promiscuous()));
        findings.addAll(FrameFindings.of(name, watched.evidence));
    }

    private static Surroundings surroundings(String name, Set<InetSocketAddress> brokers) throws IOException {
        NetworkInterface nic = NetworkInterface.getByName(name);
        byte[] address = nic == null ? null : nic.getHardwareAddress();
        long mac = 0;
        for (int i = 0; address != null && i < address.length; i++) {
            mac = (mac << 8) | (address[i] & 0xff);
        }
        Set<InetAddress> own = Interfaces.localAddresses();
        return new Surroundings(mac, nic == null ? 0 : nic.getMTU(), own, brokers);
    }

    private static long passed(String name) throws IOException {
        Map<String, InterfaceCounter> counters = Interfaces.counters();
        InterfaceCounter counter = counters.get(name);
        return counter == null ? 0 : counter.frames();
    }

    private static String message(IOException e) {
        return String.valueOf(e.getMessage());
    }

    /** One interface that could be opened. */
    private static final class Watched {

        private final Nic nic;
        private final long passedBefore;
        private Evidence evidence = new Evidence(Surroundings.UNKNOWN);
        private @Nullable NicGoneException failure;

        Watched(Nic nic, long passedBefore) {
            this.nic = nic;
            this.passedBefore = passedBefore;
        }

        void read(HeaderDecoder decoder, PacketHeader header) {
            if (failure != null) {
                return;
            }
            try {
                nic.read(FRAMES_A_TURN, frame -> evidence.add(frame, decoder.decode(frame, header), header));
            } catch (NicGoneException e) {
                failure = e;
            }
        }
    }
}
