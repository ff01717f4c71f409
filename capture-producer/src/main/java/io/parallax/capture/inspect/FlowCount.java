package io.parallax.capture.inspect;

import io.parallax.wire.PacketHeader;

/** Packets and IP octets of a biflow, each way. */
final class FlowCount {

    long packetsAb;
    long octetsAb;
    long packetsBa;
    long octetsBa;

    void add(PacketHeader header) {
        long octets = Integer.toUnsignedLong(header.octetsIp);
        if (FlowKey.isFromA(header)) {
            packetsAb++;
            octetsAb += octets;
        } else {
            packetsBa++;
            octetsBa += octets;
        }
    }
}
