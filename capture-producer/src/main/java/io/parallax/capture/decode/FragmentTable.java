package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;
import org.jspecify.annotations.Nullable;

/**
 * Gives later fragments the ports of their first fragment.
 *
 * <p>A later fragment that arrives before its first one is <em>held</em>, a copy of it, until the first arrives, the time
 * limit runs out or room does; then it leaves as an orphan, its ports unknown. No header is ever lost here: after
 * {@link #release} as many have left as came. Held ones leave later than packets behind them, so whoever announces a low
 * watermark asks {@link #earliestHeldNanos}.
 *
 * <p>Bounded in memory whatever arrives: a cache of first fragments that forgets its oldest, and a fixed number of held
 * headers. Both are allocated when the first fragment shows up, nothing after that. Not thread-safe.
 */
public final class FragmentTable {

    /** Datagrams remembered: at 5 s this is 3,276 fragmented datagrams a second, 1 MiB. */
    public static final int DEFAULT_DATAGRAMS = 1 << 14;

    /** Later fragments held: reordering on a path spans few packets, so this is for floods. */
    public static final int DEFAULT_HELD = 1_024;

    /**
     * Fragments of a datagram leave their sender together, and 16-bit identifications come round: at 10,000 datagrams a
     * second between two hosts after 6.5 s, when a longer memory would give fragments another datagram's ports.
     */
    public static final long DEFAULT_LIMIT_NANOS = 5_000_000_000L;

    private final int datagrams;
    private final long limitNanos;
    private final HeaderSink out;
    private final @Nullable PacketHeader[] held;

    /** Of the held headers, side by side: a first fragment finds its later ones by passing over 4 KiB. */
    private final int[] heldHashes;

    private int heldCount;
    private @Nullable FirstFragments firsts;

    /**
     * A table without fragments.
     *
     * @param datagrams first fragments remembered, a power of two
     * @param held later fragments kept back at most
     * @param limitNanos longest capture time between fragments of one datagram
     * @param out where every header goes
     */
    public FragmentTable(int datagrams, int held, long limitNanos, HeaderSink out) {
        this.datagrams = datagrams;
        this.limitNanos = limitNanos;
        this.out = out;
        this.held = new PacketHeader[held];
        this.heldHashes = new int[held];
    }

    public FragmentTable(HeaderSink out) {
        this(DEFAULT_DATAGRAMS, DEFAULT_HELD, DEFAULT_LIMIT_NANOS, out);
    }

    /** Passes {@code header} on, at once or later, and with it whatever waited for it. */
    public void accept(PacketHeader header) {
        if (heldCount > 0) {
            releaseOlderThan(header.timeNanos - limitNanos);
        }
        if (!header.has(PacketHeader.STATUS_FRAGMENT)) {
            out.accept(header);
        } else if (header.has(PacketHeader.STATUS_LATER_FRAGMENT)) {
            acceptLater(header);
        } else {
            acceptFirst(header);
        }
    }

    /**
     * Remembers {@code first} and passes nothing on but what waited for it: the outer header of a tunnel that was opened in
     * a first fragment, whose packet counts under its inner header.
     */
    public void learn(PacketHeader first) {
        FirstFragments known = firsts();
        known.put(first);
        if (heldCount > 0) {
            releaseWhatBelongsTo(first, known);
        }
    }

    private void acceptFirst(PacketHeader first) {
        out.accept(first);
        learn(first);
    }

    private void acceptLater(PacketHeader later) {
        FirstFragments known = firsts();
        int slot = known.find(later);
        if (slot != FirstFragments.NONE) {
            known.apply(slot, later);
            out.accept(later);
        } else if (mayLearnFromFirst(later)) {
            hold(later);
        } else {
            out.accept(later);
        }
    }

    /** Behind IPv6 extension headers that went with the first fragment there may yet be a protocol with ports. */
    private static boolean mayLearnFromFirst(PacketHeader later) {
        return IpProtocol.hasPorts(later)
                || (later.family == PacketHeader.FAMILY_IPV6 && IpProtocol.isExtension(later.protocol));
    }

    private FirstFragments firsts() {
        FirstFragments known = firsts;
        if (known == null) {
            known = new FirstFragments(datagrams, limitNanos);
            firsts = known;
        }
        return known;
    }

    private void hold(PacketHeader later) {
        if (held.length == 0) {
            out.accept(later);
            return;
        }
        if (heldCount == held.length) {
            out.accept(heldAt(0));
            remove(0);
        }
        heldAt(heldCount).copyFrom(later);
        heldHashes[heldCount] = FirstFragments.hash(later);
        heldCount++;
    }

    private void releaseWhatBelongsTo(PacketHeader first, FirstFragments known) {
        int hash = FirstFragments.hash(first);
        int i = 0;
        while (i < heldCount) {
            int slot = heldHashes[i] == hash ? known.find(heldAt(i)) : FirstFragments.NONE;
            if (slot == FirstFragments.NONE) {
                i++;
            } else {
                known.apply(slot, heldAt(i));
                out.accept(heldAt(i));
                remove(i);
            }
        }
    }

    /** Lets go what waited longer than the limit by {@code nowNanos}: on a stream where nothing else comes. */
    public void expire(long nowNanos) {
        releaseOlderThan(nowNanos - limitNanos);
    }

    private void releaseOlderThan(long timeNanos) {
        while (heldCount > 0 && heldAt(0).timeNanos < timeNanos) {
            out.accept(heldAt(0));
            remove(0);
        }
    }

    /** Lets all held headers go, as orphans: at the end of a stream. */
    public void release() {
        for (int i = 0; i < heldCount; i++) {
            out.accept(heldAt(i));
        }
        heldCount = 0;
    }

    /** The earliest capture time among the held headers, {@link Long#MAX_VALUE} if none is held. */
    public long earliestHeldNanos() {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < heldCount; i++) {
            earliest = Math.min(earliest, heldAt(i).timeNanos);
        }
        return earliest;
    }

    public int held() {
        return heldCount;
    }

    /** Closes the gap and keeps the header object behind the others for reuse. */
    private void remove(int index) {
        PacketHeader removed = heldAt(index);
        System.arraycopy(held, index + 1, held, index, heldCount - index - 1);
        System.arraycopy(heldHashes, index + 1, heldHashes, index, heldCount - index - 1);
        heldCount--;
        held[heldCount] = removed;
    }

    private PacketHeader heldAt(int index) {
        PacketHeader header = held[index];
        if (header == null) {
            header = new PacketHeader();
            held[index] = header;
        }
        return header;
    }
}
