package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Linux cooked captures: what the "any" device gives instead of a link header.
 *
 * <pre>
 *  LINKTYPE_LINUX_SLL, 16 octets            LINKTYPE_LINUX_SLL2, 20 octets
 *   0  packet type                           0  protocol
 *   2  ARPHRD_ type of the device            2  reserved
 *   4  link address length                   4  interface index
 *   6  link address of the sender, 8         8  ARPHRD_ type of the device
 *  14  protocol                             10  packet type
 *                                           11  link address length
 *                                           12  link address of the sender, 8
 * </pre>
 * The receiver's address is not there.
 */
final class LinuxCooked {

    private static final int DEVICE = 2;
    private static final int ADDRESS_LENGTH = 4;
    private static final int ADDRESS = 6;
    private static final int PROTOCOL = 14;
    private static final int LENGTH = 16;

    private static final int PROTOCOL_2 = 0;
    private static final int DEVICE_2 = 8;
    private static final int ADDRESS_LENGTH_2 = 11;
    private static final int ADDRESS_2 = 12;
    private static final int LENGTH_2 = 20;

    private static final int MAC_OCTETS = 6;

    /** linux/if_ether.h: an 802.2 LLC header follows. */
    private static final int LLC = 0x0004;

    /** Devices whose protocol field is no EtherType: linux/if_arp.h ARPHRD_FRAD, _IEEE80211_RADIOTAP and _NETLINK. */
    private static final int FRAME_RELAY = 770;

    private static final int RADIOTAP = 803;
    private static final int NETLINK = 824;

    private LinuxCooked() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        if (cursor.uint16(ADDRESS_LENGTH) == MAC_OCTETS) {
            header.sourceMac = cursor.uint48(ADDRESS);
        }
        int device = cursor.uint16(DEVICE);
        int protocol = cursor.uint16(PROTOCOL);
        cursor.advance(LENGTH);
        return follow(cursor, header, device, protocol);
    }

    static Layer read2(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH_2)) {
            return cursor.lacks(LENGTH_2, Outcome.MALFORMED_LINK);
        }
        if (cursor.uint8(ADDRESS_LENGTH_2) == MAC_OCTETS) {
            header.sourceMac = cursor.uint48(ADDRESS_2);
        }
        int device = cursor.uint16(DEVICE_2);
        int protocol = cursor.uint16(PROTOCOL_2);
        cursor.advance(LENGTH_2);
        return follow(cursor, header, device, protocol);
    }

    private static Layer follow(Cursor cursor, PacketHeader header, int device, int protocol) {
        return switch (device) {
            case FRAME_RELAY, RADIOTAP, NETLINK -> cursor.end(Outcome.NON_IP);
            default -> protocol == LLC ? Layer.LLC : EtherType.follow(cursor, header, protocol);
        };
    }
}
