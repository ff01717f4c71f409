package io.parallax.model;

import io.parallax.wire.PacketHeader;

/**
 * What an ICMP or ICMPv6 error says of the flow whose packet it quotes.
 *
 * <p>Source: RFC 792, RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7 (codes of destination unreachable), RFC 4443
 * section 3. An error that says neither that the destination cannot be reached, nor that a packet was too large or went
 * too far, is {@link #OTHER}.
 */
public enum IcmpEvidence {
    /** No error: the packet was seen. */
    NONE(0),
    /** No route to the destination's network. */
    NET_UNREACHABLE(1),
    /** The last router does not reach the host. */
    HOST_UNREACHABLE(2),
    /** The host does not speak the protocol. */
    PROTOCOL_UNREACHABLE(3),
    /** Nobody listens at the port. */
    PORT_UNREACHABLE(4),
    /** A filter or policy on the way refuses it. */
    PROHIBITED(5),
    /** Fragmentation needed, or packet too big: path MTU discovery. */
    TOO_BIG(6),
    /** TTL or hop limit reached 0 on the way: a loop, or a traceroute. */
    TTL_EXCEEDED(7),
    /** Source quench, redirect, parameter problem, reassembly time exceeded, and codes that nobody defined. */
    OTHER(8);

    private static final IcmpEvidence[] BY_CODE = values();

    private static final int UNREACHABLE = 3;
    private static final int TIME_EXCEEDED = 11;
    private static final int UNREACHABLE_V6 = 1;
    private static final int TOO_BIG_V6 = 2;
    private static final int TIME_EXCEEDED_V6 = 3;
    private static final int PARAMETER_PROBLEM_V6 = 4;

    private final int code;

    IcmpEvidence(int code) {
        this.code = code;
    }

    /** Stands for it in blocks and in state, below 16; never reused. */
    public int code() {
        return code;
    }

    public static IcmpEvidence ofCode(int code) {
        return BY_CODE[code];
    }

    /** True if packets of the flow do not arrive: what its connection attempts end with. */
    public boolean isUnreachable() {
        return switch (this) {
            case NET_UNREACHABLE, HOST_UNREACHABLE, PROTOCOL_UNREACHABLE, PORT_UNREACHABLE, PROHIBITED -> true;
            case NONE, TOO_BIG, TTL_EXCEEDED, OTHER -> false;
        };
    }

    /** The meaning of {@link PacketHeader#quotedBy}. */
    public static IcmpEvidence of(int quotedBy) {
        if (quotedBy == 0) {
            return NONE;
        }
        int type = quotedBy >>> 8 & 0xFF;
        int code = quotedBy & 0xFF;
        return (quotedBy & PacketHeader.QUOTED_BY_ICMPV6) == 0 ? ofIcmp(type, code) : ofIcmpv6(type, code);
    }

    private static IcmpEvidence ofIcmp(int type, int code) {
        return switch (type) {
            case UNREACHABLE -> ofUnreachable(code);
            case TIME_EXCEEDED -> code == 0 ? TTL_EXCEEDED : OTHER;
            default -> OTHER;
        };
    }

    private static IcmpEvidence ofUnreachable(int code) {
        return switch (code) {
            case 0, 6, 11 -> NET_UNREACHABLE; // unreachable, unknown, not with this type of service
            case 1, 7, 8, 12 -> HOST_UNREACHABLE; // as above; 8: its router says that the source is isolated
            case 2 -> PROTOCOL_UNREACHABLE;
            case 3 -> PORT_UNREACHABLE;
            case 4 -> TOO_BIG;
            case 9, 10, 13, 14, 15 -> PROHIBITED; // network, host, all communication, precedence, its cutoff
            default -> OTHER; // 5: source route failed
        };
    }

    private static IcmpEvidence ofIcmpv6(int type, int code) {
        return switch (type) {
            case UNREACHABLE_V6 -> ofUnreachableV6(code);
            case TOO_BIG_V6 -> TOO_BIG;
            case TIME_EXCEEDED_V6 -> code == 0 ? TTL_EXCEEDED : OTHER;
            case PARAMETER_PROBLEM_V6 -> code == 1 ? PROTOCOL_UNREACHABLE : OTHER; // next header not recognized
            default -> OTHER;
        };
    }

    private static IcmpEvidence ofUnreachableV6(int code) {
        return switch (code) {
            case 0, 2 -> NET_UNREACHABLE; // no route, beyond the scope of the source address
            case 1, 5, 6 -> PROHIBITED; // administratively, by the source's policy, by a reject route
            case 3 -> HOST_UNREACHABLE;
            case 4 -> PORT_UNREACHABLE;
            default -> OTHER;
        };
    }
}
