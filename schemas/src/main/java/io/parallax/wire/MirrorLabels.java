package io.parallax.wire;

/** The words for mirror encapsulations and directions in ledgers and in the vantage of flows. */
public final class MirrorLabels {

    private MirrorLabels() {}

    /** Word for a {@link PacketHeader#mirrorKind}: gre, erspan_1, erspan_2, erspan_3; "mirror" for any other number. */
    public static String encapsulation(int kind) {
        return switch (kind) {
            case PacketHeader.MIRROR_GRE -> "gre";
            case PacketHeader.MIRROR_ERSPAN_1 -> "erspan_1";
            case PacketHeader.MIRROR_ERSPAN_2 -> "erspan_2";
            case PacketHeader.MIRROR_ERSPAN_3 -> "erspan_3";
            default -> "mirror";
        };
    }

    /** Word for a {@link PacketHeader#mirrorDirection}: sent or delivered; "unknown" for any other number. */
    public static String direction(int direction) {
        return switch (direction) {
            case PacketHeader.DIRECTION_SENT -> "sent";
            case PacketHeader.DIRECTION_DELIVERED -> "delivered";
            default -> "unknown";
        };
    }

    /** Text of a mirror session's outer source address: IPv6 where it does not fit into 32 bits. */
    public static String source(long high, long low) {
        int family = high == 0 && low >>> 32 == 0 ? PacketHeader.FAMILY_IPV4 : PacketHeader.FAMILY_IPV6;
        return Addresses.ip(family, high, low);
    }

    /**
     * Name of what brought a copy of a frame: encapsulation, outer source, session number, and the direction where it is
     * known. {@code gre 10.0.0.1 key 33554432 sent}, {@code erspan_3 10.0.0.1 session 5 delivered}.
     */
    public static String name(int kind, long sourceHigh, long sourceLow, int session, int direction) {
        String number = kind == PacketHeader.MIRROR_GRE ? " key " : " session ";
        String known = direction == PacketHeader.DIRECTION_UNKNOWN ? "" : " " + direction(direction);
        return encapsulation(kind) + " " + source(sourceHigh, sourceLow) + number + Integer.toUnsignedString(session)
                + known;
    }

    /**
     * What the copies of both directions of a mirrored port share in their {@link #name}: for GRE encapsulation and source,
     * since the key tells the direction there.
     */
    public static String withoutDirection(String name) {
        int key = name.indexOf(" key ");
        if (key >= 0) {
            return name.substring(0, key);
        }
        int number = name.indexOf(" session ");
        int end = name.indexOf(' ', number + " session ".length());
        return number < 0 || end < 0 ? name : name.substring(0, end);
    }

    /** The outer source address in a {@link #name}; empty without one. */
    public static String source(String name) {
        int begin = name.indexOf(' ') + 1;
        int end = name.indexOf(' ', begin);
        return begin == 0 || end < 0 ? "" : name.substring(begin, end);
    }
}
