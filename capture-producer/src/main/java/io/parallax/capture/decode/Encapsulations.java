package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * The tunnels that a frame was followed into, and the way back.
 *
 * <p>Whoever enters a tunnel leaves a valid IP header behind. It is kept here until the next tunnel is entered, so that a
 * packet whose innermost tunnel carries no IP stays on the innermost header that was valid. Frames without tunnels pay for
 * none of this.
 */
final class Encapsulations {

    private final DecodeOptions options;
    private final HeaderSink firstFragments;
    private final int[] vxlanPorts;
    private final AddressPrefix[] mirrorSenders;

    /** The last valid IP header; means something only if {@link #depth} is above 0. */
    private final PacketHeader outer = new PacketHeader();

    private int depth;

    /** @param firstFragments takes the headers of tunnels that were opened in the first fragment of a datagram */
    Encapsulations(DecodeOptions options, HeaderSink firstFragments) {
        this.options = options;
        this.firstFragments = firstFragments;
        this.vxlanPorts =
                options.vxlanPorts().stream().mapToInt(Integer::intValue).toArray();
        this.mirrorSenders =
                options.mirrorSenders().stream().map(AddressPrefix::of).toArray(AddressPrefix[]::new);
    }

    void start() {
        depth = 0;
    }

    /** What a datagram to {@code port} carries, {@link Layer#END} if nothing that is opened. */
    Layer behindPort(int port) {
        if (port == options.genevePort()) {
            return options.openGeneve() ? Layer.GENEVE : Layer.END;
        }
        if (!options.openVxlan()) {
            return Layer.END;
        }
        for (int vxlanPort : vxlanPorts) {
            if (port == vxlanPort) {
                return Layer.VXLAN;
            }
        }
        return port == options.vxlanGpePort() ? Layer.VXLAN_GPE : Layer.END;
    }

    /**
     * Leaves {@code header} behind, for what is inside to write over; false, and nothing done, if that would be one tunnel too
     * many. Its fragment status goes with it: an inner IP header writes its own.
     */
    boolean enter(PacketHeader header) {
        if (depth == options.maxEncapsulations()) {
            return false;
        }
        depth++;
        outer.copyFrom(header);
        if (header.has(PacketHeader.STATUS_FRAGMENT)) {
            firstFragments.accept(outer);
        }
        return true;
    }

    /** True if mirror packets from the source of {@code header} are to be opened. */
    boolean isMirrorSender(PacketHeader header) {
        for (AddressPrefix sender : mirrorSenders) {
            if (sender.holdsSource(header)) {
                return true;
            }
        }
        return mirrorSenders.length == 0;
    }

    /**
     * Says of {@code header} which mirror session brought it, once the tunnel was entered. What the header left behind says
     * is the same: where it stays the packet's header, its session still needs to see every sequence number. The overlay
     * through which the mirror packet itself came is none of the mirrored frame's.
     */
    void describeMirror(PacketHeader header, int kind, int session, int direction, long sequence) {
        header.overlayId = PacketHeader.NO_OVERLAY;
        describeMirrorOf(header, kind, session, direction, sequence);
        describeMirrorOf(outer, kind, session, direction, sequence);
    }

    private void describeMirrorOf(PacketHeader header, int kind, int session, int direction, long sequence) {
        header.mirrorKind = kind;
        header.mirrorSession = session;
        header.mirrorDirection = direction;
        header.mirrorSequence = sequence;
        header.mirrorSourceHigh = outer.sourceHigh;
        header.mirrorSourceLow = outer.sourceLow;
        header.mirrorIdentification = outer.family == PacketHeader.FAMILY_IPV4 ? outer.fragmentIdentification : 0;
        header.mirrorDepth++;
    }

    /** The outcome of a frame that ended with {@code outcome}, which goes back to the header left behind if need be. */
    Outcome settle(Outcome outcome, PacketHeader header) {
        return depth == 0 ? outcome : settleInside(outcome, header);
    }

    private Outcome settleInside(Outcome outcome, PacketHeader header) {
        switch (outcome) {
            case ARP, NON_IP, TRUNCATED, MALFORMED_LINK, MALFORMED_IP -> {
                header.copyFrom(outer);
                if (outcome == Outcome.TRUNCATED) {
                    header.status |= PacketHeader.STATUS_TRUNCATED;
                }
                return Outcome.DECODED_TUNNEL_WITHOUT_IP;
            }
            default -> {
                return outcome;
            }
        }
    }
}
