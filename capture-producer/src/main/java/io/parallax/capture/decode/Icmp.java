package io.parallax.capture.decode;

import io.parallax.wire.IcmpError;
import io.parallax.wire.PacketHeader;

/**
 * ICMP, RFC 792. Its type stands in for ports, as Community ID v1 has it: a request's type and that of its reply make one
 * flow, every other type is a flow of one direction, told apart by its code. What an error quotes, {@link Quotation} reads.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |     Type      |     Code      |          Checksum             |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                       rest of header                          |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Icmp {

    static final int CODE = 1;
    static final int COMMON_LENGTH = 4;

    /** No type has this as its counterpart. */
    static final int ONE_WAY = -1;

    private static final int LENGTH = 8;

    private Icmp() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        return cursor.has(COMMON_LENGTH)
                ? read(cursor, header, counterpart(cursor.uint8(0)), LENGTH)
                : Transport.lacks(cursor, header, COMMON_LENGTH);
    }

    /** What ICMP and ICMPv6 have in common. */
    static Layer read(Cursor cursor, PacketHeader header, int counterpart, int length) {
        header.sourcePort = cursor.uint8(0);
        header.icmpCode = cursor.uint8(CODE);
        if (counterpart == ONE_WAY) {
            return readOneWay(cursor, header, length);
        }
        header.destinationPort = counterpart;
        return Transport.complete(cursor, header, length);
    }

    private static Layer readOneWay(Cursor cursor, PacketHeader header, int length) {
        header.destinationPort = header.icmpCode;
        header.status |= PacketHeader.STATUS_ONE_WAY;
        Layer layer = Transport.complete(cursor, header, length);
        if (IcmpError.quotes(header)) {
            Quotation.read(cursor, header);
        }
        return layer;
    }

    /** The type that answers {@code type}, or {@link #ONE_WAY}. */
    static int counterpart(int type) {
        return switch (type) {
            case 8 -> 0; // echo
            case 0 -> 8;
            case 13 -> 14; // timestamp
            case 14 -> 13;
            case 15 -> 16; // information
            case 16 -> 15;
            case 10 -> 9; // router solicitation, advertisement
            case 9 -> 10;
            case 17 -> 18; // address mask
            case 18 -> 17;
            default -> ONE_WAY;
        };
    }
}
