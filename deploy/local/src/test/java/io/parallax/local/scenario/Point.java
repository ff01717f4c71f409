package io.parallax.local.scenario;

import io.parallax.local.scenario.Conversation.Sent;
import io.parallax.model.StreamName;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * One place from which a conversation is watched, and what it makes of it: built step by step, each step what can happen
 * between a sender and a file.
 */
public final class Point {

    /** IPv4 total length and TSO both end there. */
    private static final int MOST_SUPER_FRAME_PAYLOAD = 65_535 - Conversation.OCTETS_BEFORE_TCP;

    private static final int CLIENT = 0x0A0A_010B;
    private static final int SERVER = 0x0A0A_0210;
    private static final long CLIENT_MAC = 0x0050_5691_0111L;
    private static final long SERVER_MAC = 0x0050_5691_0216L;
    private static final long ROUTER_MAC = 0x001B_21AA_0001L;
    private static final long MIRROR_SOURCE = 0xC0A8_630BL;
    private static final int CLIENT_PORT = 50_123;

    private final StreamName name;
    private final Conversation conversation;
    private final List<Sent> seen;
    private final int vlan;
    private final boolean isServersHost;
    private boolean isMirror;
    private boolean isBehindRouter;
    private boolean isRouted;

    private Point(String sensor, String interfaceName, Conversation conversation, boolean isServersHost, int vlan) {
        this.name = new StreamName(sensor, interfaceName);
        this.conversation = conversation;
        this.isServersHost = isServersHost;
        this.vlan = vlan;
        this.seen = new ArrayList<>(conversation.packets());
    }

    /** At the client's host: sees all that the client sends, and of the server's what is not lost. */
    public static Point atClient(String sensor, Conversation conversation) {
        Point point = new Point(sensor, "cap0", conversation, false, 110);
        return point.only(sent -> !(sent.isReverse() && sent.isLost()));
    }

    /** At the server's host, before anything gets lost. */
    public static Point atServer(String sensor, Conversation conversation) {
        Point point = new Point(sensor, "cap0", conversation, true, 110);
        return point.only(sent -> sent.isReverse() || !sent.isLost());
    }

    /** At the same host but behind the router: another VLAN, other MAC addresses, a hop further. */
    public static Point behindRouter(String sensor, Conversation conversation) {
        Point point = new Point(sensor, "cap1", conversation, true, 120);
        point.isBehindRouter = true;
        point.isRouted = true;
        return point;
    }

    /** The way of this conversation leads over a router. */
    public Point routed() {
        isRouted = true;
        return this;
    }

    /** A mirror session's copies, which come without VLAN. */
    public Point mirrored() {
        isMirror = true;
        return this;
    }

    /** Sees only those packets. */
    public Point only(Predicate<Sent> wanted) {
        seen.removeIf(wanted.negate());
        return this;
    }

    public Point from(long nanos) {
        return only(sent -> sent.timeNanos() >= nanos);
    }

    public Point until(long nanos) {
        return only(sent -> sent.timeNanos() < nanos);
    }

    /** One packet in {@code n}, counted. */
    public Point oneIn(int n) {
        int[] count = {0};
        return only(sent -> count[0]++ % n == 0);
    }

    /** Drops a share at random, but nothing of what {@code kept} wants. */
    public Point dropping(double share, Random random, Predicate<Sent> kept) {
        return only(sent -> kept.test(sent) || random.nextDouble() >= share);
    }

    /** What this point sees, as far as it was built. */
    public List<Sent> seen() {
        return List.copyOf(seen);
    }

    /** Merges segments of a burst that follow each other, as a card that segments or collects does (TSO, LRO). */
    public Point inSuperFrames() {
        List<Sent> merged = new ArrayList<>();
        for (Sent sent : seen) {
            Sent last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && follows(last, sent)) {
                merged.set(merged.size() - 1, last.merged(sent));
            } else {
                merged.add(sent);
            }
        }
        seen.clear();
        seen.addAll(merged);
        return this;
    }

    private static boolean follows(Sent last, Sent sent) {
        return last.isReverse() == sent.isReverse()
                && last.payload() > 0
                && sent.payload() > 0
                && last.sequence() + last.payload() == sent.sequence()
                && last.payload() + sent.payload() <= MOST_SUPER_FRAME_PAYLOAD
                && sent.timeNanos() - last.timeNanos() < 5_000_000;
    }

    /** The stream that this point's sensor sends. */
    public HeaderStream stream() {
        return HeaderStream.inOrder(
                name,
                seen.stream()
                        .map(this::header)
                        .sorted(Comparator.comparingLong(header -> header.timeNanos))
                        .toList());
    }

    private PacketHeader header(Sent sent) {
        PacketHeader header = new PacketHeader();
        header.clear();
        boolean isFar = sent.isReverse() != isServersHost;
        header.timeNanos = sent.timeNanos() + (isFar ? Conversation.WAY_NANOS : 0);
        header.family = PacketHeader.FAMILY_IPV4;
        header.etherType = 0x0800;
        header.protocol = conversation.protocol();
        setAddresses(header, sent.isReverse());
        setPlace(header, sent.isReverse());
        header.octetsIp = sent.octetsIp(conversation.protocol());
        header.octetsHeader = header.octetsIp - sent.payload();
        if (conversation.protocol() == Conversation.TCP) {
            header.tcpSequence = sent.sequence();
            header.tcpAcknowledgment = sent.acknowledgment();
            header.tcpControlBits = sent.bits();
            header.tcpWindow = 64_000;
        }
        return header;
    }

    private static void setAddresses(PacketHeader header, boolean isReverse) {
        int port = header.protocol == Conversation.TCP ? 443 : 5_060;
        header.sourceLow = isReverse ? SERVER : CLIENT;
        header.destinationLow = isReverse ? CLIENT : SERVER;
        header.sourcePort = isReverse ? port : CLIENT_PORT;
        header.destinationPort = isReverse ? CLIENT_PORT : port;
    }

    private void setPlace(PacketHeader header, boolean isReverse) {
        boolean isServerSide = isBehindRouter || (isRouted && isServersHost);
        boolean isPastRouter = isRouted && isReverse != isServerSide;
        long near = isReverse ? SERVER_MAC : CLIENT_MAC;
        long far = isReverse ? CLIENT_MAC : SERVER_MAC;
        header.sourceMac = isPastRouter ? ROUTER_MAC : near;
        header.destinationMac = isRouted && !isPastRouter ? ROUTER_MAC : far;
        header.ttl = isPastRouter ? 63 : 64;
        header.vlanCount = isMirror ? 0 : 1;
        header.vlanStack = isMirror ? 0 : vlan;
        if (isMirror) {
            header.mirrorKind = PacketHeader.MIRROR_ERSPAN_2;
            header.mirrorSourceLow = MIRROR_SOURCE;
            header.mirrorSession = 7;
            header.mirrorDirection = isReverse ? PacketHeader.DIRECTION_SENT : PacketHeader.DIRECTION_DELIVERED;
        }
    }
}
