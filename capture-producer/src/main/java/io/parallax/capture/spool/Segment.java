package io.parallax.capture.spool;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file of the journal, named by the position of its first octet. Written by one thread, read by any. */
final class Segment {

    private static final Pattern PATTERN = Pattern.compile("([0-9]{20})\\.segment");

    final long first;
    private volatile long end;
    private volatile boolean isClosed;

    private Segment(long first, long end, boolean isClosed) {
        this.first = first;
        this.end = end;
        this.isClosed = isClosed;
    }

    /** A new one, still to be written. */
    static Segment open(long first) {
        return new Segment(first, first, false);
    }

    /** One that lies on disk. */
    static Segment closed(long first, long octets) {
        return new Segment(first, first + octets, true);
    }

    /** The first position that a file's name states; null if it is no segment's name. */
    static @Nullable Long firstOf(String fileName) {
        Matcher matcher = PATTERN.matcher(fileName);
        return matcher.matches() ? Long.valueOf(matcher.group(1)) : null;
    }

    String fileName() {
        return String.format(Locale.ROOT, "%020d.segment", first);
    }

    /** Position behind its last whole entry. */
    long end() {
        return end;
    }

    long octets() {
        return end - first;
    }

    void endsAt(long position) {
        end = position;
    }

    /** Nothing is written to it any more. */
    void close() {
        isClosed = true;
    }

    boolean isClosed() {
        return isClosed;
    }
}
