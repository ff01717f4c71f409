package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/** Frames without a link header: the version in the first four bits tells IPv4 from IPv6. */
final class RawIp {

    private RawIp() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(1)) {
            return cursor.lacks(1, Outcome.MALFORMED_IP);
        }
        return switch (cursor.uint8(0) >>> 4) {
            case 4 -> EtherType.follow(cursor, header, EtherType.IPV4);
            case 6 -> EtherType.follow(cursor, header, EtherType.IPV6);
            default -> cursor.end(Outcome.MALFORMED_IP);
        };
    }
}
