package io.parallax.wire;

import java.util.Arrays;

/**
 * What the next sequence number of a mirror session will be: one more than the last. Writer and reader keep the same
 * prediction, and only the difference travels, so that a session without loss costs one octet a header.
 *
 * <p>Kept per session (outer source, kind, session number) and not per observation point: a session mirrors frames of many
 * addresses and of both directions under one sequence. Seen so in ERSPAN type III of the lab's collector: 952 consecutive
 * numbers over 504 frames one way and 448 the other. GRE keys that tell the direction are sessions of their own by their
 * number.
 */
final class MirrorPrediction {

    private static final int SESSION_WIDTH = 4;
    private static final int FIRST_ENTRIES = 16;

    private final KeyDictionary sessions = new KeyDictionary(SESSION_WIDTH);
    private final long[] session = new long[SESSION_WIDTH];
    private int[] sessionOfEntry = new int[FIRST_ENTRIES];
    private int[] expected = new int[FIRST_ENTRIES];

    /** Begins a batch: no session is known. */
    void clear() {
        if (sessions.size() > 0) {
            sessions.clear();
        }
    }

    /** Declares that a dictionary entry's headers belong to the mirror session of {@code header}. */
    void join(int entry, PacketHeader header) {
        session[0] = header.mirrorSourceHigh;
        session[1] = header.mirrorSourceLow;
        session[2] = header.mirrorKind;
        session[3] = header.mirrorSession;
        int found = sessions.add(session);
        int number = found < 0 ? ~found : found;
        if (number >= expected.length) {
            expected = Arrays.copyOf(expected, expected.length * 2);
        }
        if (found < 0) {
            expected[number] = 0;
        }
        if (entry >= sessionOfEntry.length) {
            sessionOfEntry = Arrays.copyOf(sessionOfEntry, Math.max(sessionOfEntry.length * 2, entry + 1));
        }
        sessionOfEntry[entry] = number;
    }

    /** The number expected next in the session of an entry that has joined one; 0 for its first in a batch. */
    int expected(int entry) {
        return expected[sessionOfEntry[entry]];
    }

    void update(int entry, int sequence) {
        expected[sessionOfEntry[entry]] = sequence + 1;
    }
}
