package io.parallax.local;

import io.parallax.local.Truth.Counts;
import io.parallax.local.Truth.Direction;
import io.parallax.wire.Flow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Flow rows added up per direction of a 5-tuple, over all windows and lifetimes. */
public final class FlowSums {

    private FlowSums() {}

    /** Sums of {@code latest}, the rows that count; directions without a packet are left out. */
    public static Map<Direction, Counts> of(List<Flow> latest) {
        Map<Direction, Counts> sums = new HashMap<>();
        for (Flow row : latest) {
            Direction forth = Direction.of(
                    row.getProtocolIdentifier(),
                    row.getSourceAddress(),
                    row.getSourceTransportPort(),
                    row.getDestinationAddress(),
                    row.getDestinationTransportPort());
            add(sums, forth, row.getPacketDeltaCount(), row.getOctetDeltaCount());
            add(sums, forth.back(), row.getReversePacketDeltaCount(), row.getReverseOctetDeltaCount());
        }
        return sums;
    }

    private static void add(Map<Direction, Counts> sums, Direction direction, long packets, long octets) {
        if (packets > 0) {
            sums.merge(
                    direction, new Counts(packets, octets), (one, other) -> one.plus(other.packets(), other.octets()));
        }
    }
}
