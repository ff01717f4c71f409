package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * The addresses that begin with the same bits.
 *
 * @param family {@link PacketHeader#FAMILY_IPV4} or {@link PacketHeader#FAMILY_IPV6}
 * @param high upper half of the first address, as in {@link PacketHeader#sourceHigh}
 * @param low its lower half
 * @param maskHigh ones where the upper half must agree
 * @param maskLow ones where the lower half must agree
 */
record AddressPrefix(int family, long high, long low, long maskHigh, long maskLow) {

    /** Reads {@code address} or {@code address/length}; never asks a name server. */
    static AddressPrefix of(String text) {
        int slash = text.indexOf('/');
        byte[] octets = octets(text, slash < 0 ? text : text.substring(0, slash));
        boolean isIpv4 = octets.length == Integer.BYTES;
        int width = octets.length * Byte.SIZE;
        int length = slash < 0 ? width : length(text, text.substring(slash + 1), width);
        // An IPv4 address is the low 32 bits of 128, so its prefix starts there.
        int ones = length + 128 - width;
        long maskHigh = isIpv4 ? 0 : ones(ones);
        long maskLow = isIpv4 ? ones(ones - 64) & 0xffff_ffffL : ones(ones - 64);
        ByteBuffer words = ByteBuffer.wrap(octets);
        long high = isIpv4 ? 0 : words.getLong();
        long low = isIpv4 ? Integer.toUnsignedLong(words.getInt()) : words.getLong();
        return new AddressPrefix(
                isIpv4 ? PacketHeader.FAMILY_IPV4 : PacketHeader.FAMILY_IPV6,
                high & maskHigh,
                low & maskLow,
                maskHigh,
                maskLow);
    }

    /** True for the source of a header. */
    boolean holdsSource(PacketHeader header) {
        return header.family == family && (header.sourceHigh & maskHigh) == high && (header.sourceLow & maskLow) == low;
    }

    private static long ones(int count) {
        return count <= 0 ? 0 : count >= Long.SIZE ? -1 : -1L << (Long.SIZE - count);
    }

    private static byte[] octets(String whole, String address) {
        boolean isLiteral = address.indexOf(':') >= 0 || address.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!isLiteral) {
            throw unreadable(whole);
        }
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw unreadable(whole);
        }
    }

    private static int length(String whole, String digits, int width) {
        if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > width) {
            throw unreadable(whole);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is no address or prefix; 10.0.0.7, 10.0.0.0/8, 2001:db8::1 and 2001:db8::/32 are");
    }
}
