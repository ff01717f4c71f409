package io.parallax.local.report.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where it is slow: per pair of virtual machines the TCP handshakes' round trips, and what was sent again. */
final class Pairs {

    /** Per order; more than a reader looks through. */
    private static final int MOST_SHOWN = 150;

    private static final int MEDIAN = 50;
    private static final int HIGH = 95;

    private record Key(String source, String destination) {}

    private static final class Pair {
        private final List<Long> roundTrips = new ArrayList<>();
        private long packets;
        private long resent;
    }

    private final Map<Key, Pair> pairs = new HashMap<>();
    private final Set<String> measured = new HashSet<>();

    void add(TableRow flow) {
        Pair pair = pairs.computeIfAbsent(
                new Key(Ends.VM.of(flow, "source"), Ends.VM.of(flow, "destination")), absent -> new Pair());
        pair.packets += flow.number("packet_delta_count") + flow.number("reverse_packet_delta_count");
        pair.resent +=
                flow.number("tcp_retransmitted_packet_count") + flow.number("reverse_tcp_retransmitted_packet_count");
        if (flow.has("tcp_handshake_microseconds") && measured.add(flow.text("flow_id"))) {
            pair.roundTrips.add(flow.number("tcp_handshake_microseconds"));
        }
    }

    /**
     * Rows of source, destination, handshakes, median and 95th percentile in microseconds (-1: none), packets, resent; and
     * of how many pairs they are the worst.
     */
    Map<String, Object> json() {
        List<List<Object>> rows = new ArrayList<>();
        pairs.forEach((key, pair) -> {
            Collections.sort(pair.roundTrips);
            rows.add(List.of(
                    key.source,
                    key.destination,
                    pair.roundTrips.size(),
                    quantile(pair.roundTrips, MEDIAN),
                    quantile(pair.roundTrips, HIGH),
                    pair.packets,
                    pair.resent));
        });
        Set<List<Object>> shown = new LinkedHashSet<>(greatest(rows, 4));
        shown.addAll(greatest(rows, 6));
        return Map.of("count", pairs.size(), "rows", List.copyOf(shown));
    }

    private static List<List<Object>> greatest(List<List<Object>> rows, int column) {
        return rows.stream()
                .filter(row -> ((Number) row.get(column)).longValue() > 0)
                .sorted(Comparator.comparingLong((List<Object> row) -> -((Number) row.get(column)).longValue())
                        .thenComparing(row -> (String) row.get(0))
                        .thenComparing(row -> (String) row.get(1)))
                .limit(MOST_SHOWN)
                .toList();
    }

    /** Nearest rank, in whole numbers: 0.95 of 20 must not be a little more than 19. */
    private static long quantile(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? -1 : sorted.get((percent * sorted.size() + 99) / 100 - 1);
    }
}
