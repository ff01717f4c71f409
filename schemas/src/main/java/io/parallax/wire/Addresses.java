package io.parallax.wire;

import java.nio.ByteBuffer;

/** Text of addresses that are held as numbers. */
public final class Addresses {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Addresses() {}

    /** An IP address as text: dotted decimal, or for IPv6 as RFC 5952 recommends. */
    public static String ip(int family, long high, long low) {
        return family == PacketHeader.FAMILY_IPV6 ? ipv6(high, low) : ipv4(low);
    }

    private static String ipv4(long address) {
        return (address >>> 24 & 0xFF) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "."
                + (address & 0xFF);
    }

    private static String ipv6(long high, long low) {
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; ) {
            int run = i;
            while (run < 8 && group(high, low, run) == 0) {
                run++;
            }
            if (run - i > length) {
                start = i;
                length = run - i;
            }
            i = Math.max(run, i + 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(high, low, i)));
            }
        }
        return text.toString();
    }

    private static int group(long high, long low, int index) {
        return (int) ((index < 4 ? high : low) >>> ((3 - index % 4) * 16)) & 0xFFFF;
    }

    /** A 48-bit MAC address as six octets in lower-case hexadecimal with colons. */
    public static String mac(long address) {
        char[] text = new char[17];
        for (int i = 0; i < 6; i++) {
            int octet = (int) (address >>> ((5 - i) * 8)) & 0xFF;
            text[i * 3] = HEX[octet >>> 4];
            text[i * 3 + 1] = HEX[octet & 0xF];
            if (i < 5) {
                text[i * 3 + 2] = ':';
            }
        }
        return new String(text);
    }

    /** The subnet of an address in CIDR notation. */
    public static String subnet(int family, long high, long low, int prefixLength) {
        boolean isWide = family == PacketHeader.FAMILY_IPV6;
        int bits = isWide ? prefixLength : prefixLength + 96;
        long maskHigh = bits >= 64 ? -1 : bits == 0 ? 0 : -1L << (64 - bits);
        long maskLow = bits >= 128 ? -1 : bits <= 64 ? 0 : -1L << (128 - bits);
        return ip(family, high & maskHigh, low & maskLow) + "/" + prefixLength;
    }

    /** The octets of an address, 4 or 16, in network order. */
    static byte[] octets(int family, long high, long low) {
        return family == PacketHeader.FAMILY_IPV6
                ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
                : ByteBuffer.allocate(4).putInt((int) low).array();
    }
}
