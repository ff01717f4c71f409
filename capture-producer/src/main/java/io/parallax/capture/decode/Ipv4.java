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

    private static final int TIME_TO_LIVE_AND_PROTOCOL = 8;
    static final int SOURCE = 12;
    static final int DESTINATION = 16;
    static final int MIN_LENGTH = 20;

    static final int VERSION = 4;
    private static final int MORE_FRAGMENTS = 0x2000;
    static final int FRAGMENT_OFFSET = 0x1fff;

    private Ipv4() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(MIN_LENGTH)) {
            return cursor.lacks(MIN_LENGTH, Outcome.MALFORMED_IP);
        }
        // Eight octets at once: version, header length, total length, identification, fragment.
        long start = cursor.int64(0);
        int versionAndLength = (int) (start >>> 56);
        int headerLength = (versionAndLength & 0x0f) * Integer.BYTES;
        int totalLength = (int) (start >>> 32) & 0xffff;
        boolean lengthIsPossible = totalLength == 0 || totalLength >= headerLength;
        if (versionAndLength >>> 4 != VERSION || headerLength < MIN_LENGTH || !lengthIsPossible) {
            return cursor.end(Outcome.MALFORMED_IP);
        }
        if (!cursor.has(headerLength)) {
            return cursor.lacks(headerLength, Outcome.MALFORMED_IP);
        }
        // A segment that the card was still to split has no length yet: all the frame has is its length.
        int octets = totalLength == 0 ? cursor.remaining() : totalLength;
        Transport.clear(header);
        header.family = PacketHeader.FAMILY_IPV4;
        header.octetsIp = octets;
        header.octetsHeader = headerLength;
        int timeToLiveAndProtocol = cursor.uint16(TIME_TO_LIVE_AND_PROTOCOL);
        header.ttl = timeToLiveAndProtocol >>> Byte.SIZE;
        header.protocol = timeToLiveAndProtocol & 0xff;
        header.sourceHigh = 0;
        header.sourceLow = cursor.uint32(SOURCE);
        header.destinationHigh = 0;
        header.destinationLow = cursor.uint32(DESTINATION);
        int fragment = (int) start & (MORE_FRAGMENTS | FRAGMENT_OFFSET);
        int identification = (int) (start >>> 16) & 0xffff;
        header.fragmentIdentification = identification;
        cursor.declareEnd(octets);
        cursor.advance(headerLength);
        return fragment == 0
                ? Layer.TRANSPORT
                : Fragment.read(cursor, header, identification, (fragment & FRAGMENT_OFFSET) != 0);
    }
}
