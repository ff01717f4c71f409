package io.parallax.wire;

/**
 * The ICMP and ICMPv6 messages that quote the packet that caused them: its IP header and at least eight octets behind it.
 *
 * <p>RFC 792: destination unreachable, source quench, redirect, time exceeded, parameter problem. RFC 4443: destination
 * unreachable, packet too big, time exceeded, parameter problem.
 */
public final class IcmpError {

    private static final int PROTOCOL_ICMP = 1;
    private static final int PROTOCOL_ICMPV6 = 58;
    private static final int TYPE_MASK = 0xFF;
    private static final int TYPE_SHIFT = 8;

    private IcmpError() {}

    /** True if {@code header} is such a message, so that a quotation may stand in it; its type is its source port. */
    public static boolean quotes(PacketHeader header) {
        return switch (header.family) {
            case PacketHeader.FAMILY_IPV4 -> header.protocol == PROTOCOL_ICMP && isIcmpError(header.sourcePort);
            case PacketHeader.FAMILY_IPV6 -> header.protocol == PROTOCOL_ICMPV6 && isIcmpv6Error(header.sourcePort);
            default -> false;
        };
    }

    private static boolean isIcmpError(int type) {
        return switch (type) {
            case 3, 4, 5, 11, 12 -> true;
            default -> false;
        };
    }

    private static boolean isIcmpv6Error(int type) {
        return type >= 1 && type <= 4;
    }

    /** Type and code of such a message as {@link PacketHeader#quotedBy} has them, never 0. */
    static int quotedBy(PacketHeader error) {
        return (error.family == PacketHeader.FAMILY_IPV6 ? PacketHeader.QUOTED_BY_ICMPV6 : 0)
                | ((error.sourcePort & TYPE_MASK) << TYPE_SHIFT)
                | (error.icmpCode & TYPE_MASK);
    }
}
