package io.parallax.matrix;

import io.parallax.wire.PacketHeader;
import java.io.Serializable;

/**
 * Which subnet an address belongs to while no inventory says so: the network of a fixed prefix length.
 *
 * @param prefixLengthIpv4 bits, 0 to 32
 * @param prefixLengthIpv6 bits, 0 to 128
 */
public record SubnetRule(int prefixLengthIpv4, int prefixLengthIpv6) implements Serializable {

    private static final int BITS_IPV4 = 32;
    private static final int BITS_IPV6 = 128;

    /** The lengths that most estates give their segments: /24, and /64 as RFC 4291 section 2.5.1 has it. */
    public static final SubnetRule COMMON = new SubnetRule(24, 64);

    public SubnetRule {
        requireWithin("IPv4", prefixLengthIpv4, BITS_IPV4);
        requireWithin("IPv6", prefixLengthIpv6, BITS_IPV6);
    }

    private static void requireWithin(String family, int length, int bits) {
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException(
                    "%s prefix length is %d; allowed are 0 to %d".formatted(family, length, bits));
        }
    }

    /** Prefix length in bits for addresses of that family. */
    public int prefixLength(int family) {
        return family == PacketHeader.FAMILY_IPV6 ? prefixLengthIpv6 : prefixLengthIpv4;
    }
}
