package io.parallax.local.report.page;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the page shows, added up from the tables. Units as in the tables: octets from the IP header on, microseconds. */
final class ReportContent {

    private static final int MOST_SIGNALS = 2_000;

    private final Tables tables;
    private final Map<Ends, Level> fromFlows = new TreeMap<>();
    private final Map<String, String> groups = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, long[]> localities = new LinkedHashMap<>();
    private final Pairs pairs = new Pairs();
    private long firstMicros = Long.MAX_VALUE;
    private long lastMicros = Long.MIN_VALUE;

    ReportContent(Tables tables) {
        this.tables = tables;
    }

    Map<String, Object> json() throws IOException {
        for (Ends ends : Ends.values()) {
            fromFlows.put(ends, new Level());
        }
        tables.latest("flows", "flow_id", "window_start").stream()
                .sorted(Comparator.comparingLong(flow -> flow.number("window_start")))
                .forEach(this::addFlow);
        Map<String, Level> levels = levels();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("first", firstMicros == Long.MAX_VALUE ? null : firstMicros);
        json.put("last", lastMicros == Long.MIN_VALUE ? null : lastMicros);
        json.put("localities", localities());
        json.put("machines", machines(levels));
        json.put("talkers", talkers(levels));
        Map<String, Object> matrices = new LinkedHashMap<>();
        levels.forEach((name, level) -> matrices.put(name, level.json(groups)));
        json.put("levels", matrices);
        json.put("pairs", pairs.json());
        json.put("dependencies", dependencies());
        json.put("sensors", sensors());
        json.put("signals", signals());
        return json;
    }

    private void addFlow(TableRow flow) {
        long start = flow.number("window_start");
        firstMicros = Math.min(firstMicros, start);
        lastMicros = Math.max(lastMicros, start + flow.number("window_seconds") * 1_000_000);
        boolean opens = flow.number("flow_start") >= start;
        String locality = flow.text("locality", "not determined");
        String outcome = flow.text("connection_outcome");
        long packets = flow.number("packet_delta_count");
        long octets = flow.number("octet_delta_count");
        long reversePackets = flow.number("reverse_packet_delta_count");
        long reverseOctets = flow.number("reverse_octet_delta_count");
        fromFlows.forEach((ends, level) -> {
            String source = ends.of(flow, "source");
            String destination = ends.of(flow, "destination");
            level.add(
                    source,
                    destination,
                    locality,
                    packets,
                    octets,
                    opens ? 1 : 0,
                    opens && ("refused".equals(outcome) || "unreachable".equals(outcome)) ? 1 : 0,
                    opens && "no_answer".equals(outcome) ? 1 : 0,
                    flow.number("tcp_retransmitted_octet_count"));
            if (reversePackets > 0) {
                level.add(
                        destination,
                        source,
                        locality,
                        reversePackets,
                        reverseOctets,
                        0,
                        0,
                        0,
                        flow.number("reverse_tcp_retransmitted_octet_count"));
            }
        });
        name(flow, "source");
        name(flow, "destination");
        long[] sums = localities.computeIfAbsent(locality, absent -> new long[3]);
        sums[0] += packets + reversePackets;
        sums[1] += octets + reverseOctets;
        sums[2] += opens ? 1 : 0;
        pairs.add(flow);
    }

    private void name(TableRow flow, String end) {
        if (flow.has(end + "_virtual_station_name")) {
            names.add(flow.text(end + "_virtual_station_name"));
        }
        String group = flow.text(end + "_application", flow.text(end + "_subnet"));
        if (!group.isEmpty()) {
            groups.put(Ends.VM.of(flow, end), group);
            groups.put(Ends.ADDRESS.of(flow, end), group);
        }
    }

    private List<List<Object>> localities() {
        List<List<Object>> rows = new ArrayList<>();
        localities.forEach((name, sums) -> rows.add(List.of(name, sums[0], sums[1], sums[2])));
        return rows;
    }

    /** From the matrix; a level that it does not have, from the flows. */
    private Map<String, Level> levels() throws IOException {
        Map<String, Level> fromMatrix = new HashMap<>();
        for (TableRow cell : tables.latest(
                "matrix",
                "window_start",
                "window_seconds",
                "level",
                "realm",
                "source_entity",
                "destination_entity",
                "locality")) {
            fromMatrix
                    .computeIfAbsent(cell.text("level"), absent -> new Level())
                    .add(
                            cell.text("source_entity"),
                            cell.text("destination_entity"),
                            cell.text("locality", "not determined"),
                            cell.number("packet_delta_count"),
                            cell.number("octet_delta_count"),
                            cell.number("flows_opened"),
                            cell.number("flows_refused"),
                            cell.number("flows_unanswered"),
                            cell.number("tcp_retransmitted_octet_count"));
        }
        Map<String, Level> levels = new LinkedHashMap<>();
        fromFlows.forEach((ends, level) -> {
            Level shown = fromMatrix.getOrDefault(ends.level(), level);
            if (!shown.isEmpty()) {
                levels.put(ends.level(), shown);
            }
        });
        return levels;
    }

    /** How many have a name, and how many addresses have none. */
    private List<Object> machines(Map<String, Level> levels) {
        Level machines = levels.getOrDefault(Ends.VM.level(), new Level());
        long named = machines.talkers().names().stream().filter(names::contains).count();
        return List.of(named, machines.talkers().names().size() - named);
    }

    private Map<String, Object> talkers(Map<String, Level> levels) {
        Talkers talkers = levels.getOrDefault(Ends.VM.level(), new Level()).talkers();
        return Map.of("entities", talkers.names().size(), "rows", talkers.rows(groups));
    }

    private Map<String, Object> dependencies() throws IOException {
        return new Dependencies(tables.latest(
                        "dependencies",
                        "realm",
                        "client_entity",
                        "server_entity",
                        "protocol_identifier",
                        "server_transport_port",
                        "part"))
                .json(tables.has("dependencies"), groups);
    }

    /** Per interface: windows, frames, received, not IP, canonical, duplicates, folded, too late, published, residuals. */
    private List<List<Object>> sensors() throws IOException {
        Map<String, long[]> accounts = new TreeMap<>();
        for (TableRow row : tables.latest("completeness", "sensor_id", "interface_name", "window_start")) {
            long[] sums = accounts.computeIfAbsent(
                    row.text("sensor_id") + "." + row.text("interface_name"), absent -> new long[10]);
            sums[0]++;
            sums[1] += row.number("frames");
            sums[2] += row.number("received");
            sums[3] += row.number("non_ip");
            sums[4] += row.number("canonical");
            sums[5] += mapSum(row.value("duplicates"));
            sums[6] += row.number("folded");
            sums[7] += row.number("too_late");
            sums[8] += row.number("published");
            // Without their signs, or they would cancel.
            sums[9] += Math.abs(row.number("residual")) + Math.abs(row.number("transport_residual"));
        }
        List<List<Object>> rows = new ArrayList<>();
        accounts.forEach((name, sums) -> {
            List<Object> row = new ArrayList<>(List.of(name));
            for (long sum : sums) {
                row.add(sum);
            }
            rows.add(row);
        });
        return rows;
    }

    private static long mapSum(@Nullable Object map) {
        return map instanceof Map<?, ?> counts
                ? counts.values().stream()
                        .mapToLong(count -> ((Number) count).longValue())
                        .sum()
                : 0;
    }

    private Map<String, Object> signals() throws IOException {
        Collection<TableRow> rows = tables.latest("signals", "signal_id");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("present", tables.has("signals"));
        json.put("count", rows.size());
        json.put(
                "rows",
                rows.stream()
                        .sorted(Comparator.comparingLong((TableRow row) -> -row.number("start")))
                        .limit(MOST_SIGNALS)
                        .map(row -> List.<Object>of(
                                row.text("signal_id"),
                                row.number("start"),
                                Math.max(row.number("start"), row.number("end")),
                                row.text("detector"),
                                row.text("severity"),
                                row.text("entity"),
                                row.text("peer_entity"),
                                row.text("explanation")))
                        .toList());
        return json;
    }
}
