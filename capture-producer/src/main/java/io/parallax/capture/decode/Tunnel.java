package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * How a packet ends that stays on a tunnel's own header before anything inside was read, and IP in IP, the tunnel without a
 * header of its own: IPv4 (RFC 2003), IPv6 (RFC 2473, RFC 4213) and MPLS (RFC 4023) directly behind an IP header.
 */
final class Tunnel {

    private Tunnel() {}

    /** IP protocols 4, 41 and 137: {@code type} is what they carry. */
    static Layer readDirect(Cursor cursor, PacketHeader header, Encapsulations encapsulations, int type) {
        return encapsulations.enter(header) ? EtherType.follow(cursor, header, type) : tooDeep(cursor);
    }

    /** A tunnel that would be one more than is opened. */
    static Layer tooDeep(Cursor cursor) {
        return cursor.end(Outcome.DECODED_TUNNEL_TOO_DEEP);
    }

    /** A version or variant that is not opened: an ordinary packet of its own flow. */
    static Layer notOpened(Cursor cursor) {
        return cursor.end(Outcome.DECODED);
    }

    /** The tunnel's header lacks {@code count} octets. */
    static Layer lacks(Cursor cursor, PacketHeader header, int count) {
        if (cursor.spans(count)) {
            header.status |= PacketHeader.STATUS_TRUNCATED;
        }
        return cursor.end(Outcome.DECODED_TUNNEL_WITHOUT_IP);
    }
}
