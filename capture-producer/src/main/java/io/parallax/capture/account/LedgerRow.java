package io.parallax.capture.account;

import java.util.List;
import java.util.Locale;

/**
 * What became of the frames of one interface in one interval, a second but for gaps.
 *
 * @param second start of the interval, seconds of capture time since the epoch
 * @param seconds its length
 * @param kind what kind of interval this is
 * @param isFromInterface true where an interface and the kernel told their counts; a capture file has none
 * @param kernelWaiting frames that waited in the kernel when its counters were read
 * @param mirrorSessions the mirror sessions that brought frames
 * @param note what a reader should know of it; empty for nothing
 */
public record LedgerRow(
        long second,
        int seconds,
        Kind kind,
        Tally tally,
        boolean isFromInterface,
        long kernelWaiting,
        List<MirrorSessionCount> mirrorSessions,
        String note) {

    /** {@code row_kind} of the ledger. */
    public enum Kind {
        /** A second that was closed in time. */
        INTERVAL,

        /** What a process that died had handed to its spool and not yet accounted for. */
        RECOVERED,

        /** What passed the interface between the death of a process and the start of the next. */
        GAP;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The name in the ledger. */
        public String label() {
            return label;
        }
    }
}
