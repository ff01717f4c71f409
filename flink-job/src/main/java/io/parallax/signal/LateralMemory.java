package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What {@link LateralDetector} remembers of a host: services that it administers by, and hosts that it tried lately anew. */
final class LateralMemory implements Memory {

    private static final int VERSION = 2;

    /** Hosts tried in a span; of more the oldest is dropped. */
    static final int MOST_TRIED = 32;

    /** Who administers at all may do so weekly. */
    private static final long LEARNT_NANOS = TimeUnit.DAYS.toNanos(8);

    private static final int ALIVE = 1;
    private static final int REFUSED = 2;

    private static final int[] NO_HOSTS = {};
    private static final long[] NO_TIMES = {};
    private static final byte[] NO_MARKS = {};

    final AgeingFilter usual;

    final LateralHabit habit = new LateralHabit();

    /** When the host was first heard of, ns. */
    long since = Long.MIN_VALUE;

    /** New hosts that answered, before those of the table. */
    double learnt;

    private int[] hosts = NO_HOSTS;
    private long[] times = NO_TIMES;
    private byte[] marks = NO_MARKS;
    private int count;
    private boolean isAnswered;
    private long lastHeard = Long.MIN_VALUE;

    LateralMemory() {
        this(new AgeingFilter());
    }

    private LateralMemory(AgeingFilter usual) {
        this.usual = usual;
    }

    void hear(long time, boolean isEstablished) {
        isAnswered |= isEstablished;
        since = since == Long.MIN_VALUE ? time : since;
        lastHeard = Math.max(lastHeard, time);
    }

    /** Forgets what was tried before {@code time}; hosts that answered are what is usual now. */
    void dropBefore(long time) {
        int old = 0;
        while (old < count && times[old] < time) {
            learnt += marks[old] == 0 ? 0 : 1;
            old++;
        }
        drop(old);
    }

    private void drop(int old) {
        if (old > 0) {
            count -= old;
            System.arraycopy(hosts, old, hosts, 0, count);
            System.arraycopy(times, old, times, 0, count);
            System.arraycopy(marks, old, marks, 0, count);
        }
    }

    /** What was tried was another detector's to tell. */
    void dropAll() {
        count = 0;
    }

    void attempt(int host, long time) {
        if (find(host) < 0) {
            add(host, time, 0);
        }
    }

    private void add(int host, long time, int mark) {
        if (hosts.length == 0) {
            hosts = new int[MOST_TRIED];
            times = new long[MOST_TRIED];
            marks = new byte[MOST_TRIED];
        }
        drop(count == MOST_TRIED ? 1 : 0);
        hosts[count] = host;
        times[count] = time;
        marks[count] = (byte) mark;
        count++;
    }

    /** Whether that is new of a host that was tried. */
    boolean answer(int host, boolean isRefused) {
        int at = find(host);
        int mark = isRefused ? ALIVE | REFUSED : ALIVE;
        if (at < 0 || (marks[at] & mark) == mark) {
            return false;
        }
        marks[at] |= (byte) mark;
        return true;
    }

    private int find(int host) {
        for (int i = 0; i < count; i++) {
            if (hosts[i] == host) {
                return i;
            }
        }
        return -1;
    }

    int tried() {
        return count;
    }

    int alive() {
        return marked(ALIVE);
    }

    int refusing() {
        return marked(REFUSED);
    }

    private int marked(int mark) {
        int marked = 0;
        for (int i = 0; i < count; i++) {
            marked += (marks[i] & mark) == 0 ? 0 : 1;
        }
        return marked;
    }

    /** Of the oldest in the table, ns. */
    long firstTried() {
        return times[0];
    }

    @Override
    public long due() {
        return NEVER;
    }

    /** Learning lasts: it ends eight days after the host was last heard of. One that was never answered: in an hour. */
    @Override
    public long expires() {
        if (lastHeard == Long.MIN_VALUE) {
            return Long.MIN_VALUE;
        }
        return lastHeard + (isAnswered ? LEARNT_NANOS : TimeUnit.HOURS.toNanos(1));
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        usual.writeTo(out);
        habit.writeTo(out);
        out.writeLong(since);
        out.writeLong(lastHeard);
        out.writeDouble(learnt);
        out.writeBoolean(isAnswered);
        out.writeByte(count);
        for (int i = 0; i < count; i++) {
            out.writeInt(hosts[i]);
            out.writeLong(times[i]);
            out.writeByte(marks[i]);
        }
    }

    static LateralMemory read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("memory of lateral movement is of version %d, not %d".formatted(version, VERSION));
        }
        LateralMemory memory = new LateralMemory(AgeingFilter.readFrom(in));
        memory.habit.readFrom(in);
        memory.since = in.readLong();
        memory.lastHeard = in.readLong();
        memory.learnt = in.readDouble();
        memory.isAnswered = in.readBoolean();
        int count = in.readUnsignedByte();
        for (int i = 0; i < count; i++) {
            memory.add(in.readInt(), in.readLong(), in.readByte());
        }
        return memory;
    }
}
