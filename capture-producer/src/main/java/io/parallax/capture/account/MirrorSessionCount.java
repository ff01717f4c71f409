package io.parallax.capture.account;

import org.jspecify.annotations.Nullable;

/**
 * What came of one direction of a mirror session since the count before.
 *
 * @param sourceAddress outer source address; "other" for all sessions beyond those that are told apart
 * @param encapsulation gre, erspan_1, erspan_2, erspan_3, or other
 * @param session GRE key or ERSPAN session id, 0 without one
 * @param direction sent, delivered or unknown
 * @param frames mirror packets that arrived, one that arrived repeatedly counted once where sequence numbers tell
 * @param lost mirror packets that did not arrive, as known by now; null: nothing tells
 * @param lostIsEstimate true where {@code lost} is not from sequence numbers
 */
public record MirrorSessionCount(
        String sourceAddress,
        String encapsulation,
        long session,
        String direction,
        long frames,
        @Nullable Long lost,
        boolean lostIsEstimate) {}
