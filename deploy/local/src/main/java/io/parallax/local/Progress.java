package io.parallax.local;

import java.io.PrintWriter;

/** Shows how far a run is, on one line that is written over; where nobody watches, not at all. */
final class Progress {

    private static final String LINE_START = "\r";
    private static final String ERASE_REST = "\u001b[K";

    private final PrintWriter terminal;
    private final boolean watched;

    private Progress(PrintWriter terminal, boolean watched) {
        this.terminal = terminal;
        this.watched = watched;
    }

    /** Shows progress where standard output is a terminal. */
    @SuppressWarnings("SystemConsoleNull") // from Java 22 on a console is always there, TERM is not
    static Progress on(PrintWriter terminal) {
        return new Progress(terminal, System.console() != null && System.getenv("TERM") != null);
    }

    /** Whether anybody sees it; what is costly to find out need not be asked for otherwise. */
    boolean isWatched() {
        return watched;
    }

    void show(String what) {
        if (watched) {
            terminal.print(LINE_START + what + ERASE_REST);
            terminal.flush();
        }
    }

    /** Takes the line away, so that something else can be printed there. */
    void clear() {
        show("");
    }
}
