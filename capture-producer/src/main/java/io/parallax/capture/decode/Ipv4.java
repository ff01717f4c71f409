package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * The IPv4 header, RFC 791. Valid if the version is 4, the header length at least 20, the total length no less than that (or
 * 0) and all of the header was captured. Its checksum is not verified: offload leaves it to the card.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |Version|  IHL  |Type of Service|          Total Length         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |         Identification        |Flags|      Fragment Offset    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Time to Live |    Protocol   |         Header Checksum       |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                       Source Address                          |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                    Destination Address                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                    Options                    |    Padding    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Ipv4 {

    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TIME_TO_LIVE = 8;
    private static final int PROTOCOL = 9;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int MIN_LENGTH = 20;

    private static final int VERSION = 4;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int FRAGMENT_OFFSET = 0x1fff;

    private Ipv4() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(MIN_LENGTH)) {
            return cursor.lacks(MIN_LENGTH, Outcome.MALFORMED_IP);
        }
        int versionAndLength = cursor.uint8(0);
        int headerLength = (versionAndLength & 0x0f) * Integer.BYTES;
        int totalLength = cursor.uint16(TOTAL_LENGTH);
        boolean lengthIsPossible = totalLength == 0 || totalLength >= headerLength;
        if (versionAndLength >>> 4 != VERSION || headerLength < MIN_LENGTH || !lengthIsPossible) {
            return cursor.end(Outcome.MALFORMED_IP);
        }
        if (!cursor.has(headerLength)) {
            return cursor.lacks(headerLength, Outcome.MALFORMED_IP);
        }
        // A segment that the card was still to split has no length yet: all the frame has is its length.
        int octets = totalLength == 0 ? cursor.remaining() : totalLength;
        header.family = PacketHeader.FAMILY_IPV4;
        header.octetsIp = octets;
        header.octetsHeader = headerLength;
        header.ttl = cursor.uint8(TIME_TO_LIVE);
        header.protocol = cursor.uint8(PROTOCOL);
        header.sourceLow = cursor.uint32(SOURCE);
        header.destinationLow = cursor.uint32(DESTINATION);
        int fragment = cursor.uint16(FRAGMENT) & (MORE_FRAGMENTS | FRAGMENT_OFFSET);
        int identification = cursor.uint16(IDENTIFICATION);
        cursor.declareEnd(octets);
        cursor.advance(headerLength);
        return fragment == 0
                ? Layer.TRANSPORT
                : Fragment.read(cursor, header, identification, (fragment & FRAGMENT_OFFSET) != 0);
    }
}
