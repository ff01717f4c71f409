package io.parallax.flow;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Who gets a record of its own in a table that must not outgrow its bounds, whatever is sent: a flood of spoofed addresses is
 * one flow per packet.
 *
 * <p>Above half of the bound the table is crowded, and forgets flows early ({@link Ageing}). At the bound, packets of flows
 * that it does not know count in an aggregate of their networks (RFC 7015); above that by an eighth, in the one of their
 * protocol.
 *
 * <p><b>Copies.</b> A packet's copies come later, by other streams, and have to fare as it did, though there may be room
 * again. So whatever was refused or forgotten leaves a time behind: a packet of before it makes no flow any more, and joins
 * one only if it is at most {@value #REACH_BACK_SECONDS} s before the first packet of that. Copies whose sensors' clocks
 * differ by more may count twice, as anywhere.
 */
final class Admission {

    static final long REACH_BACK_SECONDS = 5;
    private static final long REACH_BACK_NANOS = TimeUnit.SECONDS.toNanos(REACH_BACK_SECONDS);
    private static final int SHARE_OF_NETWORKS = 8;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private int mostFlows;
    private long forgottenUntil = NEVER;
    private long aggregatedUntil = NEVER;
    private long widenedUntil = NEVER;

    Admission(int mostFlows) {
        this.mostFlows = mostFlows;
    }

    void setMostFlows(int mostFlows) {
        this.mostFlows = mostFlows;
    }

    /** Whether no packet after {@code time} could ask what became of its copies. */
    boolean isForgivable(long time) {
        return Math.max(refusedUntil(), widenedUntil + REACH_BACK_NANOS) < time;
    }

    /** Whether so many flows are too many to be kept as long as they might be asked for. */
    boolean isCrowded(int flows) {
        return flows > mostFlows / 2;
    }

    /** Whether a packet of that time, of a flow that is not known, makes one. */
    boolean admitsFlow(long time, int flows) {
        return flows < mostFlows && isOpen(time);
    }

    /** Whether no packet of that time or later was refused or forgotten: the flow that is known is the one of its copies. */
    boolean isOpen(long time) {
        return time > refusedUntil();
    }

    /** Whether a flow with that first packet takes one of that time in nevertheless. */
    static boolean isWithinReach(long first, long time) {
        return time >= first - REACH_BACK_NANOS;
    }

    private long refusedUntil() {
        return Math.max(forgottenUntil, aggregatedUntil + REACH_BACK_NANOS);
    }

    /** Whether what is known of the packets of that time is not all that was known. */
    boolean isForgotten(long time) {
        return time <= forgottenUntil;
    }

    /** Flows that fell silent by then have been forgotten. */
    void forget(long until) {
        forgottenUntil = Math.max(forgottenUntil, until);
    }

    /** Whether a packet that makes no flow makes an aggregate of two networks, which is not known yet. */
    boolean admitsNetworks(long time, int flows) {
        return flows < (long) mostFlows + Math.max(1, mostFlows / SHARE_OF_NETWORKS)
                && time > widenedUntil + REACH_BACK_NANOS;
    }

    /** A packet of that time has been counted in an aggregate of networks. */
    void aggregate(long time) {
        aggregatedUntil = Math.max(aggregatedUntil, time);
    }

    /** A packet of that time has been counted in an aggregate of all networks. */
    void widen(long time) {
        widenedUntil = Math.max(widenedUntil, time);
    }

    Admission copy() {
        Admission copy = new Admission(mostFlows);
        copy.forgottenUntil = forgottenUntil;
        copy.aggregatedUntil = aggregatedUntil;
        copy.widenedUntil = widenedUntil;
        return copy;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeLong(forgottenUntil);
        out.writeLong(aggregatedUntil);
        out.writeLong(widenedUntil);
    }

    void readFrom(DataInput in) throws IOException {
        forgottenUntil = in.readLong();
        aggregatedUntil = in.readLong();
        widenedUntil = in.readLong();
    }
}
