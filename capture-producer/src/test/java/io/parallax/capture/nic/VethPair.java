package io.parallax.capture.nic;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two interfaces with a wire between them, on which nothing passes but what is sent by hand: no addresses, no IPv6, no ARP.
 *
 * <p>What goes into {@link #peer} comes out of {@link #name}. Names carry the process id, so runs don't meet.
 */
public final class VethPair implements AutoCloseable {

    /** The kernel tells one end a little later that the other is up. */
    private static final Duration CARRIER = Duration.ofSeconds(10);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;
    private final String peer;
    private final String namespace;

    private VethPair(String name, String peer, String namespace) {
        this.name = name;
        this.peer = peer;
        this.namespace = namespace;
    }

    /** Both ends here. */
    public static VethPair create() throws IOException {
        String stem = stem();
        return create(stem + "a", stem + "b", "");
    }

    /** The peer in a network namespace of its own. */
    public static VethPair withPeerInNamespace() throws IOException {
        String stem = stem();
        Ip.run("ip", "netns", "add", stem);
        return create(stem + "a", stem + "b", stem);
    }

    /** One more with the names of {@code closed}, as when a virtual machine restarts. */
    public static VethPair again(VethPair closed) throws IOException {
        return create(closed.name, closed.peer, "");
    }

    private static String stem() {
        return "px" + ProcessHandle.current().pid() + "x" + NUMBER.getAndIncrement();
    }

    private static VethPair create(String name, String peer, String namespace) throws IOException {
        VethPair pair = new VethPair(name, peer, namespace);
        try {
            Ip.run("ip", "link", "add", name, "type", "veth", "peer", "name", peer);
            if (!namespace.isEmpty()) {
                Ip.run("ip", "link", "set", peer, "netns", namespace);
            }
            pair.start(name, "");
            pair.start(peer, namespace);
            await().atMost(CARRIER)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Interfaces.state(name).operational().equals("up"));
            return pair;
        } catch (IOException e) {
            pair.close();
            throw e;
        }
    }

    private void start(String end, String where) throws IOException {
        String script =
                "f=/proc/sys/net/ipv6/conf/%s/disable_ipv6; [ ! -e $f ] || echo 1 > $f; ip link set %s arp off up"
                        .formatted(end, end);
        if (where.isEmpty()) {
            Ip.run("sh", "-c", script);
        } else {
            Ip.run("ip", "netns", "exec", where, "sh", "-c", script);
        }
    }

    /** The end to capture on. */
    public String name() {
        return name;
    }

    /** The end to send into. */
    public String peer() {
        return peer;
    }

    /** Where the peer is; empty: here. */
    public String namespace() {
        return namespace;
    }

    public void down() throws IOException {
        Ip.run("ip", "link", "set", name, "down");
    }

    public void up() throws IOException {
        Ip.run("ip", "link", "set", name, "up");
    }

    /** A sender into the peer. */
    public FrameSender sender() throws IOException {
        return FrameSender.open(peer, namespace);
    }

    /** Frames that came out at {@link #name}, as the kernel counts them. */
    public long arrived() throws IOException {
        InterfaceCounter counter = Interfaces.counters().get(name);
        return counter == null ? 0 : counter.received();
    }

    /** Removes both ends, and the namespace. Without effect the second time. */
    @Override
    public void close() throws IOException {
        if (Interfaces.counters().containsKey(name)) {
            Ip.run("ip", "link", "del", name);
        }
        if (!namespace.isEmpty()) {
            Ip.run("sh", "-c", "[ ! -e /run/netns/%s ] || ip netns del %s".formatted(namespace, namespace));
        }
    }
}
