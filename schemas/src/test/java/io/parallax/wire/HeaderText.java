package io.parallax.wire;

/** A header as one line of text, everything that a batch carries in it: what golden files and assertions compare. */
final class HeaderText {

    private HeaderText() {}

    static String of(PacketHeader h) {
        return ("t=%d macs=%012x>%012x vlans=%d:%x overlay=%d mirror=%x:%x#%08x type=%04x family=%d"
                                + " addresses=%x:%x>%x:%x protocol=%d ports=%d>%d code=%d ttl=%d status=%d octets=%d/%d"
                                + " tcp=%08x/%08x/%d/%03x")
                        .formatted(
                                h.timeNanos,
                                h.sourceMac,
                                h.destinationMac,
                                h.vlanCount,
                                h.vlanStack,
                                h.overlayId,
                                h.mirrorSourceHigh,
                                h.mirrorSourceLow,
                                h.mirrorSession,
                                h.etherType,
                                h.family,
                                h.sourceHigh,
                                h.sourceLow,
                                h.destinationHigh,
                                h.destinationLow,
                                h.protocol,
                                h.sourcePort,
                                h.destinationPort,
                                h.icmpCode,
                                h.ttl,
                                h.status,
                                h.octetsHeader,
                                h.octetsIp,
                                h.tcpSequence,
                                h.tcpAcknowledgment,
                                h.tcpWindow,
                                h.tcpControlBits)
                + mirrorFlags(h)
                + quotation(h);
    }

    /** Nothing where a header tells nothing: so the text of batches of the first version stays as it was written. */
    private static String mirrorFlags(PacketHeader h) {
        boolean isPlain = (h.mirrorKind | h.mirrorDirection) == 0 && h.mirrorSequence == PacketHeader.NO_SEQUENCE;
        return isPlain ? "" : " mirrored=%d/%d/%d".formatted(h.mirrorKind, h.mirrorDirection, h.mirrorSequence);
    }

    private static String quotation(PacketHeader h) {
        return h.quotedFamily == PacketHeader.FAMILY_NONE
                ? ""
                : " quotes=%d:%x:%x>%x:%x protocol=%d ports=%d>%d"
                        .formatted(
                                h.quotedFamily,
                                h.quotedSourceHigh,
                                h.quotedSourceLow,
                                h.quotedDestinationHigh,
                                h.quotedDestinationLow,
                                h.quotedProtocol,
                                h.quotedSourcePort,
                                h.quotedDestinationPort);
    }
}
