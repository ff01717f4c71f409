package io.parallax.capture.account;

import io.parallax.wire.MirrorLabels;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The books of mirror sessions: what each brought, and what got lost between the switch and us.
 *
 * <p>A session is (outer source, kind, GRE key or ERSPAN session id). Its sequence numbers, where the sender writes them,
 * run over both directions of the mirrored port: in the lab's ERSPAN type III session 952 frames of both directions carry
 * consecutive numbers, and so do the two of zeek's sample, one each way. Where a GRE key tells the direction, the key makes two sessions of them. With sequence numbers loss is
 * exact, and known a window of 4,096 frames later ({@link SequenceWindow}); without, it is an estimate from the outer
 * IPv4 identification, whose counter the sessions of a sender share ({@link IdentificationGaps}): a gap counts for the
 * session whose frame showed it. A session that numbers both directions together has its loss in a count of direction
 * "unknown".
 *
 * <p>Wants every frame that came through a mirror, whatever became of what was inside, before anything is sampled or shed;
 * else its absence looks like loss. Bounded: sessions beyond {@value #MOST_SESSIONS} are one count together; a session that
 * was silent for {@value #FORGOTTEN_AFTER} counts is closed and forgotten. Nothing is allocated per frame of a known
 * session. Not thread-safe.
 */
public final class MirrorSessions {

    /** A vCenter allows some hundred mirror sessions; this is against forged ones. About 0.6 MiB when full. */
    public static final int MOST_SESSIONS = 1_024;

    /** Ten minutes where counts are taken every second. */
    public static final int FORGOTTEN_AFTER = 600;

    /** At most half full, so that probing ends soon. */
    private static final int SLOTS = 2 * MOST_SESSIONS;

    private static final String OTHER = "other";

    private final @Nullable MirrorSession[] slots = new MirrorSession[SLOTS];
    private final List<MirrorSession> sessions = new ArrayList<>();
    private @Nullable MirrorSession last;
    private long otherFrames;
    private long forgottenDuplicates;
    private long forgottenRestarts;

    /** Books the mirror packet that brought {@code header}; one that no mirror brought is none of its business. */
    public void accept(PacketHeader header) {
        if (header.mirrorKind == PacketHeader.MIRROR_NONE) {
            return;
        }
        MirrorSession session = last;
        if (session == null || !session.brought(header)) {
            session = findOrAdd(header);
            if (session == null) {
                otherFrames++;
                return;
            }
            last = session;
        }
        session.accept(header);
    }

    private @Nullable MirrorSession findOrAdd(PacketHeader header) {
        int slot = slotOf(MirrorSession.hash(header));
        MirrorSession known = slots[slot];
        while (known != null) {
            if (known.brought(header)) {
                return known;
            }
            slot = slot + 1 & SLOTS - 1;
            known = slots[slot];
        }
        if (sessions.size() == MOST_SESSIONS) {
            return null;
        }
        MirrorSession added = new MirrorSession(header, gapsOf(header));
        slots[slot] = added;
        sessions.add(added);
        return added;
    }

    private static int slotOf(long hash) {
        return (int) hash & SLOTS - 1;
    }

    /** A sender counts its packets, whichever session they belong to. */
    private @Nullable IdentificationGaps gapsOf(PacketHeader header) {
        for (MirrorSession session : sessions) {
            if (session.isFromSenderOf(header)) {
                return session.gaps();
            }
        }
        boolean isIpv4 = header.mirrorSourceHigh == 0 && header.mirrorSourceLow >>> 32 == 0;
        return isIpv4 ? new IdentificationGaps() : null;
    }

    /** Counts since the last call, of all sessions that brought frames or were found to lack some. */
    public List<MirrorSessionCount> takeCounts() {
        List<MirrorSessionCount> counts = new ArrayList<>();
        boolean isAnyForgotten = false;
        for (MirrorSession session : sessions) {
            session.take(counts);
            isAnyForgotten |= session.silentCounts() >= FORGOTTEN_AFTER;
        }
        if (isAnyForgotten) {
            forgetSilentOnes(counts);
        }
        addOther(counts);
        return counts;
    }

    private void forgetSilentOnes(List<MirrorSessionCount> counts) {
        List<MirrorSession> kept = new ArrayList<>(sessions.size());
        for (MirrorSession session : sessions) {
            if (session.silentCounts() < FORGOTTEN_AFTER) {
                kept.add(session);
            } else {
                session.finish();
                session.take(counts);
                forgottenDuplicates += session.duplicates();
                forgottenRestarts += session.restarts();
            }
        }
        sessions.clear();
        sessions.addAll(kept);
        last = null;
        Arrays.fill(slots, null);
        for (MirrorSession session : sessions) {
            int slot = slotOf(session.hash());
            while (slots[slot] != null) {
                slot = slot + 1 & SLOTS - 1;
            }
            slots[slot] = session;
        }
    }

    private void addOther(List<MirrorSessionCount> counts) {
        if (otherFrames > 0) {
            String unknown = MirrorLabels.direction(PacketHeader.DIRECTION_UNKNOWN);
            counts.add(new MirrorSessionCount(OTHER, OTHER, 0, unknown, otherFrames, null, false));
            otherFrames = 0;
        }
    }

    /** The last counts, at the end of a capture: what is missing by now is lost. Sequences begin anew afterwards. */
    public List<MirrorSessionCount> close() {
        sessions.forEach(MirrorSession::finish);
        return takeCounts();
    }

    /** Mirror packets that came again and were not counted again. */
    public long duplicates() {
        return forgottenDuplicates
                + sessions.stream().mapToLong(MirrorSession::duplicates).sum();
    }

    /** How often a sender began its sequence anew: what was lost around that is not known. */
    public long restarts() {
        return forgottenRestarts
                + sessions.stream().mapToLong(MirrorSession::restarts).sum();
    }
}
