package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * IPv6 extension headers, RFC 8200 section 4: hop-by-hop options, routing, fragment, destination options; and the
 * authentication header, RFC 4302.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Next Header  |    Length     |  options, 8 octets + 8 * length; AH: 8 octets + 4 * length
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Next Header  |   Reserved    |      Fragment Offset    |Res|M|
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                         Identification                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | Option type 0xc2 |  Option length 4  |  Jumbo Payload Length, 32 bits (RFC 2675), in hop-by-hop options
 * </pre>
 */
final class Ipv6Extensions {

    static final int UNIT = 8;
    private static final int LENGTH_FIELD = 1;
    static final int FRAGMENT_FIELD = 2;
    private static final int IDENTIFICATION = 4;
    static final int OFFSET = 0xfff8;
    private static final int MORE_FRAGMENTS = 1;

    private static final int OPTIONS = 2;
    private static final int PADDING_OF_ONE = 0;
    private static final int JUMBO_PAYLOAD = 0xc2;
    private static final int JUMBO_LENGTH = 4;

    /** RFC 8200 names each once and destination options twice; more than this many is an attack on parsers. */
    private static final int MAX_EXTENSIONS = 64;

    private Ipv6Extensions() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        for (int i = 0; i < MAX_EXTENSIONS; i++) {
            int kind = header.protocol;
            if (!IpProtocol.isExtension(kind)) {
                return Layer.TRANSPORT;
            }
            if (!cursor.has(1)) {
                return Transport.lacks(cursor, header, 1);
            }
            header.protocol = cursor.uint8(0);
            // Until its length is there, an extension header has at least eight octets.
            int length = cursor.has(UNIT) ? lengthOf(cursor, kind) : UNIT;
            if (!cursor.has(length)) {
                return Transport.lacks(cursor, header, length);
            }
            int fragment = kind == IpProtocol.FRAGMENT ? cursor.uint16(FRAGMENT_FIELD) & (OFFSET | MORE_FRAGMENTS) : 0;
            int identification = cursor.int32(IDENTIFICATION);
            header.octetsHeader += length;
            cursor.advance(length);
            // Offset 0 and nothing more to come is an atomic fragment, RFC 6946: an ordinary packet.
            if (fragment != 0 && Fragment.read(cursor, header, identification, (fragment & OFFSET) != 0) == Layer.END) {
                return Layer.END;
            }
        }
        return Transport.malformed(cursor, header);
    }

    /** Octets of the extension header at the cursor, which has to have eight of them. */
    static int lengthOf(Cursor cursor, int kind) {
        return switch (kind) {
            case IpProtocol.FRAGMENT -> UNIT;
            case IpProtocol.AUTHENTICATION -> UNIT + cursor.uint8(LENGTH_FIELD) * Integer.BYTES;
            default -> UNIT + cursor.uint8(LENGTH_FIELD) * UNIT;
        };
    }

    /** The jumbo payload length from the hop-by-hop options at the cursor, as 32 unsigned bits; 0 without that option. */
    static int jumboPayloadLength(Cursor cursor, int nextHeader) {
        if (nextHeader != IpProtocol.HOP_BY_HOP || !cursor.has(UNIT)) {
            return 0;
        }
        int end = UNIT + cursor.uint8(LENGTH_FIELD) * UNIT;
        int option = OPTIONS;
        while (option + OPTIONS + JUMBO_LENGTH <= end && cursor.has(option + OPTIONS + JUMBO_LENGTH)) {
            int type = cursor.uint8(option);
            if (type == JUMBO_PAYLOAD) {
                return cursor.int32(option + OPTIONS);
            }
            option += type == PADDING_OF_ONE ? 1 : OPTIONS + cursor.uint8(option + 1);
        }
        return 0;
    }
}
