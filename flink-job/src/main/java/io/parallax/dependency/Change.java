package io.parallax.dependency;

import io.parallax.model.DependencyEnds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What is worth telling of a dependency.
 *
 * @param name the value of column {@code change}; empty: nothing
 * @param reason in words; of a change what was and what is
 */
public record Change(String name, String reason) {

    public static final Change NONE = new Change("", "");
    public static final Change NEW = new Change("new", "first use");
    public static final Change RETURNED = new Change("returned", "used again after it disappeared");
    public static final Change DISAPPEARED =
            new Change("disappeared", "not used for the silence, all of which was captured");
    public static final Change RETRACTED = new Change(
            "retracted",
            "late packets or a late inventory took back all uses: they belong to other names, or are none");

    /** @param gone interfaces that were not captured any more, with the end of what was, nanoseconds since the epoch */
    static Change disappeared(SortedMap<String, Long> gone) {
        if (gone.isEmpty()) {
            return DISAPPEARED;
        }
        List<String> without = new ArrayList<>();
        gone.forEach((place, until) -> without.add(place + " (gone since " + Instant.EPOCH.plusNanos(until) + ")"));
        return new Change(DISAPPEARED.name, DISAPPEARED.reason + ", but for " + String.join(", ", without));
    }

    static Change changed(String difference) {
        return new Change("changed", difference);
    }

    /** What was known and is another now; empty if nothing. What was or becomes unknown is no change. */
    static String difference(DependencyEnds before, DependencyEnds now) {
        List<String> differences = new ArrayList<>();
        compare("client_application", before.clientApplication(), now.clientApplication(), differences);
        compare("client_host", before.clientHost(), now.clientHost(), differences);
        compare("server_application", before.serverApplication(), now.serverApplication(), differences);
        compare("server_host", before.serverHost(), now.serverHost(), differences);
        compare("locality", before.locality(), now.locality(), differences);
        return String.join("; ", differences);
    }

    private static void compare(String what, String before, String now, List<String> differences) {
        if (!before.isEmpty() && !now.isEmpty() && !before.equals(now)) {
            differences.add("%s: %s -> %s".formatted(what, before, now));
        }
    }
}
