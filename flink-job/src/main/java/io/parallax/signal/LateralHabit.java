package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * How many new hosts a host meets at once when it does so by habit: the largest burst beyond what its mean explains, which
 * fades by half in eight days. A job that logs in to whatever machines there are today comes in bursts, and a mean over quiet
 * hours says nothing of their size; the last one does.
 */
final class LateralHabit {

    private static final double HALF_NANOS = TimeUnit.DAYS.toNanos(8);

    private float greatest;
    private long greatestAt;
    private int burst;
    private long burstSince = Long.MIN_VALUE;

    /** A burst of so many; it is part of the habit when it is over. */
    void add(int hosts, long time, long spanNanos) {
        turn(time, spanNanos);
        burstSince = burst == 0 ? time : burstSince;
        burst = Math.max(burst, hosts);
    }

    /** New hosts that are usual at once; 0: none. */
    double hosts(long time, long spanNanos) {
        turn(time, spanNanos);
        return faded(time);
    }

    private void turn(long time, long spanNanos) {
        if (burst > 0 && time - burstSince > spanNanos) {
            greatest = (float) Math.max(burst, faded(burstSince));
            greatestAt = burstSince;
            burst = 0;
        }
    }

    private double faded(long time) {
        return greatest == 0 ? 0 : greatest * Math.pow(2, (greatestAt - time) / HALF_NANOS);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeFloat(greatest);
        out.writeLong(greatestAt);
        out.writeByte(burst);
        out.writeLong(burstSince);
    }

    void readFrom(DataInput in) throws IOException {
        greatest = in.readFloat();
        greatestAt = in.readLong();
        burst = in.readUnsignedByte();
        burstSince = in.readLong();
    }
}
