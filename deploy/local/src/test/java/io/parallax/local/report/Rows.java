package io.parallax.local.report;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import java.time.Instant;
import java.util.Map;

/** Rows with the fields that the reports read. */
final class Rows {

    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Rows() {}

    static CaptureLedger ledger(String sensor, long frames, Map<String, Long> outcomes, long publishedIp) {
        return CaptureLedger.newBuilder()
                .setSensorId(sensor)
                .setInterfaceName("cap0")
                .setBootEpoch(1)
                .setIntervalStart(NOON)
                .setIntervalSeconds(1)
                .setFrames(frames)
                .setOctets(100 * frames)
                .setOutcomes(outcomes)
                .setPublished(publishedIp)
                .setPublishedIp(publishedIp)
                .build();
    }

    static Completeness completeness(String sensor, long revision, long published, long received, long canonical) {
        return Completeness.newBuilder()
                .setSensorId(sensor)
                .setInterfaceName("cap0")
                .setWindowStart(NOON)
                .setWindowSeconds(10)
                .setRevision(revision)
                .setFrames(published + 1)
                .setOutcomes(Map.of("decoded", published, "malformed", 1L))
                .setPublished(published)
                .setPublishedIp(published)
                .setReceived(received)
                .setReplayed(0)
                .setMissing(0)
                .setNonIp(0)
                .setCanonical(canonical)
                .setDuplicates(Map.of("D1", received - canonical))
                .setFolded(0)
                .setTooLate(0)
                .setTransportResidual(published - received)
                .setResidual(0)
                .build();
    }

    static Flow flow(String id, long revision, long packets, long packetsBack, long duplicates) {
        return Flow.newBuilder()
                .setFlowId(id)
                .setWindowStart(NOON)
                .setWindowSeconds(10)
                .setRevision(revision)
                .setIpVersion(4)
                .setProtocolIdentifier(6)
                .setSourceAddress("10.10.1.11")
                .setSourceTransportPort(40_000)
                .setDestinationAddress("10.10.2.13")
                .setDestinationTransportPort(5432)
                .setPacketDeltaCount(packets)
                .setOctetDeltaCount(100 * packets)
                .setReversePacketDeltaCount(packetsBack)
                .setReverseOctetDeltaCount(100 * packetsBack)
                .setFlowStart(NOON)
                .setFlowEnd(NOON.plusMillis(1500))
                .setTcpControlBits(0)
                .setReverseTcpControlBits(0)
                .setInitiatorEvidence("syn")
                .setCommunityId("1:x")
                .setDuplicates(Map.of("D1", duplicates))
                .build();
    }

    static MatrixCell cell(String from, String to, long revision, long octets) {
        return MatrixCell.newBuilder()
                .setWindowStart(NOON)
                .setWindowSeconds(10)
                .setRevision(revision)
                .setLevel("address")
                .setSourceEntity(from)
                .setDestinationEntity(to)
                .setPacketDeltaCount(octets / 100)
                .setOctetDeltaCount(octets)
                .setFlowsOpened(0)
                .build();
    }
}
