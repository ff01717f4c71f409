package io.parallax.capture.spool;

import java.io.IOException;

/**
 * Finds the journal's end after a crash.
 *
 * <p>Only the last segment can be torn, since those before it were synced when they were full; they are not read here, so
 * that a start takes no longer with a full journal. Damage in them shows when they are read. The cut is synced: octets that
 * lay behind it must not come back in a later power cut, where by chance they would continue what is written until then.
 */
final class Recovery {

    private static final String WHY = "torn by a crash, or damaged on disk";

    private Recovery() {}

    /** Octets cut off the last segment. */
    static long truncateTorn(Disk disk, Segments segments, SpoolListener listener) throws IOException {
        Segment last = segments.last();
        if (last == null || last.octets() == 0) {
            return 0;
        }
        long whole = wholeEnd(disk, last);
        try (DiskFile file = disk.open(last.fileName())) {
            long torn = last.end() - whole;
            if (torn > 0) {
                file.truncate(whole - last.first);
                segments.extend(last, whole);
                listener.truncated(last.fileName(), torn, WHY);
            }
            file.sync();
            return torn;
        }
    }

    private static long wholeEnd(Disk disk, Segment last) throws IOException {
        try (ReadWindow window = new ReadWindow(disk)) {
            window.moveTo(last);
            long position = last.first;
            SpoolEntry entry = window.entryAt(position);
            while (entry != null) {
                position = entry.nextPosition();
                entry = window.entryAt(position);
            }
            return position;
        }
    }
}
