package io.parallax.local;

import io.parallax.capture.spool.HandOff;
import io.parallax.capture.spool.SpoolRecord;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that hands records over at a steady rate, as a lane does, and takes the time of each call. */
final class SteadyOffers implements Runnable {

    /** Of 4,000 octets: what half a million packets a second make. */
    static final int PER_SECOND = 1_000;

    private static final int MAX_OFFERS = 200_000;
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private final HandOff handOff;
    private final long[] nanos = new long[MAX_OFFERS];
    private final Thread thread = new Thread(this, "steady-offers");
    private int offered;
    private int refused;
    private volatile boolean isEnding;

    private SteadyOffers(HandOff handOff) {
        this.handOff = handOff;
    }

    static SteadyOffers begin(HandOff handOff) {
        SteadyOffers offers = new SteadyOffers(handOff);
        offers.thread.start();
        return offers;
    }

    @Override
    public void run() {
        long due = System.nanoTime();
        while (!isEnding && offered < MAX_OFFERS) {
            SpoolRecord record = SpooledDeliveryTest.record(offered);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            long begun = System.nanoTime();
            boolean isTaken = handOff.offer(record, () -> {});
            nanos[offered++] = System.nanoTime() - begun;
            refused += isTaken ? 0 : 1;
            due += INTERVAL_NANOS;
        }
    }

    /** Stops; returns how many were offered. */
    int end() throws InterruptedException {
        isEnding = true;
        thread.join();
        return offered;
    }

    int refused() {
        return refused;
    }

    /** Time of a call that only this share of the calls stayed within; 1: the longest. */
    long percentileNanos(double share) {
        long[] sorted = Arrays.copyOf(nanos, offered);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(share * offered) - 1];
    }
}
