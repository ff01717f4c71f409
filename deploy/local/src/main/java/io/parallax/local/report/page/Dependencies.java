package io.parallax.local.report.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who uses which service; at most {@link #MOST_SHOWN} of them, and those with fewest octets are one {@code (other)}. */
final class Dependencies {

    static final int MOST_SHOWN = 8_000;

    private final List<TableRow> rows = new ArrayList<>();

    /** Takes the rows that count; one that was taken back says nothing any more. */
    Dependencies(Iterable<TableRow> latest) {
        for (TableRow row : latest) {
            if (!"retracted".equals(row.text("state"))) {
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparingLong((TableRow row) -> -octets(row, "") - octets(row, "reverse_"))
                .thenComparing(row -> row.text("client_entity"))
                .thenComparing(row -> row.text("server_entity"))
                .thenComparingLong(row -> row.number("protocol_identifier"))
                .thenComparingLong(row -> row.number("server_transport_port")));
    }

    /**
     * Rows of client, its application, server, its application, protocol, port, connections, octets of the client and of
     * the server, failures, state; and how many are in {@code (other)} here.
     *
     * @param groupOf application or subnet by entity, where the row names no application
     */
    Map<String, Object> json(boolean isPresent, Map<String, String> groupOf) {
        int shown = Math.min(MOST_SHOWN, rows.size());
        List<TableRow> rest = rows.subList(shown, rows.size());
        List<List<Object>> json = new ArrayList<>();
        rows.subList(0, shown).forEach(row -> json.add(dependency(row, groupOf)));
        if (!rest.isEmpty()) {
            json.add(other(rest));
        }
        Map<String, Object> dependencies = new LinkedHashMap<>();
        dependencies.put("present", isPresent);
        dependencies.put("count", rows.size());
        dependencies.put("folded", rest.size());
        dependencies.put("rows", json);
        return dependencies;
    }

    private static List<Object> dependency(TableRow row, Map<String, String> groupOf) {
        String client = row.text("client_entity");
        String server = row.text("server_entity");
        return List.of(
                client,
                row.text("client_application", groupOf.getOrDefault(client, "")),
                server,
                row.text("server_application", groupOf.getOrDefault(server, "")),
                row.number("protocol_identifier"),
                row.number("server_transport_port"),
                row.number("connections"),
                octets(row, ""),
                octets(row, "reverse_"),
                failures(row),
                row.text("state", "active"));
    }

    private static List<Object> other(List<TableRow> rows) {
        return List.of(
                Level.OTHER,
                "",
                Level.OTHER,
                "",
                0,
                0,
                rows.stream().mapToLong(row -> row.number("connections")).sum(),
                rows.stream().mapToLong(row -> octets(row, "")).sum(),
                rows.stream().mapToLong(row -> octets(row, "reverse_")).sum(),
                rows.stream().mapToLong(Dependencies::failures).sum(),
                "active");
    }

    private static long octets(TableRow row, String direction) {
        return row.number(direction + "octet_total_count");
    }

    private static long failures(TableRow row) {
        return row.number("refused") + row.number("unanswered") + row.number("reset");
    }
}
