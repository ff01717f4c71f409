package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Intervals between the connections of one host, by edge: destination, port and protocol.
 *
 * <pre>
 *  version (octet): 1 | newest contact, ms since the epoch (long) | edges (octet), each 65 octets:
 *    destination (int) | service (int) | age of the last contact, age of the first one (ms, int each) | source port (short)
 *    | last contact failed (octet) | intervals by length (46 octets)
 * </pre>
 *
 * <p>A full table forgets, in this order: edges that are known to be irregular, the busiest first; edges with the fewest
 * intervals, the longest quiet first. So a sweep over many hosts forgets itself, and not what looks like a period.
 */
final class BeaconEdges implements Memory {

    /** All of them fit in 2 KiB. */
    static final int MOST = 30;

    private static final int OCTETS_AN_EDGE = 4 * Integer.BYTES + Short.BYTES + 1 + GapBins.COUNT;

    static final int MOST_OCTETS = 1 + Long.BYTES + 1 + MOST * OCTETS_AN_EDGE;

    /** Evidence is gathered for so long and then anew: the unit of the bound on false alarms. */
    static final long EPOCH_MILLIS = TimeUnit.DAYS.toMillis(1);

    private static final int VERSION = 1;

    /** Counts are octets. */
    private static final int MOST_COUNT = 255;

    /** So many intervals show whether an edge is irregular: at random half of them lie within two octaves, or fewer. */
    private static final int KNOWN_INTERVALS = 32;

    private static final double IRREGULAR = 0.5;

    private static final int NONE = -1;

    private int size;
    private long newest = Long.MIN_VALUE;
    private final int[] destinations = new int[MOST];
    private final int[] services = new int[MOST];
    private final long[] firsts = new long[MOST];
    private final long[] lasts = new long[MOST];
    private final int[] sourcePorts = new int[MOST];
    private final boolean[] isFailed = new boolean[MOST];
    private final byte[][] counts = new byte[MOST][];

    /** What follows from the counts: kept, since a full table is searched for the least worth at each new edge. */
    private final int[] totals = new int[MOST];

    private final int[] worths = new int[MOST];

    /** The contact of that time came to nothing: what follows is a retry, and how long it waited is no interval. */
    void fail(int destination, int service, long millis) {
        int edge = find(destination, service);
        if (edge != NONE && lasts[edge] == millis) {
            isFailed[edge] = true;
        }
    }

    /**
     * Counts a connection.
     *
     * @return its edge if the connection ended an interval, else negative
     */
    int add(int destination, int service, long millis, int sourcePort, boolean isContinued) {
        newest = Math.max(newest, millis);
        int edge = find(destination, service);
        if (edge == NONE || isQuiet(edge)) {
            begin(room(), destination, service, millis, sourcePort);
            return NONE;
        }
        if (isContinued && sourcePorts[edge] == sourcePort) {
            return NONE;
        }
        sourcePorts[edge] = sourcePort;
        long gap = millis - lasts[edge];
        boolean isRetry = isFailed[edge];
        lasts[edge] = Math.max(lasts[edge], millis);
        isFailed[edge] &= gap <= 0;
        if (isRetry || gap < GapBins.LEAST_GAP_MILLIS) {
            return NONE;
        }
        if (millis - firsts[edge] >= EPOCH_MILLIS) {
            begin(edge, destination, service, millis, sourcePort);
            return NONE;
        }
        count(counts[edge], GapBins.of(gap));
        weigh(edge);
        return edge;
    }

    /** Halving keeps the evidence honest: the root of a likelihood ratio has an expectation of at most one, too. */
    private static void count(byte[] intervals, int bin) {
        if ((intervals[bin] & MOST_COUNT) == MOST_COUNT) {
            for (int i = 0; i < intervals.length; i++) {
                intervals[i] = (byte) ((intervals[i] & MOST_COUNT) / 2);
            }
        }
        intervals[bin]++;
    }

    private int find(int destination, int service) {
        for (int edge = 0; edge < size; edge++) {
            if (destinations[edge] == destination && services[edge] == service) {
                return edge;
            }
        }
        return NONE;
    }

    private void begin(int edge, int destination, int service, long millis, int sourcePort) {
        destinations[edge] = destination;
        services[edge] = service;
        firsts[edge] = millis;
        lasts[edge] = millis;
        sourcePorts[edge] = sourcePort;
        isFailed[edge] = false;
        counts[edge] = new byte[GapBins.COUNT];
        weigh(edge);
    }

    private int room() {
        forgetQuiet();
        if (size < MOST) {
            return size++;
        }
        int least = 0;
        for (int edge = 1; edge < size; edge++) {
            int compared = Integer.compare(worths[edge], worths[least]);
            least = compared < 0 || (compared == 0 && lasts[edge] < lasts[least]) ? edge : least;
        }
        return least;
    }

    /** Those that have been quiet for an epoch. */
    private void forgetQuiet() {
        int kept = 0;
        for (int edge = 0; edge < size; edge++) {
            if (!isQuiet(edge)) {
                move(edge, kept++);
            }
        }
        size = kept;
    }

    private boolean isQuiet(int edge) {
        return lasts[edge] <= newest - EPOCH_MILLIS;
    }

    private void move(int from, int to) {
        destinations[to] = destinations[from];
        services[to] = services[from];
        firsts[to] = firsts[from];
        lasts[to] = lasts[from];
        sourcePorts[to] = sourcePorts[from];
        isFailed[to] = isFailed[from];
        counts[to] = counts[from];
        totals[to] = totals[from];
        worths[to] = worths[from];
    }

    /** Told at each interval, so without an array of its own. */
    private void weigh(int edge) {
        byte[] of = counts[edge];
        int all = 0;
        int within = 0;
        int most = 0;
        for (int bin = 0; bin < GapBins.COUNT; bin++) {
            int count = of[bin] & MOST_COUNT;
            all += count;
            within += count - (bin >= Regularity.WIDTH ? of[bin - Regularity.WIDTH] & MOST_COUNT : 0);
            most = Math.max(most, within);
        }
        totals[edge] = all;
        worths[edge] = all >= KNOWN_INTERVALS && most < IRREGULAR * all ? -all : all;
    }

    /** How many intervals of the edge fell in each bin of {@link GapBins}. */
    int[] intervals(int edge) {
        int[] intervals = new int[GapBins.COUNT];
        for (int bin = 0; bin < intervals.length; bin++) {
            intervals[bin] = counts[edge][bin] & MOST_COUNT;
        }
        return intervals;
    }

    int intervalCount(int edge) {
        return totals[edge];
    }

    /** First contact of the epoch, ms since the epoch of Unix. */
    long first(int edge) {
        return firsts[edge];
    }

    /** Different destinations, that of the edge included, that are contacted about as often and about as regularly. */
    int alike(int edge) {
        int mode = mode(edge);
        int enough = intervalCount(edge) / 2;
        int found = 1;
        for (int other = 0; other < size; other++) {
            if (destinations[other] != destinations[edge]
                    && !isQuiet(other)
                    && isFirstOfItsDestination(other, mode, enough)
                    && isAlike(other, mode, enough)) {
                found++;
            }
        }
        return found;
    }

    private boolean isFirstOfItsDestination(int edge, int mode, int enough) {
        for (int before = 0; before < edge; before++) {
            if (destinations[before] == destinations[edge] && !isQuiet(before) && isAlike(before, mode, enough)) {
                return false;
            }
        }
        return true;
    }

    /** Half of its intervals, and enough of them, are within half an octave of the mode. */
    private boolean isAlike(int edge, int mode, int enough) {
        int near = 0;
        for (int bin = Math.max(0, mode - 2); bin <= Math.min(GapBins.COUNT - 1, mode + 2); bin++) {
            near += counts[edge][bin] & MOST_COUNT;
        }
        return near >= enough && 2 * near >= intervalCount(edge);
    }

    private int mode(int edge) {
        int mode = 0;
        for (int bin = 1; bin < GapBins.COUNT; bin++) {
            mode = (counts[edge][bin] & MOST_COUNT) > (counts[edge][mode] & MOST_COUNT) ? bin : mode;
        }
        return mode;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        forgetQuiet();
        out.writeByte(VERSION);
        out.writeLong(newest);
        out.writeByte(size);
        for (int edge = 0; edge < size; edge++) {
            out.writeInt(destinations[edge]);
            out.writeInt(services[edge]);
            out.writeInt((int) (newest - lasts[edge]));
            out.writeInt((int) Math.min(Integer.MAX_VALUE, newest - firsts[edge]));
            out.writeShort(sourcePorts[edge]);
            out.writeBoolean(isFailed[edge]);
            out.write(counts[edge]);
        }
    }

    static BeaconEdges readFrom(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("edges of version %d; this job reads %d".formatted(version, VERSION));
        }
        BeaconEdges edges = new BeaconEdges();
        edges.newest = in.readLong();
        edges.size = in.readUnsignedByte();
        for (int edge = 0; edge < edges.size; edge++) {
            edges.destinations[edge] = in.readInt();
            edges.services[edge] = in.readInt();
            edges.lasts[edge] = edges.newest - in.readInt();
            edges.firsts[edge] = edges.newest - in.readInt();
            edges.sourcePorts[edge] = in.readUnsignedShort();
            edges.isFailed[edge] = in.readBoolean();
            edges.counts[edge] = new byte[GapBins.COUNT];
            in.readFully(edges.counts[edge]);
            edges.weigh(edge);
        }
        return edges;
    }

    @Override
    public long due() {
        return NEVER;
    }

    @Override
    public long expires() {
        return size == 0 ? Long.MIN_VALUE : TimeUnit.MILLISECONDS.toNanos(newest + EPOCH_MILLIS);
    }
}
