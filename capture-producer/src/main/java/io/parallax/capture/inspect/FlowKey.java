package io.parallax.capture.inspect;

import io.parallax.capture.decode.IpProtocol;
import io.parallax.wire.CommunityId;
import io.parallax.wire.PacketHeader;

/**
 * The five-tuple of a biflow. Endpoint a is the lower one by address, then port; for messages that go one way, the sender.
 *
 * @param ported true if the ports mean something
 * @param portsKnown false if they should but could not be read
 */
record FlowKey(
        int family,
        int protocol,
        long aHigh,
        long aLow,
        int aPort,
        long bHigh,
        long bLow,
        int bPort,
        boolean oneWay,
        boolean ported,
        boolean portsKnown) {

    static FlowKey of(PacketHeader header) {
        boolean ported = IpProtocol.hasPorts(header);
        boolean oneWay = header.has(PacketHeader.STATUS_ONE_WAY);
        boolean portsKnown = !header.has(PacketHeader.STATUS_PORTS_UNKNOWN);
        return isFromA(header)
                ? new FlowKey(
                        header.family,
                        header.protocol,
                        header.sourceHigh,
                        header.sourceLow,
                        header.sourcePort,
                        header.destinationHigh,
                        header.destinationLow,
                        header.destinationPort,
                        oneWay,
                        ported,
                        portsKnown)
                : new FlowKey(
                        header.family,
                        header.protocol,
                        header.destinationHigh,
                        header.destinationLow,
                        header.destinationPort,
                        header.sourceHigh,
                        header.sourceLow,
                        header.sourcePort,
                        oneWay,
                        ported,
                        portsKnown);
    }

    /** True if the sender of {@code header} is its flow's endpoint a. */
    static boolean isFromA(PacketHeader header) {
        if (header.has(PacketHeader.STATUS_ONE_WAY)) {
            return true;
        }
        int order = Long.compareUnsigned(header.sourceHigh, header.destinationHigh);
        if (order == 0) {
            order = Long.compareUnsigned(header.sourceLow, header.destinationLow);
        }
        return order == 0 ? header.sourcePort <= header.destinationPort : order < 0;
    }

    String communityId() {
        return CommunityId.of(family, aHigh, aLow, bHigh, bLow, protocol, aPort, bPort, ported);
    }
}
