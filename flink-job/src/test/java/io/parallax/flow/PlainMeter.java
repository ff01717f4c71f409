package io.parallax.flow;

import io.parallax.flow.Traffic.Seen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a meter should say, computed the plain way: all packets at hand, one list per 5-tuple, no state to save. The oracle
 * that {@link FlowTable} is held against.
 */
final class PlainMeter {

    /** A row as far as anybody adds it up. Direction as in the packets of the initiator. */
    record Row(
            int protocol,
            int source,
            int sourcePort,
            int destination,
            int destinationPort,
            long windowStart,
            long packets,
            long octets,
            long reversePackets,
            long reverseOctets,
            long duplicates,
            long flowStart,
            long flowEnd,
            int endReason) {}

    private record Ends(int a, int aPort, int b, int bPort, int protocol) {
        static Ends of(Seen seen) {
            boolean isForward = seen.source() != seen.destination()
                    ? seen.source() < seen.destination()
                    : seen.sourcePort() <= seen.destinationPort();
            return isForward
                    ? new Ends(
                            seen.source(),
                            seen.sourcePort(),
                            seen.destination(),
                            seen.destinationPort(),
                            seen.protocol())
                    : new Ends(
                            seen.destination(),
                            seen.destinationPort(),
                            seen.source(),
                            seen.sourcePort(),
                            seen.protocol());
        }

        boolean isFromA(Seen seen) {
            return seen.source() == a && seen.sourcePort() == aPort;
        }

        long tuple() {
            return aPort | ((long) bPort << 16) | ((long) protocol << 32) | (4L << 40);
        }
    }

    /** Clocks of sensors are less apart. */
    private static final long TOLERANCE = Traffic.nanos(5);

    private final long windowNanos;
    private final long heardUntil;

    PlainMeter(long windowNanos, long heardUntil) {
        this.windowNanos = windowNanos;
        this.heardUntil = heardUntil;
    }

    /** Times count in whole microseconds. */
    List<Row> rows(List<Seen> ofAnyTime) {
        List<Seen> packets = ofAnyTime.stream().map(Seen::inMicros).toList();
        Map<Ends, List<Seen>> byEnds = new TreeMap<>(Comparator.comparing(Ends::toString));
        packets.forEach(seen ->
                byEnds.computeIfAbsent(Ends.of(seen), e -> new ArrayList<>()).add(seen));
        List<Row> rows = new ArrayList<>();
        byEnds.forEach((ends, seen) -> addFlows(ends, seen, rows));
        return rows;
    }

    /** Cuts the packets of a 5-tuple into flows where a window begins after the idle timeout. */
    private void addFlows(Ends ends, List<Seen> packets, List<Row> rows) {
        TreeMap<Long, List<Seen>> windows = new TreeMap<>();
        for (Seen seen : packets) {
            windows.computeIfAbsent(Math.floorDiv(seen.timeNanos(), windowNanos) * windowNanos, w -> new ArrayList<>())
                    .add(seen);
        }
        TreeMap<Long, List<Seen>> flow = new TreeMap<>();
        for (Map.Entry<Long, List<Seen>> window : windows.entrySet()) {
            if (!flow.isEmpty() && first(window.getValue()) > deadline(ends, flow)) {
                addFlow(ends, flow, rows);
                flow = new TreeMap<>();
            }
            flow.put(window.getKey(), window.getValue());
        }
        addFlow(ends, flow, rows);
    }

    private static long first(List<Seen> packets) {
        return packets.stream().mapToLong(Seen::timeNanos).min().orElseThrow();
    }

    private static long last(Map<Long, List<Seen>> flow) {
        return flow.values().stream()
                .flatMap(List::stream)
                .mapToLong(Seen::timeNanos)
                .max()
                .orElseThrow();
    }

    private static long deadline(Ends ends, Map<Long, List<Seen>> flow) {
        return last(flow) + Lifetime.timeoutNanos(ends.tuple(), bits(ends, flow, true), bits(ends, flow, false));
    }

    private static int bits(Ends ends, Map<Long, List<Seen>> flow, boolean isFromA) {
        return flow.values().stream()
                .flatMap(List::stream)
                .filter(seen -> ends.isFromA(seen) == isFromA)
                .mapToInt(seen -> ControlBits.marked(seen.controlBits()))
                .reduce(0, (one, other) -> one | other);
    }

    private void addFlow(Ends ends, NavigableMap<Long, List<Seen>> flow, List<Row> rows) {
        String fromA = canonical(ends, flow, true);
        String fromB = canonical(ends, flow, false);
        boolean isInitiatorA = isInitiatorA(ends, flow.firstEntry().getValue());
        boolean isClosed =
                ends.protocol() == Traffic.TCP && Lifetime.isClosed(bits(ends, flow, true), bits(ends, flow, false));
        int reason = isClosed
                ? Lifetime.END_DETECTED
                : deadline(ends, flow) <= heardUntil ? Lifetime.IDLE_TIMEOUT : Lifetime.FORCED_END;
        long start = first(flow.firstEntry().getValue());
        flow.forEach((window, packets) -> {
            List<Seen> a = at(ends, packets, true, countedIn(ends, flow, window, true, fromA));
            List<Seen> b = at(ends, packets, false, countedIn(ends, flow, window, false, fromB));
            List<Seen> forward = isInitiatorA ? a : b;
            List<Seen> reverse = isInitiatorA ? b : a;
            rows.add(new Row(
                    ends.protocol(),
                    isInitiatorA ? ends.a() : ends.b(),
                    isInitiatorA ? ends.aPort() : ends.bPort(),
                    isInitiatorA ? ends.b() : ends.a(),
                    isInitiatorA ? ends.bPort() : ends.aPort(),
                    window,
                    forward.size(),
                    octets(forward),
                    reverse.size(),
                    octets(reverse),
                    packets.size() - forward.size() - reverse.size(),
                    start,
                    packets.stream().mapToLong(Seen::timeNanos).max().orElseThrow(),
                    window.equals(flow.lastKey()) ? reason : 0));
        });
    }

    private static boolean isInitiatorA(Ends ends, List<Seen> packets) {
        TreeMap<Long, List<Seen>> window = new TreeMap<>(Map.of(0L, packets));
        long aFirst = firstOf(ends, packets, true);
        long bFirst = firstOf(ends, packets, false);
        return new InitiatorRule()
                .decide(ends.tuple(), bits(ends, window, true), bits(ends, window, false), aFirst, bFirst)
                .isA();
    }

    private static long firstOf(Ends ends, List<Seen> packets, boolean isFromA) {
        return packets.stream()
                .filter(seen -> ends.isFromA(seen) == isFromA)
                .mapToLong(Seen::timeNanos)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static String pointOf(Seen seen) {
        return seen.sensor() + "/" + String.format("%05d", seen.vlan());
    }

    private static List<Seen> at(Ends ends, List<Seen> packets, boolean isFromA, String point) {
        return packets.stream()
                .filter(seen -> ends.isFromA(seen) == isFromA && pointOf(seen).equals(point))
                .toList();
    }

    private static long octets(List<Seen> packets) {
        return packets.stream().mapToLong(Seen::octets).sum();
    }

    /** The canonical point, or, in a window it was blind for by more than 5 s, the best of those that were not. */
    private static String countedIn(
            Ends ends, NavigableMap<Long, List<Seen>> flow, long window, boolean isFromA, String canonical) {
        if (!at(ends, flow.getOrDefault(window, List.of()), isFromA, canonical).isEmpty()) {
            return canonical;
        }
        long before = flow.headMap(window, false).values().stream()
                .flatMap(packets -> at(ends, packets, isFromA, canonical).stream())
                .mapToLong(seen -> seen.timeNanos() + TOLERANCE)
                .max()
                .orElse(Long.MIN_VALUE);
        long after = flow.tailMap(window, false).values().stream()
                .flatMap(packets -> at(ends, packets, isFromA, canonical).stream())
                .mapToLong(seen -> seen.timeNanos() - TOLERANCE)
                .min()
                .orElse(Long.MAX_VALUE);
        Map<String, List<Seen>> points = points(ends, flow.getOrDefault(window, List.of()), isFromA);
        points.values().removeIf(seen -> last(Map.of(0L, seen)) <= before || first(seen) >= after);
        return best(points, points(ends, all(flow), isFromA));
    }

    private static List<Seen> all(Map<Long, List<Seen>> flow) {
        return flow.values().stream().flatMap(List::stream).toList();
    }

    private static String canonical(Ends ends, Map<Long, List<Seen>> flow, boolean isFromA) {
        Map<String, List<Seen>> points = points(ends, all(flow), isFromA);
        return best(points, points);
    }

    private static Map<String, List<Seen>> points(Ends ends, List<Seen> packets, boolean isFromA) {
        Map<String, List<Seen>> points = new TreeMap<>();
        packets.stream()
                .filter(seen -> ends.isFromA(seen) == isFromA)
                .forEach(seen -> points.computeIfAbsent(pointOf(seen), p -> new ArrayList<>())
                        .add(seen));
        return points;
    }

    /** TCP here carries no payload, so that packets decide there. */
    private static String best(Map<String, List<Seen>> points, Map<String, List<Seen>> ever) {
        return points.entrySet().stream()
                .min(Comparator.comparingLong((Map.Entry<String, List<Seen>> point) ->
                                point.getValue().get(0).protocol() == Traffic.TCP ? 0 : -octets(point.getValue()))
                        .thenComparing(point -> -point.getValue().size())
                        .thenComparing(point -> -ever.getOrDefault(point.getKey(), List.of()).stream()
                                .mapToInt(Seen::ttl)
                                .max()
                                .orElseThrow())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
