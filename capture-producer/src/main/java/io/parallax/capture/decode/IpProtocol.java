package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/** IP protocol numbers (IANA registry) that are read further. */
public final class IpProtocol {

    static final int HOP_BY_HOP = 0;
    static final int ICMP = 1;
    static final int IPV4 = 4;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int DCCP = 33;
    static final int IPV6 = 41;
    static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    static final int GRE = 47;
    static final int AUTHENTICATION = 51;
    static final int ICMPV6 = 58;
    static final int DESTINATION_OPTIONS = 60;
    static final int SCTP = 132;
    static final int UDP_LITE = 136;
    static final int MPLS = 137;

    private IpProtocol() {}

    /** True for what {@link Ipv6Extensions} opens behind an IPv6 header. */
    static boolean isExtension(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    /** True if the header's protocol tells flows apart by ports, or by ICMP types in their place. */
    public static boolean hasPorts(PacketHeader header) {
        return switch (header.protocol) {
            case TCP, UDP, DCCP, SCTP, UDP_LITE -> true;
            case ICMP -> header.family == PacketHeader.FAMILY_IPV4;
            case ICMPV6 -> header.family == PacketHeader.FAMILY_IPV6;
            default -> false;
        };
    }
}
