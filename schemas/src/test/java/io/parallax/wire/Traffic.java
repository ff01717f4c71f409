package io.parallax.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Seeded traffic like that between virtual machines: a thousand flows at a time, of lengths with a long tail (Pareto, mean
 * about 25 packets), three quarters TCP with data one way and acknowledgments the other, the rest small UDP pairs and some
 * IPv6; microsecond stamps, one observation point.
 */
final class Traffic {

    private static final int FLOWS_AT_A_TIME = 1_000;
    private static final int HOSTS = 400;
    private static final int SEGMENT = 1_448;
    private static final int HEADER_IPV4_TCP = 52;
    private static final int HEADER_IPV4_UDP = 28;
    private static final int HEADER_IPV6_TCP = 72;
    private static final long START_NANOS = 1_700_000_000_000_000_000L;

    private final SplittableRandom random;
    private final List<Session> sessions = new ArrayList<>();
    private long now = START_NANOS;

    Traffic(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < FLOWS_AT_A_TIME; i++) {
            sessions.add(new Session());
        }
    }

    /** The next {@code count} headers. */
    List<PacketHeader> headers(int count) {
        List<PacketHeader> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            PacketHeader header = new PacketHeader();
            next(header);
            headers.add(header);
        }
        return headers;
    }

    private void next(PacketHeader header) {
        header.clear();
        now += 1_000L * (1 + random.nextInt(20) * random.nextInt(20) / 8);
        header.timeNanos = now;
        int index = (int) (sessions.size() * Math.pow(random.nextDouble(), 2));
        Session session = sessions.get(index);
        session.write(header);
        if (session.remaining-- <= 0) {
            sessions.set(index, new Session());
        }
    }

    private final class Session {
        private final boolean isTcp = random.nextInt(4) > 0;
        private final boolean isWide = random.nextInt(10) == 0;
        private final int client = random.nextInt(HOSTS);
        private final int server = random.nextInt(HOSTS / 10);
        private final int clientPort = 32_768 + random.nextInt(28_000);
        private final int serverPort = isTcp ? 443 + random.nextInt(8) : 53;
        private final int[] sequence = {random.nextInt(), random.nextInt()};
        private final int window = 500 + random.nextInt(2_000);
        private int remaining = (int) Math.min(100_000, 5 / Math.pow(random.nextDouble(), 0.8));
        private boolean isFirst = true;

        void write(PacketHeader header) {
            boolean isAnswer = !isFirst && random.nextInt(3) == 0;
            describe(header, isAnswer);
            if (isTcp) {
                writeTcp(header, isAnswer);
            } else {
                header.octetsHeader = HEADER_IPV4_UDP;
                header.octetsIp = HEADER_IPV4_UDP + 30 + random.nextInt(100);
            }
            isFirst = false;
        }

        private void describe(PacketHeader header, boolean isAnswer) {
            int from = isAnswer ? server : HOSTS + client;
            int to = isAnswer ? HOSTS + client : server;
            header.sourceMac = 0x0050_5600_0000L + from;
            header.destinationMac = 0x0050_5600_0000L + to;
            header.vlanCount = 1;
            header.vlanStack = 100;
            header.family = isWide ? PacketHeader.FAMILY_IPV6 : PacketHeader.FAMILY_IPV4;
            header.etherType = isWide ? 0x86DD : 0x0800;
            header.sourceHigh = isWide ? 0x2001_0DB8_0000_0000L : 0;
            header.destinationHigh = header.sourceHigh;
            header.sourceLow = 0x0A00_0000L + from;
            header.destinationLow = 0x0A00_0000L + to;
            header.protocol = isTcp ? 6 : 17;
            header.sourcePort = isAnswer ? serverPort : clientPort;
            header.destinationPort = isAnswer ? clientPort : serverPort;
            header.ttl = 64;
        }

        private void writeTcp(PacketHeader header, boolean isAnswer) {
            int self = isAnswer ? 1 : 0;
            int payload = isFirst || isAnswer ? 0 : random.nextInt(8) == 0 ? random.nextInt(SEGMENT) : SEGMENT;
            header.octetsHeader = isWide ? HEADER_IPV6_TCP : HEADER_IPV4_TCP;
            header.octetsIp = header.octetsHeader + payload;
            header.tcpControlBits = isFirst ? 0x02 : payload > 0 && random.nextInt(6) == 0 ? 0x18 : 0x10;
            header.tcpSequence = sequence[self];
            header.tcpAcknowledgment = isFirst ? 0 : sequence[1 - self];
            header.tcpWindow = random.nextInt(5) == 0 ? window + random.nextInt(50) : window;
            sequence[self] += payload + (isFirst ? 1 : 0);
        }
    }
}
