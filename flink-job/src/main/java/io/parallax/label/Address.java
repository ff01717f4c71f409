package io.parallax.label;

import io.parallax.wire.PacketHeader;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * An IP address as two words.
 *
 * @param family {@link PacketHeader#FAMILY_IPV4} or {@code FAMILY_IPV6}
 * @param high upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low lower 64 bits; the 32 bits of an IPv4 address
 */
public record Address(int family, long high, long low) {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final long IPV4_BITS = 0xFFFF_FFFFL;

    /**
     * The address that {@code text} writes, in dotted decimal or as RFC 4291, section 2.2 has it.
     *
     * @throws IllegalArgumentException if it is no address; a name is none, and nobody is asked for it
     */
    public static Address of(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            throw refused(text);
        }
        try {
            InetAddress parsed = InetAddress.getByName(text);
            ByteBuffer octets = ByteBuffer.wrap(parsed.getAddress());
            return parsed instanceof Inet6Address
                    ? new Address(PacketHeader.FAMILY_IPV6, octets.getLong(), octets.getLong())
                    : new Address(PacketHeader.FAMILY_IPV4, 0, octets.getInt() & IPV4_BITS);
        } catch (UnknownHostException e) {
            throw refused(text);
        }
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("'" + text + "' is no IP address");
    }
}
