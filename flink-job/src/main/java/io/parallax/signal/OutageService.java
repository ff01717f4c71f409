package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What is remembered of a service: who used it, how often an attempt fails, and who failed since anybody succeeded. */
final class OutageService {

    /** Clients whose failures are told apart; more are not counted. */
    static final int MOST_FAILING = 8;

    /**
     * A Bloom filter (Bloom, CACM 13, 1970) of so many words, with two bits a client: 50 clients make one in ten strangers
     * look known. Where there are so many clients a stranger's failure says the same as theirs.
     */
    private static final int WORDS = 4;

    private static final int BIT_MASK = WORDS * Long.SIZE - 1;
    /** The lowest bit of a fingerprint is always 0. */
    private static final int FIRST_SHIFT = 1;

    private static final int SECOND_SHIFT = 16;

    /** By Jeffreys: a chance of which nothing is known is taken to have shown half a case of each kind. */
    private static final double HALF = 0.5;

    final int print;

    /** When it was first used, ns. */
    final long since;

    private final long[] known = new long[WORDS];
    private final int[] failing = new int[MOST_FAILING];
    private int failingCount;
    private boolean isTold;
    private long successes;
    private long failures;
    private long lastUp;
    private long firstFailure;
    private long lastFailure;

    OutageService(int print, long since) {
        this.print = print;
        this.since = since;
        this.lastUp = since;
    }

    void know(int client) {
        set(client >>> FIRST_SHIFT);
        set(client >>> SECOND_SHIFT);
    }

    private void set(int hash) {
        known[(hash & BIT_MASK) / Long.SIZE] |= 1L << hash;
    }

    boolean knows(int client) {
        return isSet(client >>> FIRST_SHIFT) && isSet(client >>> SECOND_SHIFT);
    }

    private boolean isSet(int hash) {
        return (known[(hash & BIT_MASK) / Long.SIZE] & 1L << hash) != 0;
    }

    /** Somebody had an answer: whoever failed before failed for reasons of its own, unless it was told as an outage. */
    void succeed(long time) {
        successes++;
        lastUp = Math.max(lastUp, time);
        endRun();
    }

    private void endRun() {
        failures += isTold ? 0 : failingCount;
        failingCount = 0;
        isTold = false;
    }

    /**
     * A client that is known failed; without failures for {@code gapNanos} the run of failures begins anew.
     *
     * @return whether it had not yet failed in this run
     */
    boolean fail(int client, long time, long gapNanos) {
        if (failingCount > 0 && time - lastFailure > gapNanos) {
            endRun();
        }
        firstFailure = failingCount == 0 ? time : firstFailure;
        lastFailure = time;
        for (int i = 0; i < failingCount; i++) {
            if (failing[i] == client) {
                return false;
            }
        }
        if (failingCount == MOST_FAILING) {
            return false;
        }
        failing[failingCount++] = client;
        return true;
    }

    void tell() {
        isTold = true;
    }

    int failing() {
        return failingCount;
    }

    /** Of this run, ns. */
    long firstFailure() {
        return firstFailure;
    }

    long lastUp() {
        return lastUp;
    }

    /** Of anything, ns. */
    long lastHeard() {
        return Math.max(lastUp, lastFailure);
    }

    /** Chance that an attempt fails while the service is up. */
    double failureShare() {
        return (failures + HALF) / (successes + failures + 1);
    }

    long attempts() {
        return successes + failures;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(print);
        out.writeLong(since);
        for (long word : known) {
            out.writeLong(word);
        }
        out.writeByte(failingCount);
        for (int i = 0; i < failingCount; i++) {
            out.writeInt(failing[i]);
        }
        out.writeBoolean(isTold);
        out.writeLong(successes);
        out.writeLong(failures);
        out.writeLong(lastUp);
        out.writeLong(firstFailure);
        out.writeLong(lastFailure);
    }

    static OutageService readFrom(DataInput in) throws IOException {
        OutageService service = new OutageService(in.readInt(), in.readLong());
        for (int i = 0; i < WORDS; i++) {
            service.known[i] = in.readLong();
        }
        service.failingCount = in.readUnsignedByte();
        for (int i = 0; i < service.failingCount; i++) {
            service.failing[i] = in.readInt();
        }
        service.isTold = in.readBoolean();
        service.successes = in.readLong();
        service.failures = in.readLong();
        service.lastUp = in.readLong();
        service.firstFailure = in.readLong();
        service.lastFailure = in.readLong();
        return service;
    }
}
