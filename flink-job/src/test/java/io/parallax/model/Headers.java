package io.parallax.model;

import io.parallax.wire.PacketHeader;
import java.util.concurrent.TimeUnit;

/** Builds headers for tests: packets between addresses 10.0.0.N, 100 octets each unless said otherwise. */
public final class Headers {

    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int OCTETS = 100;

    private static final long NETWORK = 0x0A00_0000L;
    private static final long MACS = 0x0200_0000_0000L;

    private Headers() {}

    public static PacketHeader tcp(double seconds, int source, int sourcePort, int destination, int port, int bits) {
        PacketHeader header = ip(TCP, source, sourcePort, destination, port);
        header.timeNanos = nanos(seconds);
        header.tcpControlBits = bits;
        return header;
    }

    public static PacketHeader udp(double seconds, int source, int sourcePort, int destination, int port) {
        PacketHeader header = ip(UDP, source, sourcePort, destination, port);
        header.timeNanos = nanos(seconds);
        return header;
    }

    /** An IPv4 header at time 0. */
    public static PacketHeader ip(int protocol, int source, int sourcePort, int destination, int port) {
        PacketHeader header = new PacketHeader();
        header.clear();
        header.family = PacketHeader.FAMILY_IPV4;
        header.etherType = 0x0800;
        header.sourceMac = MACS + source;
        header.destinationMac = MACS + destination;
        header.ttl = 64;
        header.protocol = protocol;
        header.sourceLow = NETWORK + source;
        header.destinationLow = NETWORK + destination;
        header.sourcePort = sourcePort;
        header.destinationPort = port;
        header.octetsIp = OCTETS;
        header.octetsHeader = protocol == TCP ? 40 : 28;
        return header;
    }

    /** An ARP request: who has 10.0.0.target? */
    public static PacketHeader arp(double seconds, int sender, int target) {
        PacketHeader header = new PacketHeader();
        header.clear();
        header.timeNanos = nanos(seconds);
        header.family = PacketHeader.FAMILY_ARP;
        header.etherType = 0x0806;
        header.sourceMac = MACS + sender;
        header.destinationMac = 0xFFFF_FFFF_FFFFL;
        header.protocol = 1;
        header.sourceLow = NETWORK + sender;
        header.destinationLow = NETWORK + target;
        return header;
    }

    public static long nanos(double seconds) {
        return Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
    }
}
