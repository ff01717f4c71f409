package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What {@link SilenceDetector} remembers of a host: when it was heard, and its longest gaps. */
final class SilenceMemory implements Memory {

    private static final int VERSION = 1;

    /** A host that is heard once a week has no steady hour that could be missed; it is forgotten after a day more. */
    private static final long LEARNT_NANOS = TimeUnit.DAYS.toNanos(8);

    private static final long NANOS_OF_HOUR = TimeUnit.HOURS.toNanos(1);
    private static final long NANOS_OF_WEEK = TimeUnit.DAYS.toNanos(7);

    /** Of longer ones only what lies in usual hours is a gap: the others are nights, which {@link HeardHours} is for. */
    private static final long MOST_GAP_NANOS = 3 * NANOS_OF_HOUR;

    /** A longer name is not kept: the address stands for it. */
    private static final int MOST_NAME = 64;

    private final Gaps gaps;
    private final HeardHours hours;
    private String name = "";
    private long since = Long.MIN_VALUE;
    private long lastHeard = Long.MIN_VALUE;

    /** What is too long to be usual, ns; 0: nothing is known to be. */
    private long patience;

    /** Not to be looked at before, ns. */
    private long lookAt = Long.MIN_VALUE;

    SilenceMemory() {
        this(new Gaps(), new HeardHours());
    }

    private SilenceMemory(Gaps gaps, HeardHours hours) {
        this.gaps = gaps;
        this.hours = hours;
    }

    /** Whether its usual gaps may be others now. */
    boolean hear(FlowFact fact) {
        long time = fact.time();
        if (time < lastHeard) {
            return false;
        }
        boolean isFirst = lastHeard == Long.MIN_VALUE;
        long gap = isFirst ? 0 : gap(time);
        since = isFirst ? time : since;
        lastHeard = time;
        lookAt = Long.MIN_VALUE;
        name = fact.hostName().length() <= MOST_NAME ? fact.hostName() : "";
        boolean isChanged = hours.hear(hour(time));
        if (gap > 0) {
            int millis = (int) TimeUnit.NANOSECONDS.toMillis(gap);
            isChanged |= gaps.add(millis, Math.floorDiv(time, NANOS_OF_WEEK));
        }
        return isChanged;
    }

    /** Before {@code time}, as far as it is none of the host's usual times of quiet, ns. */
    private long gap(long time) {
        long whole = time - lastHeard;
        return whole <= MOST_GAP_NANOS ? whole : unusualQuiet(time);
    }

    private static long hour(long time) {
        return Math.floorDiv(time, NANOS_OF_HOUR);
    }

    Gaps gaps() {
        return gaps;
    }

    void expectWithin(long nanos) {
        patience = nanos;
    }

    long patience() {
        return patience;
    }

    void lookAt(long time) {
        lookAt = time;
    }

    long lastHeard() {
        return lastHeard;
    }

    /** For how long it was heard of until it was heard last, ns. */
    long watched() {
        return lastHeard - since;
    }

    String nameOr(String address) {
        return name.isEmpty() ? address : name;
    }

    /** For how long it has been quiet at a time at which it usually is not, ns. */
    long unusualQuiet(long time) {
        long hour = hour(time);
        long heard = hour(lastHeard);
        while (hour > heard && hours.isUsual(hour)) {
            hour--;
        }
        if (hour == heard && hours.isUsual(heard)) {
            return time - lastHeard;
        }
        return Math.max(0, time - (hour + 1) * NANOS_OF_HOUR);
    }

    @Override
    public long due() {
        return patience == 0 ? NEVER : Math.max(lookAt, lastHeard + patience);
    }

    /** Learning lasts: it ends eight days after the host was last heard. Who was heard for less than an hour: in an hour. */
    @Override
    public long expires() {
        if (lastHeard == Long.MIN_VALUE) {
            return Long.MIN_VALUE;
        }
        return lastHeard + (watched() < NANOS_OF_HOUR ? NANOS_OF_HOUR : LEARNT_NANOS);
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        gaps.writeTo(out);
        hours.writeTo(out);
        out.writeUTF(name);
        out.writeLong(since);
        out.writeLong(lastHeard);
        out.writeLong(patience);
        out.writeLong(lookAt);
    }

    static SilenceMemory read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("memory of silence is of version %d, not %d".formatted(version, VERSION));
        }
        SilenceMemory memory = new SilenceMemory(Gaps.readFrom(in), HeardHours.readFrom(in));
        memory.name = in.readUTF();
        memory.since = in.readLong();
        memory.lastHeard = in.readLong();
        memory.patience = in.readLong();
        memory.lookAt = in.readLong();
        return memory;
    }
}
