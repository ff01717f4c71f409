package io.parallax.capture.watch;

import org.jspecify.annotations.Nullable;

/**
 * What came of one mirror session since the process started.
 *
 * @param source outer source address of the mirror packets
 * @param encapsulation gre, erspan_1, erspan_2 or erspan_3
 * @param session GRE key or ERSPAN session id; 0 where there is none
 * @param direction sent, delivered or unknown, seen from the mirrored port
 * @param lost frames that were sent and did not arrive; null: nothing tells
 * @param isEstimate true where lost comes from gaps in the outer IP identification and not from sequence numbers
 */
public record MirrorSession(
        String source,
        String encapsulation,
        long session,
        String direction,
        long frames,
        @Nullable Long lost,
        boolean isEstimate) {

    boolean isSameAs(MirrorSession other) {
        return source.equals(other.source)
                && encapsulation.equals(other.encapsulation)
                && session == other.session
                && direction.equals(other.direction);
    }

    String name() {
        return encapsulation + " session " + session + " of " + source;
    }
}
