package io.parallax.capture.account;

import io.parallax.wire.MirrorLabels;
import io.parallax.wire.PacketHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One mirror session: its frames by direction, and what got lost of it. */
final class MirrorSession {

    /** Reordering on a path spans few packets; this is for several paths, and 512 octets a session. */
    private static final int WINDOW = 4_096;

    private static final int DIRECTIONS = 3;

    private final long sourceHigh;
    private final long sourceLow;
    private final int kind;
    private final int session;
    private final String sourceAddress;

    /** Of the sender, shared by its sessions; null for IPv6, whose header has no identification. */
    private final @Nullable IdentificationGaps gaps;

    private @Nullable SequenceWindow window;
    private final long[] frames = new long[DIRECTIONS];
    private int directionsSeen;
    private long estimatedLost;
    private long duplicates;
    private int silentCounts;

    MirrorSession(PacketHeader first, @Nullable IdentificationGaps gaps) {
        sourceHigh = first.mirrorSourceHigh;
        sourceLow = first.mirrorSourceLow;
        kind = first.mirrorKind;
        session = first.mirrorSession;
        sourceAddress = MirrorLabels.source(sourceHigh, sourceLow);
        this.gaps = gaps;
    }

    /** Hash of what makes a session; its high bits are the well-mixed ones. */
    static long hash(PacketHeader header) {
        return hash(header.mirrorSourceHigh, header.mirrorSourceLow, header.mirrorKind, header.mirrorSession);
    }

    private static long hash(long sourceHigh, long sourceLow, int kind, int session) {
        long hash = (sourceHigh ^ kind) * 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ (hash >>> 32) ^ sourceLow) * 0xBF58_476D_1CE4_E5B9L;
        hash = (hash ^ (hash >>> 32) ^ session) * 0x94D0_49BB_1331_11EBL;
        return hash ^ (hash >>> 32);
    }

    long hash() {
        return hash(sourceHigh, sourceLow, kind, session);
    }

    boolean brought(PacketHeader header) {
        return header.mirrorSession == session && header.mirrorKind == kind && isFromSenderOf(header);
    }

    boolean isFromSenderOf(PacketHeader header) {
        return header.mirrorSourceLow == sourceLow && header.mirrorSourceHigh == sourceHigh;
    }

    @Nullable
    IdentificationGaps gaps() {
        return gaps;
    }

    void accept(PacketHeader header) {
        boolean hasSequence = header.mirrorSequence != PacketHeader.NO_SEQUENCE;
        if (hasSequence && !window().accept((int) header.mirrorSequence)) {
            duplicates++;
            return;
        }
        int direction = header.mirrorDirection < DIRECTIONS ? header.mirrorDirection : PacketHeader.DIRECTION_UNKNOWN;
        frames[direction]++;
        directionsSeen |= 1 << direction;
        if (gaps != null) {
            long found = gaps.accept(header.mirrorIdentification);
            estimatedLost += window == null ? found : 0;
        }
    }

    private SequenceWindow window() {
        SequenceWindow known = window;
        if (known == null) {
            known = new SequenceWindow(WINDOW);
            window = known;
        }
        return known;
    }

    /** Gives up waiting for what is missing. */
    void finish() {
        if (window != null) {
            window.finish();
        } else if (gaps != null) {
            estimatedLost += gaps.finish();
        }
    }

    /** Counts since the last call, into {@code out}; nothing where nothing came and nothing was found lost. */
    void take(List<MirrorSessionCount> out) {
        @Nullable Long lost = takeLost();
        boolean isSilent = (frames[0] | frames[1] | frames[2]) == 0;
        silentCounts = isSilent ? silentCounts + 1 : 0;
        if (isSilent && (lost == null || lost == 0)) {
            return;
        }
        int lossDirection = directionOfLoss();
        for (int direction = 0; direction < DIRECTIONS; direction++) {
            if (frames[direction] > 0 || (direction == lossDirection && lost != null)) {
                out.add(count(direction, direction == lossDirection ? lost : null));
                frames[direction] = 0;
            }
        }
    }

    private MirrorSessionCount count(int direction, @Nullable Long lost) {
        return new MirrorSessionCount(
                sourceAddress,
                MirrorLabels.encapsulation(kind),
                Integer.toUnsignedLong(session),
                MirrorLabels.direction(direction),
                frames[direction],
                lost,
                lost != null && window == null);
    }

    /** What numbers both directions in one sequence does not tell which of them a lost frame had. */
    private int directionOfLoss() {
        boolean isOne = Integer.bitCount(directionsSeen) == 1;
        return isOne ? Integer.numberOfTrailingZeros(directionsSeen) : PacketHeader.DIRECTION_UNKNOWN;
    }

    private @Nullable Long takeLost() {
        if (window != null) {
            return window.takeLost();
        }
        long estimate = estimatedLost;
        estimatedLost = 0;
        return gaps != null && gaps.isTrusted() ? estimate : null;
    }

    /** How many calls of {@link #take} in a row found no frame. */
    int silentCounts() {
        return silentCounts;
    }

    long duplicates() {
        return duplicates;
    }

    long restarts() {
        return window == null ? 0 : window.restarts();
    }
}
