package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Attempts at one service: the walk of those that came to nothing, who made them, and how many are usual. Rates are learnt by
 * the minute: the mean of all minutes at first, of the last hour or so later on; a minute in which the walk is high teaches
 * nothing.
 */
final class FloodService {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** At the least rate of a flood that has to be seen there is one attempt in it: more are one event. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A minute in which the walk gets so far is not usual. */
    private static final double STRANGE_WALK = 8;

    private static final int MOST_MINUTES = 60;

    /** Half of the count of what was heard is forgotten in so long. */
    private static final double HALF_LIFE_NANOS = TimeUnit.MINUTES.toNanos(1);

    final int protocol;
    final int port;
    double heard;
    long heardTime;
    double usualPerSecond;
    private int minutes;
    private long minuteStart;
    private long minuteAttempts;
    private boolean isMinuteStrange;

    /** Attempts of which it was not told how they ended. */
    private long pending;

    double walk;
    private long walkTime;
    private long tick;
    private double tickWeight;
    long since;
    long failures;
    long completed;
    private String source = "";
    private long votes;
    private long sourceFailures;
    String firstFlow = "";
    long toldFailures;
    long toldTime;

    FloodService(int protocol, int port, long time) {
        this.protocol = protocol;
        this.port = port;
        this.heardTime = time;
        this.walkTime = time;
        this.minuteStart = time;
    }

    double heardAt(long time) {
        return heard * Math.pow(0.5, Math.max(0, time - heardTime) / HALF_LIFE_NANOS);
    }

    /** An attempt has begun. */
    void open(long time) {
        if (time > heardTime) {
            heard = heardAt(time);
            heardTime = time;
        }
        heard++;
        if (time - minuteStart >= MINUTE_NANOS) {
            learn(time);
        }
        minuteAttempts++;
        pending++;
    }

    /** It was told how an attempt ended. */
    void settle() {
        pending = Math.max(0, pending - 1);
    }

    /** Whether it should have been told of all attempts by now and was not: the input ended before. */
    boolean isCutOff(long time, long patienceNanos) {
        return pending > 0 && time > heardTime + patienceNanos;
    }

    private void learn(long time) {
        double seconds = (time - minuteStart) / NANOS_PER_SECOND;
        if (!isMinuteStrange) {
            long passed = (time - minuteStart) / MINUTE_NANOS;
            minutes = (int) Math.min(MOST_MINUTES, minutes + passed);
            double share = Math.min(1, (double) passed / minutes);
            usualPerSecond += share * (minuteAttempts / seconds - usualPerSecond);
        }
        minuteStart = time;
        minuteAttempts = 0;
        isMinuteStrange = false;
    }

    /** The walk as it is at this time: what is allowed a second has been taken off. */
    void pass(long time, double allowedPerSecond) {
        if (time <= walkTime) {
            return;
        }
        walk -= allowedPerSecond * (time - walkTime) / NANOS_PER_SECOND;
        walkTime = time;
        if (walk <= 0) {
            forgetEpisode();
        }
    }

    private void forgetEpisode() {
        walk = 0;
        since = 0;
        failures = 0;
        completed = 0;
        source = "";
        votes = 0;
        sourceFailures = 0;
        firstFlow = "";
        toldFailures = 0;
    }

    /** An attempt was completed, which speaks for as many failures beside it. */
    void complete(double worth) {
        walk -= worth;
        if (walk <= 0) {
            forgetEpisode();
        } else {
            completed++;
        }
    }

    /** An attempt came to nothing; of many at once only so many count. */
    void fail(String from, String flow, long start, long time, double weight, double mostAtOnce, double most) {
        if (failures == 0) {
            since = start;
            firstFlow = flow;
        }
        failures++;
        if (time / TICK_NANOS != tick) {
            tick = time / TICK_NANOS;
            tickWeight = 0;
        }
        double counted = Math.min(weight, mostAtOnce - tickWeight);
        tickWeight += counted;
        walk = Math.min(most, walk + counted);
        isMinuteStrange |= walk >= STRANGE_WALK;
        vote(from);
    }

    /** Boyer and Moore's majority vote (1981): who made most of them is left in the end. */
    private void vote(String from) {
        if (votes == 0) {
            source = from;
            sourceFailures = 0;
        }
        boolean isSame = source.equals(from);
        votes += isSame ? 1 : -1;
        sourceFailures += isSame ? 1 : 0;
    }

    /** The one that made at least half of the failures, or empty. */
    String mainSource() {
        return 2 * sourceFailures >= failures ? source : "";
    }

    long mainSourceFailures() {
        return sourceFailures;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeByte(protocol);
        out.writeShort(port);
        out.writeDouble(heard);
        out.writeLong(heardTime);
        out.writeDouble(usualPerSecond);
        out.writeByte(minutes);
        out.writeLong(minuteStart);
        out.writeLong(minuteAttempts);
        out.writeBoolean(isMinuteStrange);
        out.writeLong(pending);
        out.writeDouble(walk);
        out.writeLong(walkTime);
        out.writeLong(tick);
        out.writeDouble(tickWeight);
        out.writeBoolean(failures > 0);
        if (failures > 0) {
            out.writeLong(since);
            out.writeLong(failures);
            out.writeLong(completed);
            out.writeUTF(source);
            out.writeLong(votes);
            out.writeLong(sourceFailures);
            out.writeUTF(firstFlow);
            out.writeLong(toldFailures);
            out.writeLong(toldTime);
        }
    }

    static FloodService read(DataInput in) throws IOException {
        FloodService service = new FloodService(in.readUnsignedByte(), in.readUnsignedShort(), 0);
        service.heard = in.readDouble();
        service.heardTime = in.readLong();
        service.usualPerSecond = in.readDouble();
        service.minutes = in.readUnsignedByte();
        service.minuteStart = in.readLong();
        service.minuteAttempts = in.readLong();
        service.isMinuteStrange = in.readBoolean();
        service.pending = in.readLong();
        service.walk = in.readDouble();
        service.walkTime = in.readLong();
        service.tick = in.readLong();
        service.tickWeight = in.readDouble();
        if (in.readBoolean()) {
            service.since = in.readLong();
            service.failures = in.readLong();
            service.completed = in.readLong();
            service.source = in.readUTF();
            service.votes = in.readLong();
            service.sourceFailures = in.readLong();
            service.firstFlow = in.readUTF();
            service.toldFailures = in.readLong();
            service.toldTime = in.readLong();
        }
        return service;
    }
}
