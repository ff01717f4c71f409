package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Generic routing encapsulation version 0, RFC 2784 with the key and sequence number of RFC 2890. Source routing (R,
 * RFC 1701) and version 1 (RFC 2637, PPTP) are not opened.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |C|R|K|S|    Reserved     | Ver |         Protocol Type         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |      Checksum, if C           |       Reserved, if C          |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                           Key, if K                           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                     Sequence Number, if S                     |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Transparent Ethernet (0x6558) is how a distributed switch mirrors, and how NVGRE (RFC 7637) and other overlays carry
 * tenants' frames. Nothing in the packet tells them apart, so the mirror fields are set in any case; an NVGRE segment is the
 * upper 24 bits of the session. The list of mirror senders is the way to open mirrors only.
 */
final class Gre {

    private static final int FLAGS_AND_VERSION = 0;
    private static final int PROTOCOL_TYPE = 2;
    private static final int MIN_LENGTH = 4;

    private static final int CHECKSUM_PRESENT = 0x8000;
    private static final int ROUTING_PRESENT = 0x4000;
    private static final int KEY_PRESENT = 0x2000;
    private static final int SEQUENCE_PRESENT = 0x1000;
    private static final int VERSION = 0x0007;

    /** Keys of a distributed switch's mirror sessions: seen in a vSphere 7 capture, not documented. */
    private static final int KEY_SENT = 0x0200_0000;

    private static final int KEY_DELIVERED = 0;

    private Gre() {}

    static Layer read(Cursor cursor, PacketHeader header, Encapsulations encapsulations) {
        if (!cursor.has(MIN_LENGTH)) {
            return Tunnel.lacks(cursor, header, MIN_LENGTH);
        }
        int flags = cursor.uint16(FLAGS_AND_VERSION);
        if ((flags & (VERSION | ROUTING_PRESENT)) != 0) {
            return Tunnel.notOpened(cursor);
        }
        int length = MIN_LENGTH
                + Integer.BYTES * Integer.bitCount(flags & (CHECKSUM_PRESENT | KEY_PRESENT | SEQUENCE_PRESENT));
        if (!cursor.has(length)) {
            return Tunnel.lacks(cursor, header, length);
        }
        boolean hasKey = (flags & KEY_PRESENT) != 0;
        boolean hasSequence = (flags & SEQUENCE_PRESENT) != 0;
        int key = hasKey ? cursor.int32(MIN_LENGTH + ((flags & CHECKSUM_PRESENT) != 0 ? Integer.BYTES : 0)) : 0;
        // Always the last of them.
        long sequence = hasSequence ? cursor.uint32(length - Integer.BYTES) : PacketHeader.NO_SEQUENCE;
        int type = cursor.uint16(PROTOCOL_TYPE);
        cursor.advance(length);
        return switch (type) {
            case EtherType.TRANSPARENT_ETHERNET -> mirrored(cursor, header, encapsulations, hasKey, key, sequence);
            case Erspan.TYPE_1_OR_2 ->
                hasSequence
                        ? Erspan.readType2(cursor, header, encapsulations, sequence)
                        : Erspan.readType1(cursor, header, encapsulations, key);
            case Erspan.TYPE_3 -> Erspan.readType3(cursor, header, encapsulations, sequence);
            default -> encapsulations.enter(header) ? EtherType.follow(cursor, header, type) : Tunnel.tooDeep(cursor);
        };
    }

    private static Layer mirrored(
            Cursor cursor, PacketHeader header, Encapsulations encapsulations, boolean hasKey, int key, long sequence) {
        int direction = hasKey ? direction(key) : PacketHeader.DIRECTION_UNKNOWN;
        return enterMirror(cursor, header, encapsulations, PacketHeader.MIRROR_GRE, key, direction, sequence);
    }

    private static int direction(int key) {
        return switch (key) {
            case KEY_SENT -> PacketHeader.DIRECTION_SENT;
            case KEY_DELIVERED -> PacketHeader.DIRECTION_DELIVERED;
            default -> PacketHeader.DIRECTION_UNKNOWN;
        };
    }

    /** Continues with the mirrored Ethernet frame at the cursor, if its sender is one to listen to. */
    static Layer enterMirror(
            Cursor cursor,
            PacketHeader header,
            Encapsulations encapsulations,
            int kind,
            int session,
            int direction,
            long sequence) {
        if (!encapsulations.isMirrorSender(header)) {
            return cursor.end(Outcome.MIRROR_SENDER_REFUSED);
        }
        if (!encapsulations.enter(header)) {
            return Tunnel.tooDeep(cursor);
        }
        encapsulations.describeMirror(header, kind, session, direction, sequence);
        return Layer.ETHERNET;
    }
}
