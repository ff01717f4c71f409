package io.parallax.capture.spool;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The files of the journal, in order. The writing, the reading and any asking thread share it. */
final class Segments {

    private final Disk disk;
    private final DiskHealth health;
    private final ConcurrentNavigableMap<Long, Segment> byFirst = new ConcurrentSkipListMap<>();
    private final AtomicLong octets = new AtomicLong();

    private Segments(Disk disk, DiskHealth health) {
        this.disk = disk;
        this.health = health;
    }

    /** What lies on disk. */
    static Segments found(Disk disk, DiskHealth health) throws IOException {
        Segments segments = new Segments(disk, health);
        for (String name : disk.list()) {
            Long first = Segment.firstOf(name);
            if (first != null) {
                try (DiskFile file = disk.open(name)) {
                    segments.add(Segment.closed(first, file.size()));
                }
            }
        }
        return segments;
    }

    void add(Segment segment) {
        octets.addAndGet(segment.octets());
        byFirst.put(segment.first, segment);
    }

    /** Entries may be read up to {@code end} from now on. */
    void extend(Segment segment, long end) {
        octets.addAndGet(end - segment.end());
        segment.endsAt(end);
    }

    @Nullable
    Segment last() {
        Map.Entry<Long, Segment> last = byFirst.lastEntry();
        return last == null ? null : last.getValue();
    }

    /** The segment with the octet at {@code position}, or where that is missing the first one behind it. */
    @Nullable
    Segment at(long position) {
        Map.Entry<Long, Segment> floor = byFirst.floorEntry(position);
        if (floor != null && position < floor.getValue().end()) {
            return floor.getValue();
        }
        Map.Entry<Long, Segment> higher = byFirst.higherEntry(position);
        return higher == null ? null : higher.getValue();
    }

    /**
     * Removes what nobody needs any more. A file that a power cut brings back is read again, or lies below the acknowledged
     * position.
     */
    void deleteUpTo(long acknowledged) {
        for (Segment segment : byFirst.values()) {
            if (!segment.isClosed() || segment.end() > acknowledged) {
                return;
            }
            try {
                disk.delete(segment.fileName());
            } catch (IOException e) {
                health.failed("removing " + segment.fileName(), e);
                return;
            }
            byFirst.remove(segment.first);
            octets.addAndGet(-segment.octets());
        }
    }

    /** On disk, acknowledged octets of files that still hold others included. */
    long octets() {
        return octets.get();
    }
}
