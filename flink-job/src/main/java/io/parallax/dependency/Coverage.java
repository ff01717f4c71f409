package io.parallax.dependency;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * When every known interface was captured whole. A window that nothing is said of was not: who does not hear cannot say
 * that there was silence. Before its first window an interface was not there, and missed nothing. One of which nothing is
 * said for long is gone, until something is said of it again: it counts no more, and whoever asks is told.
 *
 * <p>Per interface a list of spans without gap; beyond {@value #MOST_SPANS} the oldest is given up, as if it had not been
 * captured. Not thread-safe.
 */
final class Coverage {

    private static final int MOST_SPANS = 64;

    private final Map<String, Spans> sensors = new TreeMap<>();

    /** When it was first heard of, and what was captured whole since: end by start, nanoseconds. */
    private static final class Spans {
        private long knownSince = Long.MAX_VALUE;
        private long knownUntil = Long.MIN_VALUE;
        private final TreeMap<Long, Long> ends = new TreeMap<>();

        private void mark(long start, long end, boolean isComplete) {
            knownSince = Math.min(knownSince, start);
            knownUntil = Math.max(knownUntil, end);
            remove(start, end);
            if (isComplete) {
                add(start, end);
            }
        }

        private void remove(long start, long end) {
            Map.Entry<Long, Long> span = ends.floorEntry(start);
            if (span != null && span.getValue() >= end) {
                ends.remove(span.getKey());
                put(span.getKey(), start);
                put(end, span.getValue());
            }
        }

        private void put(long start, long end) {
            if (start < end) {
                ends.put(start, end);
            }
        }

        private void add(long start, long end) {
            long from = start;
            long to = end;
            Map.Entry<Long, Long> before = ends.lowerEntry(start);
            if (before != null && before.getValue() == start) {
                from = before.getKey();
            }
            Long after = ends.remove(end);
            if (after != null) {
                to = after;
            }
            ends.put(from, to);
            if (ends.size() > MOST_SPANS) {
                ends.pollFirstEntry();
            }
        }

        private long wholeSince(long until) {
            Map.Entry<Long, Long> span = ends.lowerEntry(until);
            if (span == null || span.getValue() < until) {
                return Long.MAX_VALUE;
            }
            return span.getKey() <= knownSince ? Long.MIN_VALUE : span.getKey();
        }
    }

    void mark(String sensor, long start, long end, boolean isComplete) {
        sensors.computeIfAbsent(sensor, name -> new Spans()).mark(start, end, isComplete);
    }

    /**
     * Since when everything was captured, up to {@code until}: {@code Long.MIN_VALUE} if ever since anybody captured,
     * {@code Long.MAX_VALUE} if it is not captured then, or no interface is left.
     *
     * @param gone interfaces that do not count
     */
    long wholeSince(long until, Set<String> gone) {
        long since = sensors.size() == gone.size() ? Long.MAX_VALUE : Long.MIN_VALUE;
        for (Map.Entry<String, Spans> each : sensors.entrySet()) {
            if (!gone.contains(each.getKey())) {
                since = Math.max(since, each.getValue().wholeSince(until));
            }
        }
        return since;
    }

    /** Interfaces without any account since {@code nanos}, and when the last one of each ended. */
    SortedMap<String, Long> goneSince(long nanos) {
        SortedMap<String, Long> gone = new TreeMap<>();
        sensors.forEach((name, spans) -> {
            if (spans.knownUntil <= nanos) {
                gone.put(name, spans.knownUntil);
            }
        });
        return gone;
    }

    /** End of the account that is the oldest last one of an interface after {@code nanos}; {@code Long.MAX_VALUE}: none. */
    long firstSilentAfter(long nanos) {
        return sensors.values().stream()
                .mapToLong(spans -> spans.knownUntil)
                .filter(until -> until > nanos)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    boolean isEmpty() {
        return sensors.isEmpty();
    }

    Coverage copy() {
        Coverage copy = new Coverage();
        sensors.forEach((name, spans) -> {
            Spans copied = new Spans();
            copied.knownSince = spans.knownSince;
            copied.knownUntil = spans.knownUntil;
            copied.ends.putAll(spans.ends);
            copy.sensors.put(name, copied);
        });
        return copy;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(sensors.size());
        for (Map.Entry<String, Spans> each : sensors.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeLong(each.getValue().knownSince);
            out.writeLong(each.getValue().knownUntil);
            out.writeInt(each.getValue().ends.size());
            for (Map.Entry<Long, Long> span : each.getValue().ends.entrySet()) {
                out.writeLong(span.getKey());
                out.writeLong(span.getValue());
            }
        }
    }

    /** @param version of the table that it stands in; 1 did not say until when an interface was known, but what was whole */
    static Coverage readFrom(DataInput in, int version) throws IOException {
        Coverage read = new Coverage();
        for (int i = in.readInt(); i > 0; i--) {
            Spans spans = new Spans();
            read.sensors.put(in.readUTF(), spans);
            spans.knownSince = in.readLong();
            spans.knownUntil = version == 1 ? spans.knownSince : in.readLong();
            for (int span = in.readInt(); span > 0; span--) {
                long start = in.readLong();
                long end = in.readLong();
                spans.ends.put(start, end);
                spans.knownUntil = Math.max(spans.knownUntil, end);
            }
        }
        return read;
    }
}
