package io.parallax.dependency;

import io.parallax.model.DependencyCounts;
import io.parallax.model.DependencyDelta;
import io.parallax.model.FlowRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One table of dependencies, windows of 10 s, 60 s of lateness, 300 s of silence, interfaces gone after 1,000 s; all buckets in one. */
final class Tracing {

    final DependencySchedule schedule;
    private final DependencyDeltas deltas = new DependencyDeltas();
    private final List<String> changes = new ArrayList<>();
    private final Map<String, String> latest = new LinkedHashMap<>();
    private DependencyTable table = new DependencyTable();

    Tracing(int most) {
        schedule = new DependencySchedule(
                10, Duration.ofSeconds(60), Duration.ofSeconds(300), Duration.ofSeconds(1_000), most);
    }

    Tracing() {
        this(100);
    }

    Tracing add(FlowRow row) {
        deltas.add(row);
        return this;
    }

    Tracing capture(String sensor, long fromSecond, long toSecond, boolean isComplete) {
        for (long second = fromSecond; second < toSecond; second += 10) {
            table.add(DependencyDelta.mark(0, sensor, TimeUnit.SECONDS.toNanos(second), isComplete), schedule);
        }
        return this;
    }

    /** As an operator does at the watermark: all seconds before have been seen. */
    Tracing advance(long second) {
        deltas.flush(delta -> table.add(delta, schedule));
        table.advance(schedule, TimeUnit.SECONDS.toMillis(second) - 1, (known, change, at) -> {
            latest.put(name(known), describe(known));
            if (!change.equals(Change.NONE)) {
                changes.add("%s %s @%d%s"
                        .formatted(
                                change.name(),
                                name(known),
                                TimeUnit.NANOSECONDS.toSeconds(at),
                                change.name().equals("changed")
                                                || change.reason().contains(", but for ")
                                        ? ": " + change.reason()
                                        : ""));
            }
        });
        return this;
    }

    Tracing restart() throws java.io.IOException {
        var octets = new java.io.ByteArrayOutputStream();
        table.copy().writeTo(new java.io.DataOutputStream(octets));
        table = DependencyTable.readFrom(
                new java.io.DataInputStream(new java.io.ByteArrayInputStream(octets.toByteArray())));
        return this;
    }

    List<String> changes() {
        List<String> told = List.copyOf(changes);
        changes.clear();
        return told;
    }

    /** As last stated: connections, failures refused/unanswered/reset/probes, packets, octets back, first-last second. */
    Map<String, String> latest() {
        return latest;
    }

    private static String name(KnownDependency known) {
        return "%s>%s:%d"
                .formatted(
                        known.key().client(), known.key().server(), known.key().port());
    }

    private String describe(KnownDependency known) {
        String seen = known.uses().last() == Uses.NEVER
                ? "never"
                : TimeUnit.NANOSECONDS.toSeconds(known.uses().first()) + "-"
                        + TimeUnit.NANOSECONDS.toSeconds(
                                schedule.endNanos(known.uses().last()));
        return "%d %d/%d/%d/%d %d %d %s %d"
                .formatted(
                        known.count(DependencyCounts.CONNECTIONS),
                        known.count(DependencyCounts.REFUSED),
                        known.count(DependencyCounts.UNANSWERED),
                        known.count(DependencyCounts.RESET),
                        known.count(DependencyCounts.PROBES),
                        known.count(DependencyCounts.PACKETS),
                        known.count(DependencyCounts.REVERSE_OCTETS),
                        seen,
                        known.clients());
    }
}
