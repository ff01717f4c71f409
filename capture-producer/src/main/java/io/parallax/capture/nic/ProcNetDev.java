package io.parallax.capture.nic;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The text of {@code /proc/net/dev} (proc(5)).
 *
 * <pre>
 * Inter-|   Receive                                                |  Transmit
 *  face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop ...
 *     lo:    9384     108    0    0    0     0          0         0     9384     108    0    0 ...
 * </pre>
 *
 * <p>It shows the network namespace of the reading process; {@code /sys/class/net} that of whoever mounted it.
 */
final class ProcNetDev {

    private static final int TITLE_LINES = 2;
    private static final int RECEIVED_PACKETS = 1;
    private static final int SENT_PACKETS = 9;

    private ProcNetDev() {}

    /** By name, in the order of names. */
    static Map<String, InterfaceCounter> parse(List<String> lines) throws IOException {
        Map<String, InterfaceCounter> counters = new TreeMap<>();
        for (String line : lines.subList(Math.min(TITLE_LINES, lines.size()), lines.size())) {
            InterfaceCounter counter = counter(line);
            counters.put(counter.name(), counter);
        }
        return counters;
    }

    private static InterfaceCounter counter(String line) throws IOException {
        // An alias such as eth0:1 has a colon in its name, and old kernels put no blank behind the last one.
        int colon = line.lastIndexOf(':');
        String[] columns = line.substring(colon + 1).trim().split("\\s+");
        if (colon < 0 || columns.length <= SENT_PACKETS) {
            throw new IOException("/proc/net/dev has a line of unknown form: " + line);
        }
        try {
            return new InterfaceCounter(
                    line.substring(0, colon).trim(),
                    Long.parseUnsignedLong(columns[RECEIVED_PACKETS]),
                    Long.parseUnsignedLong(columns[SENT_PACKETS]));
        } catch (NumberFormatException e) {
            throw new IOException("/proc/net/dev has a line of unknown form: " + line, e);
        }
    }
}
