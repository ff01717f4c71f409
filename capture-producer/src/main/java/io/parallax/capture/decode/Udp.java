package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * UDP, RFC 768, and UDP-Lite, RFC 3828, which has a checksum coverage in place of the length.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |          Source Port          |       Destination Port        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |            Length             |           Checksum            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Udp {

    private static final int PORTS_LENGTH = 4;
    private static final int LENGTH = 8;

    private Udp() {}

    /** UDP, and what its destination port says is in it. */
    static Layer read(Cursor cursor, PacketHeader header, Encapsulations encapsulations) {
        if (!cursor.has(LENGTH)) {
            return readLite(cursor, header);
        }
        Transport.ports(cursor, header);
        header.octetsHeader += LENGTH;
        Layer inside = encapsulations.behindPort(header.destinationPort);
        if (inside == Layer.END) {
            return cursor.end(Outcome.DECODED);
        }
        cursor.advance(LENGTH);
        return inside;
    }

    static Layer readLite(Cursor cursor, PacketHeader header) {
        if (!cursor.has(PORTS_LENGTH)) {
            return Transport.lacks(cursor, header, PORTS_LENGTH);
        }
        Transport.ports(cursor, header);
        return Transport.complete(cursor, header, LENGTH);
    }
}
