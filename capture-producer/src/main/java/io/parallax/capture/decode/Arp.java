package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Address resolution, RFC 826, between IPv4 addresses on Ethernet.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |        Hardware type  1       |     Protocol type  0x0800     |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |Hardware len  6|Protocol len  4|           Operation           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                    Sender hardware address                    |
 *  +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                               |   Sender protocol address     |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |           (continued)         |    Target hardware address    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *  |                                                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                    Target protocol address                    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Arp {

    private static final int PROTOCOL_TYPE = 2;
    private static final int ADDRESS_LENGTHS = 4;
    private static final int OPERATION = 6;
    private static final int SENDER = 14;
    private static final int TARGET = 24;
    private static final int LENGTH = 28;

    /** Six octets of hardware address, four of protocol address. */
    private static final int MAC_AND_IPV4 = 0x0604;

    private Arp() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.NON_IP);
        }
        if (cursor.uint16(PROTOCOL_TYPE) != EtherType.IPV4 || cursor.uint16(ADDRESS_LENGTHS) != MAC_AND_IPV4) {
            return cursor.end(Outcome.NON_IP);
        }
        header.clearNetwork();
        header.family = PacketHeader.FAMILY_ARP;
        header.sourceLow = cursor.uint32(SENDER);
        header.destinationLow = cursor.uint32(TARGET);
        header.protocol = cursor.uint16(OPERATION);
        return cursor.end(Outcome.ARP);
    }
}
