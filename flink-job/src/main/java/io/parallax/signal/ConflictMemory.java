package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Who claimed an address on which VLAN: the latest {@value #MOST}.
 *
 * <pre>
 *  version (octet): 1
 *  changes (int) | first change | last change | last heard (long each)
 *  claimants: count (octet), each: MAC | first claim | last claim (long each) | VLAN | claims | questions (int each)
 * </pre>
 */
final class ConflictMemory implements Memory {

    static final int MOST = 4;

    private static final int VERSION = 1;
    private static final int NOBODY = -1;

    final long[] macs = new long[MOST];
    final long[] firsts = new long[MOST];
    final long[] lasts = new long[MOST];
    final int[] vlans = new int[MOST];
    final int[] claims = new int[MOST];
    final int[] questions = new int[MOST];
    int size;
    int changes;
    long firstChange = Long.MIN_VALUE;
    long lastChange = Long.MIN_VALUE;
    long heardAt = Long.MIN_VALUE;

    int find(long mac, int vlan) {
        for (int i = 0; i < size; i++) {
            if (macs[i] == mac && vlans[i] == vlan) {
                return i;
            }
        }
        return NOBODY;
    }

    /** Who claimed last on that VLAN, below 0: nobody did. */
    int holder(int vlan) {
        int holder = NOBODY;
        for (int i = 0; i < size; i++) {
            if (vlans[i] == vlan && (holder < 0 || lasts[i] > lasts[holder])) {
                holder = i;
            }
        }
        return holder;
    }

    /** Adds a claimant, in place of the one that was quiet for longest where there is no room. */
    int add(long mac, int vlan, long time) {
        int place = size;
        if (size == MOST) {
            place = 0;
            for (int i = 1; i < MOST; i++) {
                place = lasts[i] < lasts[place] ? i : place;
            }
        } else {
            size++;
        }
        macs[place] = mac;
        vlans[place] = vlan;
        firsts[place] = time;
        lasts[place] = time;
        claims[place] = 0;
        questions[place] = 0;
        return place;
    }

    @Override
    public long due() {
        return NEVER;
    }

    @Override
    public long expires() {
        return heardAt == Long.MIN_VALUE ? Long.MIN_VALUE : heardAt + ConflictDetector.REMEMBERED_NANOS;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(changes);
        out.writeLong(firstChange);
        out.writeLong(lastChange);
        out.writeLong(heardAt);
        out.writeByte(size);
        for (int i = 0; i < size; i++) {
            out.writeLong(macs[i]);
            out.writeLong(firsts[i]);
            out.writeLong(lasts[i]);
            out.writeInt(vlans[i]);
            out.writeInt(claims[i]);
            out.writeInt(questions[i]);
        }
    }

    static ConflictMemory readFrom(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException(
                    "what is known of claims is of version %d; this job reads %d".formatted(version, VERSION));
        }
        ConflictMemory memory = new ConflictMemory();
        memory.changes = in.readInt();
        memory.firstChange = in.readLong();
        memory.lastChange = in.readLong();
        memory.heardAt = in.readLong();
        memory.size = in.readUnsignedByte();
        for (int i = 0; i < memory.size; i++) {
            memory.macs[i] = in.readLong();
            memory.firsts[i] = in.readLong();
            memory.lasts[i] = in.readLong();
            memory.vlans[i] = in.readInt();
            memory.claims[i] = in.readInt();
            memory.questions[i] = in.readInt();
        }
        return memory;
    }
}
