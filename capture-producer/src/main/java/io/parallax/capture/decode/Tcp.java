package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * TCP, RFC 9293 section 3.1; bit 7 of the reserved ones is Accurate ECN's (RFC 9768).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |          Source Port          |       Destination Port        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                        Sequence Number                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                    Acknowledgment Number                      |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | Offset| Rsv |A|C|E|U|A|P|R|S|F|            Window             |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |           Checksum            |         Urgent Pointer        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                           Options                             |
 * </pre>
 */
final class Tcp {

    private static final int PORTS_LENGTH = 4;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int OFFSET_AND_FLAGS = 12;
    private static final int WINDOW = 14;
    private static final int MIN_LENGTH = 20;

    private static final int OFFSET_SHIFT = 12;
    private static final int CONTROL_BITS = 0x01ff;

    private Tcp() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(PORTS_LENGTH)) {
            return Transport.lacks(cursor, header, PORTS_LENGTH);
        }
        Transport.ports(cursor, header);
        if (!cursor.has(MIN_LENGTH)) {
            return readPart(cursor, header);
        }
        header.tcpSequence = cursor.int32(SEQUENCE);
        header.tcpAcknowledgment = cursor.int32(ACKNOWLEDGMENT);
        int flagsAndWindow = cursor.int32(OFFSET_AND_FLAGS);
        int offsetAndFlags = flagsAndWindow >>> Short.SIZE;
        header.tcpControlBits = offsetAndFlags & CONTROL_BITS;
        header.tcpWindow = flagsAndWindow & 0xffff;
        int length = (offsetAndFlags >>> OFFSET_SHIFT) * Integer.BYTES;
        if (length < MIN_LENGTH) {
            // Where the payload starts is not known, so none is claimed.
            header.octetsHeader += cursor.remaining();
            return cursor.end(Outcome.DECODED_TRANSPORT_MALFORMED);
        }
        return Transport.complete(cursor, header, length);
    }

    /** A header that was cut behind the ports: what is whole is taken, for a 60-octet mirror has little more. */
    private static Layer readPart(Cursor cursor, PacketHeader header) {
        if (cursor.has(SEQUENCE + Integer.BYTES)) {
            header.tcpSequence = cursor.int32(SEQUENCE);
        }
        if (cursor.has(ACKNOWLEDGMENT + Integer.BYTES)) {
            header.tcpAcknowledgment = cursor.int32(ACKNOWLEDGMENT);
        }
        if (!cursor.has(OFFSET_AND_FLAGS + Short.BYTES)) {
            return Transport.complete(cursor, header, MIN_LENGTH);
        }
        int offsetAndFlags = cursor.uint16(OFFSET_AND_FLAGS);
        header.tcpControlBits = offsetAndFlags & CONTROL_BITS;
        if (cursor.has(WINDOW + Short.BYTES)) {
            header.tcpWindow = cursor.uint16(WINDOW);
        }
        return Transport.complete(
                cursor, header, Math.max(MIN_LENGTH, (offsetAndFlags >>> OFFSET_SHIFT) * Integer.BYTES));
    }
}
