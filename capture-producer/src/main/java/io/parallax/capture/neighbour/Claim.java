package io.parallax.capture.neighbour;

import io.parallax.wire.PacketHeader;

/**
 * An interface said that an IP address is its own.
 *
 * @param family {@link PacketHeader#FAMILY_IPV4} or {@code FAMILY_IPV6}
 * @param high upper 64 bits of an IPv6 address, 0 for IPv4
 * @param low lower 64 bits
 * @param mac of the interface
 * @param vlan outermost VLAN identifier, or {@link #UNTAGGED}
 * @param timeNanos when, ns since the epoch by the sensor's clock
 */
public record Claim(int family, long high, long low, long mac, int vlan, long timeNanos) {

    /** No VLAN tag. */
    public static final int UNTAGGED = -1;
}
