package io.parallax.label;

import io.parallax.model.NetworkMask;
import io.parallax.wire.PacketHeader;

/**
 * A network with a name.
 *
 * @param realm routing domain of its addresses
 * @param network lowest address
 * @param prefixLength bits, 0 to 32, or 128 for IPv6
 */
public record Subnet(String realm, Address network, int prefixLength, String name) {

    private static final int BITS_IPV4 = 32;
    private static final int BITS_IPV6 = 128;

    /**
     * The network that {@code cidr} writes, as 10.10.1.0/24.
     *
     * @throws IllegalArgumentException if it is none, or if bits behind the prefix are set
     */
    public static Subnet of(String realm, String cidr, String name) {
        int slash = cidr.indexOf('/');
        try {
            Address network = Address.of(cidr.substring(0, Math.max(slash, 0)));
            Subnet subnet = new Subnet(realm, network, Integer.parseInt(cidr.substring(slash + 1)), name);
            if (subnet.isWithinBits() && subnet.holds(network)) {
                return subnet;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(refusal(cidr), e);
        }
        throw new IllegalArgumentException(refusal(cidr));
    }

    private static String refusal(String cidr) {
        return "'" + cidr + "' is no network in CIDR notation; one is 10.10.1.0/24";
    }

    private boolean isWithinBits() {
        return prefixLength >= 0
                && prefixLength <= (network.family() == PacketHeader.FAMILY_IPV6 ? BITS_IPV6 : BITS_IPV4);
    }

    boolean holds(Address address) {
        int family = network.family();
        return family == address.family()
                && (address.high() & NetworkMask.high(family, prefixLength)) == network.high()
                && (address.low() & NetworkMask.low(family, prefixLength)) == network.low();
    }
}
