package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What {@link PivotDetector} remembers of a host: who logged in lately, and where it logs in itself. */
final class PivotMemory implements Memory {

    private static final int VERSION = 2;
    private static final int MOST_USUAL = 64;

    /** Sessions from different hosts; of more the oldest is dropped. */
    private static final int MOST_INBOUND = 8;

    /** Names of virtual machines are shorter than this (DNS label, RFC 1035, section 2.3.4). */
    private static final int MOST_LETTERS = 63;

    /** Hosts that log in by habit; of more those are forgotten that did not for longest. */
    private static final int MOST_REGULAR = 32;

    private static final long LEARNT_NANOS = TimeUnit.DAYS.toNanos(8);
    private static final Inbound[] NOBODY = {};

    /**
     * A host that logged in.
     *
     * @param isFirst it never had before, but for the latest logins of others
     */
    record Inbound(int host, String name, long time, boolean isFirst) {}

    final RecentSet usual;
    private final RecentSet regular;

    /** When the host was first heard of, ns. */
    long since = Long.MIN_VALUE;

    /** New services that it logged in to. */
    int fresh;

    private Inbound[] inbound = NOBODY;
    private int count;
    private long lastHeard = Long.MIN_VALUE;

    PivotMemory() {
        this(new RecentSet(MOST_USUAL), new RecentSet(MOST_REGULAR));
    }

    private PivotMemory(RecentSet usual, RecentSet regular) {
        this.usual = usual;
        this.regular = regular;
    }

    void hear(long time) {
        since = since == Long.MIN_VALUE ? time : since;
        lastHeard = Math.max(lastHeard, time);
    }

    /** Within {@code spanNanos} of its first login a host is new. */
    void loggedIn(int host, String name, long time, long spanNanos) {
        if (inbound.length == 0) {
            inbound = new Inbound[MOST_INBOUND];
        }
        int last = 0;
        while (last < count && inbound[last].host() != host) {
            last++;
        }
        boolean isNew = last == count;
        boolean isFirst =
                isNew ? regular.find(host) == 0 : inbound[last].isFirst() && time - inbound[last].time() < spanNanos;
        regular.put(host);
        count = Math.min(MOST_INBOUND, isNew ? count + 1 : count);
        last = Math.min(last, MOST_INBOUND - 1);
        System.arraycopy(inbound, 0, inbound, 1, last);
        inbound[0] = new Inbound(host, name.substring(0, Math.min(MOST_LETTERS, name.length())), time, isFirst);
    }

    /** Who logged in last since then, other than that host; null: nobody. */
    @Nullable
    Inbound latest(long from, int otherThan) {
        for (int i = 0; i < count; i++) {
            if (inbound[i].time() >= from && inbound[i].host() != otherThan) {
                return inbound[i];
            }
        }
        return null;
    }

    @Override
    public long due() {
        return NEVER;
    }

    /** Learning lasts: it ends eight days after the host was last heard of. */
    @Override
    public long expires() {
        return lastHeard == Long.MIN_VALUE ? Long.MIN_VALUE : lastHeard + LEARNT_NANOS;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        usual.writeTo(out);
        regular.writeTo(out);
        out.writeLong(since);
        out.writeLong(lastHeard);
        out.writeInt(fresh);
        out.writeByte(count);
        for (int i = 0; i < count; i++) {
            out.writeInt(inbound[i].host());
            out.writeUTF(inbound[i].name());
            out.writeLong(inbound[i].time());
            out.writeBoolean(inbound[i].isFirst());
        }
    }

    static PivotMemory read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("memory of pivots is of version %d, not %d".formatted(version, VERSION));
        }
        PivotMemory memory = new PivotMemory(RecentSet.readFrom(MOST_USUAL, in), RecentSet.readFrom(MOST_REGULAR, in));
        memory.since = in.readLong();
        memory.lastHeard = in.readLong();
        memory.fresh = in.readInt();
        memory.count = in.readUnsignedByte();
        memory.inbound = memory.count == 0 ? NOBODY : new Inbound[MOST_INBOUND];
        for (int i = 0; i < memory.count; i++) {
            memory.inbound[i] = new Inbound(in.readInt(), in.readUTF(), in.readLong(), in.readBoolean());
        }
        return memory;
    }
}
