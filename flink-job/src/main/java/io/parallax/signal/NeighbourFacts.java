package io.parallax.signal;

import io.parallax.model.Facts;
import io.parallax.model.LinkListener;
import io.parallax.model.NeighbourFact;
import io.parallax.model.NeighbourFact.Kind;
import io.parallax.model.StreamName;
import io.parallax.wire.Addresses;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes facts of what neighbours say on a link, and gathers them by bucket until somebody takes them away.
 *
 * <p>Of one stream at most {@value #MOST_A_SECOND} messages of a second of its time are told: a loop in the network or a
 * flood would otherwise fill the state. What is beyond is counted ({@link #leftOut}). Not thread-safe.
 */
public final class NeighbourFacts implements LinkListener {

    /** The fastest sweep of a /24 network, and as much again of everybody else. */
    static final int MOST_A_SECOND = 512;

    private static final int ARP_REPLY = 2;
    private static final int ICMPV6 = 58;
    private static final int UDP = 17;
    private static final int ROUTER_ADVERTISEMENT = 134;
    private static final int NEIGHBOUR_SOLICITATION = 135;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;
    private static final int DHCP_SERVER = 67;
    private static final int DHCP_CLIENT = 68;

    /** Of neighbour discovery, or a router has forwarded it (RFC 4861, section 7.1). */
    private static final int NOT_FORWARDED = 255;

    private static final int IPV6_MULTICAST = 0xFF;
    private static final long GROUP_BIT = 1L << 40;
    private static final long INTERFACE_BITS = 0xFF_FFFFL;
    private static final int VLAN_MASK = 0xFFFF;
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final class Rate {
        private long second = Long.MIN_VALUE;
        private int count;
    }

    private final Map<Integer, List<NeighbourFact>> gathered = new TreeMap<>();
    private final List<NeighbourFact> ofBatch = new ArrayList<>();
    private final Forwarders forwarders = new Forwarders();
    private final Map<StreamName, Rate> rates = new HashMap<>();
    private Rate rate = new Rate();
    private long leftOut;
    private long leftOutOfBatch;

    @Override
    public void open(StreamName stream) {
        rate = rates.computeIfAbsent(stream, name -> new Rate());
    }

    @Override
    public boolean isOfLink(PacketHeader entry) {
        if (entry.overlayId != PacketHeader.NO_OVERLAY || entry.has(PacketHeader.STATUS_REPEATED)) {
            return false;
        }
        if (entry.isIp()) {
            forwarders.learn(entry);
        }
        return kindOf(entry) != null && entry.sourceMac != 0 && (entry.sourceMac & GROUP_BIT) == 0;
    }

    @Override
    public void hear(PacketHeader entry, long timeNanos, String realm) {
        Kind kind = kindOf(entry);
        if (kind == null || !isWithinRate(timeNanos)) {
            return;
        }
        add(kind, true, entry, timeNanos, realm);
        boolean isToAll = isToAll(entry);
        boolean isAnswer = kind == Kind.REPLY || kind == Kind.ADVERTISEMENT;
        if (kind == Kind.DHCP_ANSWER || (isAnswer && !isToAll)) {
            add(kind, false, entry, timeNanos, realm);
        }
    }

    private boolean isWithinRate(long timeNanos) {
        long second = Math.floorDiv(timeNanos, NANOS_PER_SECOND);
        if (rate.second != second) {
            rate.second = second;
            rate.count = 0;
        }
        if (rate.count == MOST_A_SECOND) {
            leftOutOfBatch++;
            return false;
        }
        rate.count++;
        return true;
    }

    private void add(Kind kind, boolean isSender, PacketHeader entry, long timeNanos, String realm) {
        boolean isArp = entry.family == PacketHeader.FAMILY_ARP;
        long mac = entry.sourceMac;
        long other = isSender ? entry.destinationLow : entry.sourceLow;
        boolean isWide = entry.family == PacketHeader.FAMILY_IPV6;
        int family = isArp ? PacketHeader.FAMILY_IPV4 : entry.family;
        ofBatch.add(new NeighbourFact(
                kind,
                isSender,
                timeNanos,
                realm,
                vlanOf(entry),
                mac,
                kind == Kind.PROBE ? Addresses.mac(mac) : Addresses.ip(family, entry.sourceHigh, entry.sourceLow),
                Addresses.ip(family, entry.destinationHigh, entry.destinationLow),
                (int) (isWide ? other & INTERFACE_BITS : other),
                isToAll(entry),
                forwarders.contains(mac)));
    }

    private static boolean isToAll(PacketHeader entry) {
        return (entry.destinationMac & GROUP_BIT) != 0;
    }

    private static int vlanOf(PacketHeader entry) {
        return entry.vlanCount == 0
                ? NeighbourFact.UNTAGGED
                : (int) (entry.vlanStack >>> ((entry.vlanCount - 1) * Short.SIZE)) & VLAN_MASK;
    }

    private static @Nullable Kind kindOf(PacketHeader entry) {
        return switch (entry.family) {
            case PacketHeader.FAMILY_ARP -> kindOfArp(entry);
            case PacketHeader.FAMILY_IPV6 -> kindOfDiscovery(entry);
            case PacketHeader.FAMILY_IPV4 ->
                entry.protocol == UDP && entry.sourcePort == DHCP_SERVER && entry.destinationPort == DHCP_CLIENT
                        ? Kind.DHCP_ANSWER
                        : null;
            default -> null;
        };
    }

    private static @Nullable Kind kindOfArp(PacketHeader entry) {
        if (entry.protocol > ARP_REPLY) {
            return null;
        }
        if (entry.sourceLow == entry.destinationLow) {
            return entry.sourceLow == 0 ? null : Kind.ANNOUNCEMENT;
        }
        if (entry.protocol == ARP_REPLY) {
            return entry.sourceLow == 0 ? null : Kind.REPLY;
        }
        return entry.sourceLow == 0 ? Kind.PROBE : Kind.REQUEST;
    }

    /** A solicitation from nowhere looks for the sender's own address (RFC 4862) and neither asks nor claims. */
    private static @Nullable Kind kindOfDiscovery(PacketHeader entry) {
        boolean isFromNowhere = (entry.sourceHigh | entry.sourceLow) == 0;
        boolean isFromGroup = entry.sourceHigh >>> (Long.SIZE - Byte.SIZE) == IPV6_MULTICAST;
        if (entry.protocol != ICMPV6 || entry.ttl != NOT_FORWARDED || isFromNowhere || isFromGroup) {
            return null;
        }
        return switch (entry.sourcePort) {
            case ROUTER_ADVERTISEMENT -> Kind.ROUTER_ADVERTISEMENT;
            case NEIGHBOUR_SOLICITATION -> Kind.SOLICITATION;
            case NEIGHBOUR_ADVERTISEMENT -> Kind.ADVERTISEMENT;
            default -> null;
        };
    }

    @Override
    public void take() {
        for (NeighbourFact fact : ofBatch) {
            gathered.computeIfAbsent(Facts.bucketOf(fact.subject()), bucket -> new ArrayList<>())
                    .add(fact);
        }
        leftOut += leftOutOfBatch;
        forget();
    }

    @Override
    public void discard() {
        forget();
    }

    private void forget() {
        ofBatch.clear();
        leftOutOfBatch = 0;
    }

    /** Messages that were not told because there were too many, since this object was made. */
    public long leftOut() {
        return leftOut;
    }

    /** Passes on what was gathered since the last call; nobody else changes it afterwards. */
    public void flush(Consumer<Facts<NeighbourFact>> out) {
        gathered.forEach((bucket, facts) -> out.accept(new Facts<>(bucket, facts)));
        gathered.clear();
    }
}
