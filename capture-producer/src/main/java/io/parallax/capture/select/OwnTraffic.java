package io.parallax.capture.select;

import io.parallax.wire.PacketHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * TCP between this producer and its brokers: captured, it would be published, which makes more of it to capture.
 *
 * <p>Own is what goes from one of this machine's addresses (or of other sensors', where configured) to a broker's endpoint,
 * or back. Other clients of the same brokers are traffic like any other. Also found inside a tunnel or a mirror session,
 * since the innermost header is looked at. Link-local addresses are left out of it: no broker is
 * reached from them. Immutable: brokers change, then there is a new one.
 */
public final class OwnTraffic {

    private static final int TCP = 6;

    /** Nobody is known yet. */
    public static final OwnTraffic UNKNOWN = new OwnTraffic(Set.of(), Set.of());

    private final List<InetAddress> own;
    private final List<InetSocketAddress> brokers;
    private final long[] ownWords;
    private final long[] brokerWords;
    private final int[] brokerPorts;

    /**
     * @param own addresses of this machine and of other sensors
     * @param brokers resolved endpoints
     */
    public OwnTraffic(Collection<InetAddress> own, Collection<InetSocketAddress> brokers) {
        this.own = own.stream()
                .filter(address -> !address.isLinkLocalAddress())
                .sorted(Comparator.comparing(InetAddress::getHostAddress))
                .distinct()
                .toList();
        this.brokers = brokers.stream()
                .filter(broker -> !broker.isUnresolved())
                .sorted(Comparator.comparing(InetSocketAddress::toString))
                .distinct()
                .toList();
        this.ownWords = words(this.own);
        this.brokerWords =
                words(this.brokers.stream().map(InetSocketAddress::getAddress).toList());
        this.brokerPorts =
                this.brokers.stream().mapToInt(InetSocketAddress::getPort).toArray();
    }

    /** Family, high and low word of each address. */
    private static long[] words(List<InetAddress> addresses) {
        long[] words = new long[addresses.size() * 3];
        for (int i = 0; i < addresses.size(); i++) {
            byte[] octets = addresses.get(i).getAddress();
            boolean isIpv4 = octets.length == Integer.BYTES;
            words[3 * i] = isIpv4 ? PacketHeader.FAMILY_IPV4 : PacketHeader.FAMILY_IPV6;
            words[3 * i + 1] = isIpv4 ? 0 : word(octets, 0, Long.BYTES);
            words[3 * i + 2] = isIpv4 ? word(octets, 0, Integer.BYTES) : word(octets, Long.BYTES, Long.BYTES);
        }
        return words;
    }

    private static long word(byte[] octets, int from, int count) {
        long word = 0;
        for (int i = from; i < from + count; i++) {
            word = (word << Byte.SIZE) | (octets[i] & 0xffL);
        }
        return word;
    }

    /** True for a packet between us and a broker. Two comparisons for nearly every packet that is not. */
    public boolean matches(PacketHeader header) {
        if (header.protocol != TCP) {
            return false;
        }
        for (int i = 0; i < brokerPorts.length; i++) {
            if (header.destinationPort == brokerPorts[i]
                    && is(brokerWords, i, header.family, header.destinationHigh, header.destinationLow)
                    && isOwn(header.family, header.sourceHigh, header.sourceLow)) {
                return true;
            }
            if (header.sourcePort == brokerPorts[i]
                    && is(brokerWords, i, header.family, header.sourceHigh, header.sourceLow)
                    && isOwn(header.family, header.destinationHigh, header.destinationLow)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOwn(int family, long high, long low) {
        for (int i = 0; i < ownWords.length / 3; i++) {
            if (is(ownWords, i, family, high, low)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(long[] words, int index, int family, long high, long low) {
        return words[3 * index] == family && words[3 * index + 1] == high && words[3 * index + 2] == low;
    }

    /** Libpcap's expression for it, empty where nobody is known. */
    String expression() {
        Set<String> pairs = new TreeSet<>();
        for (InetSocketAddress broker : brokers) {
            List<String> ours = new ArrayList<>();
            for (InetAddress address : own) {
                if (address.getClass() == broker.getAddress().getClass()) {
                    ours.add("host " + text(address));
                }
            }
            if (!ours.isEmpty()) {
                pairs.add("(host " + text(broker.getAddress()) + " and tcp port " + broker.getPort() + " and ("
                        + String.join(" or ", ours) + "))");
            }
        }
        return String.join(" or ", pairs);
    }

    /** Without the scope that a link-local address has behind a percent sign. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OwnTraffic that && own.equals(that.own) && brokers.equals(that.brokers);
    }

    @Override
    public int hashCode() {
        return 31 * own.hashCode() + brokers.hashCode();
    }

    @Override
    public String toString() {
        return "TCP of " + own + " with " + brokers;
    }
}
