package io.parallax.wire;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the Avro body of a {@link Flow}, field by field in the order of flow.avsc.
 *
 * <p>Avro's own writer walks the schema for every record, which costs three times as much, and flows are the one record that
 * leaves the job by the hundred thousand (docs/benchmarks/whole-path.md). Its generated writer would do, but is not made
 * for schemas with timestamps. A test holds every octet against Avro's.
 */
final class FlowBody {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private FlowBody() {}

    static void write(Flow flow, Encoder out) throws IOException {
        out.writeString(flow.getFlowId());
        writeTime(flow.getWindowStart(), out);
        out.writeInt(flow.getWindowSeconds());
        out.writeLong(flow.getRevision());
        out.writeString(flow.getRealm());
        out.writeInt(flow.getIpVersion());
        out.writeInt(flow.getProtocolIdentifier());
        out.writeString(flow.getSourceAddress());
        out.writeString(flow.getDestinationAddress());
        out.writeInt(flow.getSourceTransportPort());
        out.writeInt(flow.getDestinationTransportPort());
        out.writeBoolean(flow.getPortsKnown());
        writeOptional(flow.getIcmpType(), out);
        writeOptional(flow.getIcmpCode(), out);
        out.writeLong(flow.getPacketDeltaCount());
        out.writeLong(flow.getOctetDeltaCount());
        out.writeLong(flow.getReversePacketDeltaCount());
        out.writeLong(flow.getReverseOctetDeltaCount());
        writeTime(flow.getFlowStart(), out);
        writeTime(flow.getFlowEnd(), out);
        writeOptional(flow.getFlowEndReason(), out);
        out.writeInt(flow.getTcpControlBits());
        out.writeInt(flow.getReverseTcpControlBits());
        out.writeInt(flow.getBiflowDirection());
        out.writeString(flow.getInitiatorEvidence());
        out.writeString(flow.getCommunityId());
        writeOptional(flow.getLocality(), out);
        writeVantage(flow.getVantage(), out);
        writeDuplicates(flow.getDuplicates(), out);
        writeOptional(flow.getCoverage(), out);
        writeOptional(flow.getMissedOctets(), out);
        writeOptional(flow.getConnectionOutcome(), out);
        writeTcp(flow, out);
        writeOptional(flow.getSamplingProbability(), out);
        writeOptional(flow.getSourcePrefixLength(), out);
        writeOptional(flow.getDestinationPrefixLength(), out);
        writeNames(flow, out);
        writeOptional(flow.getTcpRetransmittedOctetCount(), out);
        writeOptional(flow.getReverseTcpRetransmittedOctetCount(), out);
    }

    private static void writeNames(Flow flow, Encoder out) throws IOException {
        writeOptional(flow.getSourceVirtualStationName(), out);
        writeOptional(flow.getSourceVirtualStationUuid(), out);
        writeOptional(flow.getSourceApplication(), out);
        writeOptional(flow.getSourceHost(), out);
        writeOptional(flow.getSourcePortGroup(), out);
        writeOptional(flow.getSourceSubnet(), out);
        writeOptional(flow.getSourceAttribution(), out);
        writeOptional(flow.getDestinationVirtualStationName(), out);
        writeOptional(flow.getDestinationVirtualStationUuid(), out);
        writeOptional(flow.getDestinationApplication(), out);
        writeOptional(flow.getDestinationHost(), out);
        writeOptional(flow.getDestinationPortGroup(), out);
        writeOptional(flow.getDestinationSubnet(), out);
        writeOptional(flow.getDestinationAttribution(), out);
    }

    private static void writeTcp(Flow flow, Encoder out) throws IOException {
        writeOptional(flow.getTcpHistory(), out);
        writeOptional(flow.getTransportOctetDeltaCount(), out);
        writeOptional(flow.getReverseTransportOctetDeltaCount(), out);
        writeOptional(flow.getTcpHandshakeMicroseconds(), out);
        writeOptional(flow.getTcpRetransmittedPacketCount(), out);
        writeOptional(flow.getReverseTcpRetransmittedPacketCount(), out);
        writeOptional(flow.getTcpOutOfOrderPacketCount(), out);
        writeOptional(flow.getReverseTcpOutOfOrderPacketCount(), out);
    }

    private static void writeTime(Instant time, Encoder out) throws IOException {
        out.writeLong(time.getEpochSecond() * MICROS_PER_SECOND + time.getNano() / NANOS_PER_MICRO);
    }

    /** A union with null is the branch, null first, and then the value. */
    private static void writeOptional(@Nullable Integer value, Encoder out) throws IOException {
        out.writeIndex(value == null ? 0 : 1);
        if (value != null) {
            out.writeInt(value);
        }
    }

    private static void writeOptional(@Nullable String value, Encoder out) throws IOException {
        out.writeIndex(value == null ? 0 : 1);
        if (value != null) {
            out.writeString(value);
        }
    }

    private static void writeOptional(@Nullable Double share, Encoder out) throws IOException {
        out.writeIndex(share == null ? 0 : 1);
        if (share != null) {
            out.writeDouble(share);
        }
    }

    private static void writeOptional(@Nullable Long octets, Encoder out) throws IOException {
        out.writeIndex(octets == null ? 0 : 1);
        if (octets != null) {
            out.writeLong(octets);
        }
    }

    private static void writeVantage(List<Vantage> points, Encoder out) throws IOException {
        out.writeArrayStart();
        out.setItemCount(points.size());
        for (Vantage point : points) {
            out.startItem();
            out.writeBoolean(point.getReverse());
            out.writeBoolean(point.getCanonical());
            out.writeString(point.getSensorId());
            out.writeString(point.getInterfaceName());
            out.writeString(point.getSourceMacAddress());
            out.writeString(point.getDestinationMacAddress());
            writeInts(point.getVlanIds(), out);
            writeOptional(point.getOverlayId(), out);
            writeOptional(point.getMirrorSession(), out);
            out.writeInt(point.getIpTtl());
            out.writeLong(point.getPacketDeltaCount());
            out.writeLong(point.getOctetDeltaCount());
            writeOptional(point.getDuplicateClass(), out);
            out.writeInt(point.getHop());
            writeTime(point.getFirstSeen(), out);
            writeTcp(point, out);
        }
        out.writeArrayEnd();
    }

    private static void writeTcp(Vantage point, Encoder out) throws IOException {
        writeOptional(point.getTransportOctetDeltaCount(), out);
        writeOptional(point.getRetransmittedPacketCount(), out);
        writeOptional(point.getOutOfOrderPacketCount(), out);
        writeOptional(point.getLostUpstreamPacketCount(), out);
        writeOptional(point.getCaptureLostOctetCount(), out);
        writeOptional(point.getZeroWindowPacketCount(), out);
        writeOptional(point.getRttSampleCount(), out);
        writeOptional(point.getRttSumMicroseconds(), out);
        writeOptional(point.getRttMinMicroseconds(), out);
        writeOptional(point.getRttMaxMicroseconds(), out);
        writeOptional(point.getHandshakeMicroseconds(), out);
    }

    private static void writeInts(List<Integer> numbers, Encoder out) throws IOException {
        out.writeArrayStart();
        out.setItemCount(numbers.size());
        for (Integer number : numbers) {
            out.startItem();
            out.writeInt(number);
        }
        out.writeArrayEnd();
    }

    private static void writeDuplicates(Map<String, Long> classes, Encoder out) throws IOException {
        out.writeMapStart();
        out.setItemCount(classes.size());
        for (Map.Entry<String, Long> each : classes.entrySet()) {
            out.startItem();
            out.writeString(each.getKey());
            out.writeLong(each.getValue());
        }
        out.writeMapEnd();
    }
}
