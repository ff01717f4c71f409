package io.parallax.capture.nic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The network interfaces of this machine, or of the network namespace that we run in. */
public final class Interfaces {

    private static final Path COUNTERS = Path.of("/proc/net/dev");
    private static final Path STATES = Path.of("/sys/class/net");
    private static final int FLAG_UP = 0x1;
    private static final int FLAG_PROMISCUOUS = 0x100;

    private Interfaces() {}

    /** What every interface counted, by name, in the order of names. */
    public static Map<String, InterfaceCounter> counters() throws IOException {
        return ProcNetDev.parse(Files.readAllLines(COUNTERS));
    }

    /**
     * The present interfaces that any of the names or glob patterns means, in the order of names.
     *
     * <p>A name that is absent is left out as a pattern that matches nothing: it may come.
     */
    public static Set<String> matching(List<String> namesOrGlobPatterns) throws IOException {
        List<NamePattern> patterns =
                namesOrGlobPatterns.stream().map(NamePattern::new).toList();
        Set<String> matching = new TreeSet<>(counters().keySet());
        matching.removeIf(name -> patterns.stream().noneMatch(pattern -> pattern.matches(name)));
        return matching;
    }

    /** Those of {@link #matching} with their indexes, as {@link InterfaceWatch} looks at them. */
    public static Map<String, Integer> indexes(List<String> namesOrGlobPatterns) throws IOException {
        Map<String, Integer> indexes = new TreeMap<>();
        for (String name : matching(namesOrGlobPatterns)) {
            index(name).ifPresent(index -> indexes.put(name, index));
        }
        return indexes;
    }

    /** The number by which the kernel knows the interface; empty if there is none of that name. */
    public static OptionalInt index(String name) {
        int index = LibC.if_nametoindex(name);
        return index == 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** True if there is one of that name and the administrator wants it up. */
    public static boolean isUp(String name) {
        return (LibC.flags(name) & FLAG_UP) != 0;
    }

    /** @throws IOException if sysfs does not show the interface */
    public static InterfaceState state(String name) throws IOException {
        Path state = STATES.resolve(name);
        int flags = Integer.decode(line(state.resolve("flags")));
        return new InterfaceState(
                name,
                Integer.parseInt(line(state.resolve("ifindex"))),
                (flags & FLAG_UP) != 0,
                (flags & FLAG_PROMISCUOUS) != 0,
                line(state.resolve("operstate")),
                Integer.parseInt(line(state.resolve("mtu"))),
                Long.parseLong(line(state.resolve("statistics/rx_missed_errors"))));
    }

    private static String line(Path file) throws IOException {
        return Files.readString(file).trim();
    }

    /** Every address of every interface that is up: what our own traffic comes from. */
    public static Set<InetAddress> localAddresses() throws IOException {
        Set<InetAddress> addresses = new HashSet<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            addresses.addAll(Collections.list(each.getInetAddresses()));
        }
        return addresses;
    }
}
