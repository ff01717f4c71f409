package io.parallax.capture.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Appends records to a journal until somebody kills it, and says which ones it was told were taken. */
final class AppendingProcess {

    static final int RECORD_OCTETS = 500;

    private AppendingProcess() {}

    /** Arguments: folder, number of the first record. */
    public static void main(String[] arguments) throws IOException {
        Spool spool = Spool.open(options(Path.of(arguments[0])), new Heard());
        for (int number = Integer.parseInt(arguments[1]); true; number++) {
            if (!spool.append(Records.record(number, RECORD_OCTETS), 0)) {
                return;
            }
            System.out.println(number);
            System.out.flush();
        }
    }

    /** Syncs nothing: the system is to keep what it was given. */
    static SpoolOptions options(Path folder) {
        return new SpoolOptions(folder, 1 << 30, 64 << 10, Fsync.NEVER, Duration.ofSeconds(1));
    }
}
