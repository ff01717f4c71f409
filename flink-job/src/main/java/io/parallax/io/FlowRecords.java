package io.parallax.io;

import io.parallax.model.Disposition;
import io.parallax.model.FlowRow;
import io.parallax.model.Label;
import io.parallax.model.Locality;
import io.parallax.model.TcpView;
import io.parallax.wire.Addresses;
import io.parallax.wire.CommunityId;
import io.parallax.wire.Flow;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.Vantage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the meter states into the record that leaves the job. The record is new each time: sinks may keep it until
 * they write. Not thread-safe.
 */
public final class FlowRecords {

    /** RFC 5103 section 6.3: the source is the initiator as the evidence has it. */
    private static final int DIRECTION_INITIATOR = 1;

    private static final int PROTOCOL_ICMP = 1;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_ICMPV6 = 58;
    private static final int PROTOCOL_SCTP = 132;

    private static final int VLAN_BITS = 16;
    private static final int VLAN_MASK = 0xFFFF;

    private static final Disposition[] DISPOSITIONS = Disposition.values();

    private final int windowSeconds;

    public FlowRecords(int windowSeconds) {
        this.windowSeconds = windowSeconds;
    }

    /** The record of {@code row}, which the meter may reuse afterwards. */
    public Flow of(FlowRow row) {
        Flow flow = new Flow();
        flow.setFlowId(row.flowId);
        flow.setWindowStart(Times.instant(row.windowStart));
        flow.setWindowSeconds(windowSeconds);
        flow.setRevision(row.revision);
        setKey(flow, row);
        setCounts(flow, row);
        flow.setFlowStart(Times.instant(row.flowStart));
        flow.setFlowEnd(Times.instant(row.flowEnd));
        if (row.endReason != FlowRow.ALIVE) {
            flow.setFlowEndReason(row.endReason);
        }
        flow.setTcpControlBits(row.tcpControlBits);
        flow.setReverseTcpControlBits(row.reverseTcpControlBits);
        flow.setBiflowDirection(DIRECTION_INITIATOR);
        flow.setInitiatorEvidence(row.initiator.label());
        flow.setVantage(vantage(row));
        flow.setDuplicates(duplicates(row));
        setCompleteness(flow, row);
        setTcp(flow, row);
        setSourceLabel(flow, row.source);
        setDestinationLabel(flow, row.destination);
        return flow;
    }

    private static void setKey(Flow flow, FlowRow row) {
        flow.setRealm(row.realm);
        flow.setIpVersion(row.family);
        flow.setProtocolIdentifier(row.protocol);
        flow.setSourceAddress(Addresses.ip(row.family, row.sourceHigh, row.sourceLow));
        flow.setDestinationAddress(Addresses.ip(row.family, row.destinationHigh, row.destinationLow));
        flow.setPortsKnown(row.isPortsKnown);
        boolean isIcmp = isIcmp(row.protocol);
        flow.setSourceTransportPort(isIcmp ? 0 : row.sourcePort);
        flow.setDestinationTransportPort(isIcmp ? 0 : row.destinationPort);
        if (isIcmp && row.isPortsKnown) {
            flow.setIcmpType(row.sourcePort);
            if (row.isOneWay) {
                flow.setIcmpCode(row.destinationPort);
            }
        }
        boolean isAggregate = row.prefixLength != FlowRow.NO_AGGREGATE;
        flow.setCommunityId(isAggregate ? "" : communityId(row));
        if (isAggregate) {
            flow.setSourcePrefixLength(row.prefixLength);
            flow.setDestinationPrefixLength(row.prefixLength);
        }
    }

    private static void setCompleteness(Flow flow, FlowRow row) {
        if (row.locality != Locality.UNKNOWN) {
            flow.setLocality(row.locality.label());
        }
        if (!Double.isNaN(row.coverage)) {
            flow.setCoverage(row.coverage);
        }
        if (row.missedOctets != TcpView.UNKNOWN) {
            flow.setMissedOctets(row.missedOctets);
        }
        if (row.samplingProbability < 1) {
            flow.setSamplingProbability(row.samplingProbability);
        }
        if (!row.outcome.isEmpty()) {
            flow.setConnectionOutcome(row.outcome);
        }
    }

    private static void setSourceLabel(Flow flow, Label label) {
        ifKnown(label.virtualMachine(), flow::setSourceVirtualStationName);
        ifKnown(label.uuid(), flow::setSourceVirtualStationUuid);
        ifKnown(label.application(), flow::setSourceApplication);
        ifKnown(label.host(), flow::setSourceHost);
        ifKnown(label.portGroup(), flow::setSourcePortGroup);
        ifKnown(label.subnet(), flow::setSourceSubnet);
        flow.setSourceAttribution(label.attribution());
    }

    private static void setDestinationLabel(Flow flow, Label label) {
        ifKnown(label.virtualMachine(), flow::setDestinationVirtualStationName);
        ifKnown(label.uuid(), flow::setDestinationVirtualStationUuid);
        ifKnown(label.application(), flow::setDestinationApplication);
        ifKnown(label.host(), flow::setDestinationHost);
        ifKnown(label.portGroup(), flow::setDestinationPortGroup);
        ifKnown(label.subnet(), flow::setDestinationSubnet);
        flow.setDestinationAttribution(label.attribution());
    }

    private static void ifKnown(String name, Consumer<String> column) {
        if (!name.isEmpty()) {
            column.accept(name);
        }
    }

    private static boolean isIcmp(int protocol) {
        return protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6;
    }

    private static void setCounts(Flow flow, FlowRow row) {
        flow.setPacketDeltaCount(row.packets);
        flow.setOctetDeltaCount(row.octets);
        flow.setReversePacketDeltaCount(row.reversePackets);
        flow.setReverseOctetDeltaCount(row.reverseOctets);
    }

    /** Community ID wants the lower endpoint first, whoever began; the sender of a one-way message comes first as it is. */
    private static String communityId(FlowRow row) {
        boolean isPorted = row.isPortsKnown && hasPorts(row.protocol);
        return isSourceFirst(row)
                ? CommunityId.of(
                        row.family,
                        row.sourceHigh,
                        row.sourceLow,
                        row.destinationHigh,
                        row.destinationLow,
                        row.protocol,
                        row.sourcePort,
                        row.destinationPort,
                        isPorted)
                : CommunityId.of(
                        row.family,
                        row.destinationHigh,
                        row.destinationLow,
                        row.sourceHigh,
                        row.sourceLow,
                        row.protocol,
                        row.destinationPort,
                        row.sourcePort,
                        isPorted);
    }

    /** The protocols for which Community ID version 1 hashes ports. */
    private static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMPV6, PROTOCOL_SCTP -> true;
            default -> false;
        };
    }

    private static boolean isSourceFirst(FlowRow row) {
        if (row.isOneWay) {
            return true;
        }
        int byHigh = Long.compareUnsigned(row.sourceHigh, row.destinationHigh);
        int byAddress = byHigh != 0 ? byHigh : Long.compareUnsigned(row.sourceLow, row.destinationLow);
        return byAddress != 0 ? byAddress < 0 : row.sourcePort <= row.destinationPort;
    }

    private static List<Vantage> vantage(FlowRow row) {
        List<FlowRow.Sighting> sightings = row.sightings();
        List<Vantage> records = new ArrayList<>(sightings.size());
        for (FlowRow.Sighting sighting : sightings) {
            records.add(vantage(sighting));
        }
        return records;
    }

    private static Vantage vantage(FlowRow.Sighting sighting) {
        Vantage point = new Vantage();
        point.setReverse(sighting.isReverse);
        point.setCanonical(sighting.isCanonical);
        point.setSensorId(sighting.sensorId);
        point.setInterfaceName(sighting.interfaceName);
        point.setSourceMacAddress(Addresses.mac(sighting.sourceMac));
        point.setDestinationMacAddress(Addresses.mac(sighting.destinationMac));
        point.setVlanIds(vlanIds(sighting.vlanCount, sighting.vlanStack));
        if (sighting.overlayId != PacketHeader.NO_OVERLAY) {
            point.setOverlayId(sighting.overlayId);
        }
        if (sighting.mirrorSession != null) {
            point.setMirrorSession(sighting.mirrorSession);
        }
        point.setIpTtl(sighting.ttl);
        point.setPacketDeltaCount(sighting.packets);
        point.setOctetDeltaCount(sighting.octets);
        point.setHop(sighting.hop);
        if (sighting.disposition != Disposition.CANONICAL) {
            point.setDuplicateClass(sighting.disposition.label());
        }
        point.setFirstSeen(Times.instant(sighting.first));
        if (sighting.isTcp) {
            setTcp(point, sighting.tcp);
        }
        return point;
    }

    private static List<Integer> vlanIds(int count, long stack) {
        List<Integer> ids = new ArrayList<>(count);
        for (int i = count - 1; i >= 0; i--) {
            ids.add((int) (stack >>> (i * VLAN_BITS)) & VLAN_MASK);
        }
        return ids;
    }

    private static Map<String, Long> duplicates(FlowRow row) {
        @Nullable Map<String, Long> counts = null;
        for (Disposition disposition : DISPOSITIONS) {
            long packets = row.observations[disposition.code()];
            if (packets != 0 && (disposition.isDuplicate() || disposition == Disposition.FOLDED)) {
                counts = counts == null ? new TreeMap<>() : counts;
                counts.put(disposition.label(), packets);
            }
        }
        return counts == null ? Map.of() : counts;
    }

    private static void setTcp(Flow flow, FlowRow row) {
        if (row.protocol != PROTOCOL_TCP || row.prefixLength != FlowRow.NO_AGGREGATE) {
            return;
        }
        flow.setTcpHistory(row.tcpHistory);
        flow.setTcpRetransmittedOctetCount(row.retransmittedOctets);
        flow.setReverseTcpRetransmittedOctetCount(row.reverseRetransmittedOctets);
        flow.setTransportOctetDeltaCount(row.transportOctets);
        flow.setReverseTransportOctetDeltaCount(row.reverseTransportOctets);
        for (FlowRow.Sighting point : row.sightings()) {
            if (!point.isCanonical) {
                continue;
            }
            long again = point.tcp.retransmittedPackets + point.tcp.lostUpstreamPackets;
            if (point.isReverse) {
                flow.setReverseTcpRetransmittedPacketCount(again);
                flow.setReverseTcpOutOfOrderPacketCount(point.tcp.outOfOrderPackets);
            } else {
                flow.setTcpRetransmittedPacketCount(again);
                flow.setTcpOutOfOrderPacketCount(point.tcp.outOfOrderPackets);
            }
        }
        if (row.handshakeMicros != TcpView.UNKNOWN) {
            flow.setTcpHandshakeMicroseconds(row.handshakeMicros);
        }
    }

    private static void setTcp(Vantage point, TcpView tcp) {
        point.setTransportOctetDeltaCount(tcp.uniqueOctets);
        point.setRetransmittedPacketCount(tcp.retransmittedPackets);
        point.setOutOfOrderPacketCount(tcp.outOfOrderPackets);
        point.setLostUpstreamPacketCount(tcp.lostUpstreamPackets);
        point.setCaptureLostOctetCount(tcp.captureLostOctets);
        point.setZeroWindowPacketCount(tcp.zeroWindowPackets);
        point.setRttSampleCount(tcp.rttSamples);
        if (tcp.rttSamples > 0) {
            point.setRttSumMicroseconds(tcp.rttSumMicros);
            point.setRttMinMicroseconds(tcp.rttMinMicros);
            point.setRttMaxMicroseconds(tcp.rttMaxMicros);
        }
        if (tcp.handshakeMicros != TcpView.UNKNOWN) {
            point.setHandshakeMicroseconds(tcp.handshakeMicros);
        }
    }
}
