package io.parallax.wire;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Headers of every kind that a batch can carry: addresses, ports and numbers from few values, so that entries repeat. */
final class AnyHeaders {

    private static final int[] PROTOCOLS = {1, 2, 6, 6, 6, 17, 58, 132, 255};
    private static final int[] IPV4_ERRORS = {3, 4, 5, 11, 12};
    private static final int[] STATUSES = {0, 0, 0, 1, 4, 12, 16, 32, 63};
    private static final long BASE_NANOS = 1_700_000_000_000_000_000L;

    private AnyHeaders() {}

    static Arbitrary<List<PacketHeader>> lists() {
        return Arbitraries.randomValue(AnyHeaders::anyHeader).list().ofMaxSize(80);
    }

    private static PacketHeader anyHeader(Random random) {
        PacketHeader header = header(random);
        if (random.nextInt(6) == 0) {
            quoting(header, random);
        }
        return random.nextBoolean() ? header : mirrored(header, random, 0xFFFF_FFFFL - random.nextInt(3));
    }

    /** Makes a header an ICMP or ICMPv6 error that quotes another packet. */
    static PacketHeader quoting(PacketHeader header, Random random) {
        boolean isWide = header.family == PacketHeader.FAMILY_IPV6;
        header.family = isWide ? PacketHeader.FAMILY_IPV6 : PacketHeader.FAMILY_IPV4;
        header.etherType = isWide ? 0x86DD : 0x0800;
        header.protocol = isWide ? 58 : 1;
        header.sourcePort = isWide ? 1 + random.nextInt(4) : IPV4_ERRORS[random.nextInt(IPV4_ERRORS.length)];
        header.icmpCode = random.nextInt(16);
        header.destinationPort = header.icmpCode;
        header.status = PacketHeader.STATUS_ONE_WAY;
        header.tcpSequence = 0;
        header.tcpAcknowledgment = 0;
        header.tcpWindow = 0;
        header.tcpControlBits = 0;
        header.quotedFamily = header.family;
        header.quotedSourceHigh = isWide ? random.nextLong() : 0;
        header.quotedSourceLow = isWide ? random.nextLong() : random.nextInt() & 0xFFFF_FFFFL;
        header.quotedDestinationHigh = isWide ? random.nextLong() : 0;
        header.quotedDestinationLow = isWide ? random.nextLong() : random.nextInt() & 0xFFFF_FFFFL;
        header.quotedProtocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
        header.quotedSourcePort = random.nextInt(1 << 16);
        header.quotedDestinationPort = random.nextInt(1 << 16);
        return header;
    }

    static PacketHeader header(Random random) {
        PacketHeader header = new PacketHeader();
        header.clear();
        header.timeNanos = time(random);
        header.sourceMac = random.nextInt(3) == 0 ? 0xFFFF_FFFF_FFFFL : random.nextInt(3);
        header.destinationMac = random.nextLong() & (random.nextBoolean() ? 1 : 0xFFFF_FFFF_FFFFL);
        header.vlanCount = random.nextInt(PacketHeader.MAX_VLANS + 1);
        header.vlanStack = header.vlanCount == 0 ? 0 : random.nextLong() >>> (64 - 16 * header.vlanCount);
        writeOverlayAndMirror(header, random);
        writeNetwork(header, random);
        header.octetsIp = random.nextInt(4) == 0 ? random.nextInt(1 << 20) : 1_500;
        header.octetsHeader = 20 + random.nextInt(60);
        if (header.protocol == 6 && header.isIp()) {
            header.tcpSequence = random.nextInt(3) == 0 ? random.nextInt() : -random.nextInt(5_000);
            header.tcpAcknowledgment = random.nextInt(3) == 0 ? random.nextInt() : 7;
            header.tcpWindow = random.nextInt(1 << 16);
            header.tcpControlBits = random.nextInt(1 << 9);
        }
        return header;
    }

    /** Forwards and backwards, whole microseconds and not, near and as far apart as 1970 and 2100. */
    private static long time(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(10);
            case 1 -> 4_100_000_000_000_000_000L + random.nextInt(1_000);
            case 2 -> BASE_NANOS + random.nextInt();
            default -> BASE_NANOS + 1_000L * random.nextInt(5_000);
        };
    }

    private static void writeOverlayAndMirror(PacketHeader header, Random random) {
        if (random.nextInt(3) == 0) {
            header.overlayId = random.nextInt(1 << 24);
        }
        if (random.nextInt(3) == 0) {
            header.mirrorSourceHigh = random.nextInt(3);
            header.mirrorSourceLow = random.nextInt(3);
            header.mirrorSession = random.nextInt();
        }
    }

    /** Makes a header one of few mirror sessions, some with sequence numbers: as a rule the next, now and then any. */
    static PacketHeader mirrored(PacketHeader header, Random random, long number) {
        header.mirrorSourceLow = random.nextInt(2);
        header.mirrorSession = random.nextInt(2);
        header.mirrorKind = random.nextInt(PacketHeader.MIRROR_ERSPAN_3 + 1);
        header.mirrorDirection = random.nextInt(PacketHeader.DIRECTION_DELIVERED + 1);
        if (random.nextInt(3) > 0) {
            header.mirrorSequence = random.nextInt(4) == 0 ? random.nextInt() & 0xFFFF_FFFFL : number;
        }
        return header;
    }

    private static void writeNetwork(PacketHeader header, Random random) {
        boolean isWide = random.nextInt(3) == 0;
        boolean isArp = !isWide && random.nextInt(5) == 0;
        header.family = isWide ? PacketHeader.FAMILY_IPV6 : isArp ? PacketHeader.FAMILY_ARP : PacketHeader.FAMILY_IPV4;
        header.etherType = isWide ? 0x86DD : isArp ? 0x0806 : 0x0800;
        header.sourceHigh = isWide ? random.nextInt(2) - 1L : 0;
        header.sourceLow = random.nextInt(4) == 0 ? 0xFFFF_FFFFL : random.nextInt(2);
        header.destinationHigh = isWide ? random.nextLong() : 0;
        header.destinationLow = isWide ? random.nextLong() : random.nextInt(2);
        header.protocol = isArp ? 1 + random.nextInt(6) : PROTOCOLS[random.nextInt(PROTOCOLS.length)];
        header.sourcePort = random.nextInt(3) == 0 ? 65_535 : random.nextInt(3);
        header.destinationPort = random.nextInt(3) == 0 ? 65_535 : random.nextInt(3);
        header.icmpCode = random.nextInt(5) == 0 ? 255 : 0;
        header.ttl = random.nextInt(5) == 0 ? 255 : 64;
        header.status = STATUSES[random.nextInt(STATUSES.length)];
    }
}
