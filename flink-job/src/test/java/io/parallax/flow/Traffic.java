package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.model.StreamName;
import io.parallax.wire.PacketHeader;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Builds headers and blocks for tests: packets between 10.0.0.N addresses, seen by sensors. */
final class Traffic {

    static final int TCP = 6;
    static final int UDP = 17;
    static final String REALM = "default";

    private Traffic() {}

    /** A packet seen at an observation point. */
    record Seen(
            String sensor,
            int vlan,
            int ttl,
            int source,
            int sourcePort,
            int destination,
            int destinationPort,
            int protocol,
            long timeNanos,
            int octets,
            int controlBits) {

        PacketHeader header() {
            PacketHeader header = new PacketHeader();
            header.clear();
            header.timeNanos = timeNanos;
            header.family = PacketHeader.FAMILY_IPV4;
            header.etherType = 0x0800;
            header.sourceMac = 0x0200_0000_0000L + source;
            header.destinationMac = 0x0200_0000_0000L + destination;
            header.vlanCount = vlan == 0 ? 0 : 1;
            header.vlanStack = vlan;
            header.ttl = ttl;
            header.sourceLow = 0x0A00_0000L + source;
            header.destinationLow = 0x0A00_0000L + destination;
            header.sourcePort = sourcePort;
            header.destinationPort = destinationPort;
            header.protocol = protocol;
            header.octetsIp = octets;
            header.octetsHeader = protocol == TCP ? octets : 28;
            header.tcpControlBits = controlBits;
            return header;
        }

        /** The same with the time cut down to whole microseconds. */
        Seen inMicros() {
            return at(sensor, vlan, ttl, -Math.floorMod(timeNanos, 1_000L));
        }

        Seen at(String otherSensor, int otherVlan, int otherTtl, long delayNanos) {
            return new Seen(
                    otherSensor,
                    otherVlan,
                    otherTtl,
                    source,
                    sourcePort,
                    destination,
                    destinationPort,
                    protocol,
                    timeNanos + delayNanos,
                    octets,
                    controlBits);
        }
    }

    static Seen tcp(
            String sensor,
            double seconds,
            int source,
            int sourcePort,
            int destination,
            int destinationPort,
            int octets,
            int bits) {
        return new Seen(
                sensor, 0, 64, source, sourcePort, destination, destinationPort, TCP, nanos(seconds), octets, bits);
    }

    static Seen udp(
            String sensor,
            double seconds,
            int source,
            int sourcePort,
            int destination,
            int destinationPort,
            int octets) {
        return new Seen(
                sensor, 0, 64, source, sourcePort, destination, destinationPort, UDP, nanos(seconds), octets, 0);
    }

    static long nanos(double seconds) {
        return Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
    }

    /** One block with an entry per packet, which the meter has to bring together. */
    static HeaderBlock block(List<Seen> packets) {
        return block(packets, (seen, header) -> {});
    }

    /** @param change of each packet's header */
    static HeaderBlock block(List<Seen> packets, BiConsumer<Seen, PacketHeader> change) {
        HeaderBlock block = new HeaderBlock();
        block.reset(0, 0, 0);
        block.realms().add(REALM);
        FlowKey key = new FlowKey();
        for (Seen seen : packets) {
            StreamName stream = new StreamName(seen.sensor(), "eth0");
            if (!block.streams().contains(stream)) {
                block.streams().add(stream);
            }
            PacketHeader header = seen.header();
            change.accept(seen, header);
            key.of(header, FlowKey.realmHash(REALM));
            int entry = block.addEntry(key, header, block.streams().indexOf(stream), 0);
            block.addPacket(entry, header);
        }
        return block;
    }
}
