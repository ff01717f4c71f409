package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Page's walk of logarithms of likelihood ratios: restarts at zero, wears off with time. */
final class LoginWalk {

    private static final double NANOS_PER_HOUR = 3_600e9;

    double nats;
    long time;
    long since;
    long failures;

    /** Takes off what has worn off since the last call. */
    void pass(long now, double natsPerHour) {
        if (now > time) {
            add(-natsPerHour * (now - time) / NANOS_PER_HOUR, Double.MAX_VALUE);
            time = now;
        }
    }

    void fail(long start, double gain, double most) {
        if (failures == 0) {
            since = start;
        }
        failures++;
        add(gain, most);
    }

    /** Adds to the walk; forgets what it was made of when it is back at zero. */
    void add(double gain, double most) {
        nats = Math.min(most, nats + gain);
        if (nats <= 0) {
            nats = 0;
            failures = 0;
            since = 0;
        }
    }

    /** When nothing is left of it, ns. */
    long worn(double natsPerHour) {
        return time + (long) (nats / natsPerHour * NANOS_PER_HOUR);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeDouble(nats);
        out.writeLong(time);
        out.writeLong(since);
        out.writeLong(failures);
    }

    static LoginWalk read(DataInput in) throws IOException {
        LoginWalk walk = new LoginWalk();
        walk.nats = in.readDouble();
        walk.time = in.readLong();
        walk.since = in.readLong();
        walk.failures = in.readLong();
        return walk;
    }
}
