package io.parallax.model;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What two interfaces counted of the same flows, apart by the way that the packets went. Sums of non-negative numbers, so
 * that no order of adding matters. Mutable.
 */
public final class SegmentCounts {

    /** Packets that passed here first, then the other interface. */
    public static final int THERE = 0;

    /** Packets that passed the other interface first, then here. */
    public static final int BACK = 1;

    /** Packets of which nothing tells where they passed first. */
    public static final int UNORDERED = 2;

    /** Counted at the interface that is named first. */
    public static final int HERE = 0;

    /** Counted at the other interface. */
    public static final int OTHER = 1;

    private static final int WAYS = 3;
    private static final int PLACES = 2;

    private final long[] packets = new long[WAYS * PLACES];
    private final long[] octets = new long[WAYS * PLACES];

    public long packets(int way, int place) {
        return packets[way * PLACES + place];
    }

    public long octets(int way, int place) {
        return octets[way * PLACES + place];
    }

    public void add(int way, int place, long morePackets, long moreOctets) {
        packets[way * PLACES + place] += morePackets;
        octets[way * PLACES + place] += moreOctets;
    }

    public void add(SegmentCounts more) {
        for (int i = 0; i < packets.length; i++) {
            packets[i] += more.packets[i];
            octets[i] += more.octets[i];
        }
    }

    public void clear() {
        for (int i = 0; i < packets.length; i++) {
            packets[i] = 0;
            octets[i] = 0;
        }
    }

    public void writeTo(DataOutput out) throws IOException {
        for (int i = 0; i < packets.length; i++) {
            out.writeLong(packets[i]);
            out.writeLong(octets[i]);
        }
    }

    /** Takes over what {@link #writeTo} wrote. */
    public void readFrom(DataInput in) throws IOException {
        for (int i = 0; i < packets.length; i++) {
            packets[i] = in.readLong();
            octets[i] = in.readLong();
        }
    }
}
