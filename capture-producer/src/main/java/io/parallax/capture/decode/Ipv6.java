package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * The IPv6 header, RFC 8200 section 3. Valid if the version is 6 and all 40 octets were captured.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |Version| Traffic Class |           Flow Label                  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |         Payload Length        |  Next Header  |   Hop Limit   |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                     Source Address, 16 octets                 |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                  Destination Address, 16 octets               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Ipv6 {

    static final int SOURCE = 8;
    static final int DESTINATION = 24;
    static final int LENGTH = 40;

    static final int VERSION = 6;
    private static final int MAX_PAYLOAD_LENGTH = 0xffff;

    private Ipv6() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_IP);
        }
        // Eight octets at once: version, flow label, payload length, next header, hop limit.
        long start = cursor.int64(0);
        if (start >>> 60 != VERSION) {
            return cursor.end(Outcome.MALFORMED_IP);
        }
        Transport.clear(header);
        header.family = PacketHeader.FAMILY_IPV6;
        header.ttl = (int) start & 0xff;
        header.protocol = (int) start >>> 8 & 0xff;
        header.sourceHigh = cursor.int64(SOURCE);
        header.sourceLow = cursor.int64(SOURCE + Long.BYTES);
        header.destinationHigh = cursor.int64(DESTINATION);
        header.destinationLow = cursor.int64(DESTINATION + Long.BYTES);
        header.octetsHeader = LENGTH;
        header.fragmentIdentification = 0;
        int payloadLength = (int) start >>> 16 & 0xffff;
        cursor.advance(LENGTH);
        if (payloadLength == 0) {
            payloadLength = lengthBehindZero(cursor, header);
        }
        header.octetsIp = totalLength(payloadLength);
        cursor.declareEnd(payloadLength < 0 ? Cursor.MAX_LAYER_OCTETS : payloadLength);
        return IpProtocol.isExtension(header.protocol) ? Ipv6Extensions.read(cursor, header) : Layer.TRANSPORT;
    }

    /** With the header, as 32 unsigned bits; the longest jumbograms that can be claimed would not fit and count as 2^32 - 1. */
    private static int totalLength(int payloadLength) {
        return (int) Math.min(0xffff_ffffL, LENGTH + Integer.toUnsignedLong(payloadLength));
    }

    /**
     * A payload length of 0 is a jumbogram, or a segment for the card to split if more follows than the field can say;
     * otherwise it is what it says, and what follows is padding.
     */
    private static int lengthBehindZero(Cursor cursor, PacketHeader header) {
        int jumbo = Ipv6Extensions.jumboPayloadLength(cursor, header.protocol);
        if (jumbo != 0) {
            return jumbo;
        }
        return cursor.remaining() > MAX_PAYLOAD_LENGTH ? cursor.remaining() : 0;
    }
}
