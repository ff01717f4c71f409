package io.parallax.model;

import io.parallax.wire.PacketHeader;

/** The bits of an address that name its network, as the two words in which addresses are kept: IPv4 in the low 32 bits. */
public final class NetworkMask {

    private NetworkMask() {}

    /**
     * Of the high word.
     *
     * @param family of the address
     * @param prefixLength 0 to 32, or 128 for IPv6
     */
    public static long high(int family, int prefixLength) {
        return family == PacketHeader.FAMILY_IPV6 ? first(prefixLength) : 0;
    }

    /** Of the low word, likewise. */
    public static long low(int family, int prefixLength) {
        return family == PacketHeader.FAMILY_IPV6
                ? first(prefixLength - Long.SIZE)
                : first(prefixLength) >>> Integer.SIZE;
    }

    /** The first so many bits of a word, from none to all. A shift by 64 would be one by 0. */
    private static long first(int bits) {
        return bits <= 0 ? 0 : -1L << (Long.SIZE - Math.min(bits, Long.SIZE));
    }
}
