package io.parallax.local.report.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What every entity of a level sends, receives and opens. */
final class Talkers {

    /** Beyond them the least are one row {@code (other)}. */
    private static final int MOST_SHOWN = 5_000;

    private static final class Talker {
        private long octetsSent;
        private long octetsReceived;
        private long flowsOpened;

        private void add(Talker more) {
            octetsSent += more.octetsSent;
            octetsReceived += more.octetsReceived;
            flowsOpened += more.flowsOpened;
        }

        private long octets() {
            return octetsSent + octetsReceived;
        }
    }

    private final Map<String, Talker> talkers = new LinkedHashMap<>();

    /** What the matrix itself has as {@code (other)}: nobody in particular. */
    private final Talker other = new Talker();

    void add(String source, String destination, long octets, long flowsOpened) {
        Talker sender = of(source);
        sender.octetsSent += octets;
        sender.flowsOpened += flowsOpened;
        of(destination).octetsReceived += octets;
    }

    private Talker of(String name) {
        return Level.OTHER.equals(name) ? other : talkers.computeIfAbsent(name, absent -> new Talker());
    }

    /** All but {@code (other)}. */
    Set<String> names() {
        return talkers.keySet();
    }

    /** Rows of entity, its group, octets sent and received, flows opened; the greatest first, {@code (other)} last. */
    List<List<Object>> rows(Map<String, String> groupOf) {
        List<Map.Entry<String, Talker>> order = new ArrayList<>(talkers.entrySet());
        order.sort(Comparator.comparingLong(
                        (Map.Entry<String, Talker> talker) -> -talker.getValue().octets())
                .thenComparing(Map.Entry::getKey));
        Talker rest = new Talker();
        rest.add(other);
        List<List<Object>> rows = new ArrayList<>();
        order.forEach(talker -> {
            if (rows.size() < MOST_SHOWN) {
                rows.add(row(talker.getKey(), groupOf.getOrDefault(talker.getKey(), ""), talker.getValue()));
            } else {
                rest.add(talker.getValue());
            }
        });
        if (rest.octets() + rest.flowsOpened > 0) {
            rows.add(row(Level.OTHER, "", rest));
        }
        return rows;
    }

    private static List<Object> row(String name, String group, Talker talker) {
        return List.of(name, group, talker.octetsSent, talker.octetsReceived, talker.flowsOpened);
    }
}
