package io.parallax.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.Disposition;
import io.parallax.model.FlowRow;
import io.parallax.model.Initiator;
import io.parallax.wire.Flow;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Vantage;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Community IDs are those of the reference implementation's baseline (corelight/pycommunityid). */
final class FlowRecordsTest {

    private static final int WINDOW_SECONDS = 60;

    private final FlowRecords records = new FlowRecords(WINDOW_SECONDS);

    @Test
    void theInitiatorIsTheSourceAndTheCommunityIdIsThatOfBothDirections() {
        FlowRow forward = tcp(ipv4(128, 232, 110, 120), 34_855, ipv4(66, 35, 250, 204), 80);
        FlowRow backward = tcp(forward.destinationLow, 80, forward.sourceLow, 34_855);

        assertThat(records.of(forward).getCommunityId()).isEqualTo("1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
        assertThat(records.of(backward).getCommunityId()).isEqualTo("1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
        assertThat(records.of(forward).getSourceAddress()).isEqualTo("128.232.110.120");
        assertThat(records.of(forward).getSourceTransportPort()).isEqualTo(34_855);
        assertThat(records.of(forward).getDestinationAddress()).isEqualTo("66.35.250.204");
        assertThat(records.of(forward).getDestinationTransportPort()).isEqualTo(80);
    }

    @Test
    void icmpHasATypeInPlaceOfPorts() {
        FlowRow row = tcp(ipv4(192, 168, 0, 89), 8, ipv4(192, 168, 0, 1), 0);
        row.protocol = 1;
        Flow flow = records.of(row);

        assertThat(flow.getSourceTransportPort()).isZero();
        assertThat(flow.getDestinationTransportPort()).isZero();
        assertThat(flow.getIcmpType()).isEqualTo(8);
        assertThat(flow.getIcmpCode()).isNull();
        assertThat(flow.getCommunityId()).isEqualTo("1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
    }

    @Test
    void anIcmpMessageWithoutCounterpartHasACodeAndStartsWithItsSender() {
        FlowRow row = tcp(ipv4(192, 168, 0, 89), 20, ipv4(192, 168, 0, 1), 3);
        row.protocol = 1;
        row.isOneWay = true;
        Flow flow = records.of(row);

        assertThat(flow.getIcmpType()).isEqualTo(20);
        assertThat(flow.getIcmpCode()).isEqualTo(3);
        row.sourceLow = ipv4(192, 168, 0, 1);
        row.destinationLow = ipv4(192, 168, 0, 89);
        assertThat(records.of(row).getCommunityId()).isNotEqualTo(flow.getCommunityId());
    }

    @Test
    void portsThatWereCutOffAreZeroAndNotPartOfTheCommunityId() {
        FlowRow row = tcp(ipv4(10, 0, 0, 1), 0, ipv4(10, 0, 0, 2), 0);
        String withPortsZero = records.of(row).getCommunityId();
        row.isPortsKnown = false;
        Flow flow = records.of(row);

        assertThat(flow.getPortsKnown()).isFalse();
        assertThat(flow.getSourceTransportPort()).isZero();
        assertThat(flow.getCommunityId()).isNotEqualTo(withPortsZero);
    }

    @Test
    void timesAreWholeMicroseconds() {
        FlowRow row = tcp(1, 1, 2, 2);
        row.windowStart = 1_700_000_040_000_000_000L;
        row.flowStart = 1_700_000_041_123_456_789L;
        row.flowEnd = -1;
        Flow flow = records.of(row);

        assertThat(flow.getWindowStart()).isEqualTo(Instant.ofEpochSecond(1_700_000_040L));
        assertThat(flow.getFlowStart()).isEqualTo(Instant.ofEpochSecond(1_700_000_041L, 123_456_000));
        assertThat(flow.getFlowEnd()).isEqualTo(Instant.ofEpochSecond(-1, 999_999_000));
        assertThat(flow.getWindowSeconds()).isEqualTo(WINDOW_SECONDS);
    }

    @Test
    void aLivingFlowHasNoEndReason() {
        FlowRow row = tcp(1, 1, 2, 2);
        assertThat(records.of(row).getFlowEndReason()).isNull();
        row.endReason = 3;
        assertThat(records.of(row).getFlowEndReason()).isEqualTo(3);
    }

    @Test
    void duplicatesNameOnlyClassesThatHaveAny() {
        FlowRow row = tcp(1, 1, 2, 2);
        assertThat(records.of(row).getDuplicates()).isEmpty();
        row.observations[Disposition.D1.code()] = 7;
        assertThat(records.of(row).getDuplicates()).isEqualTo(Map.of("D1", 7L));
        row.observations[Disposition.FOLDED.code()] = 2;
        assertThat(records.of(row).getDuplicates()).isEqualTo(Map.of("D1", 7L, "folded", 2L));
        row.observations[Disposition.D1.code()] = 0;
        assertThat(records.of(row).getDuplicates()).isEqualTo(Map.of("folded", 2L));
    }

    @Test
    void observationPointsKeepTheirVlansOutermostFirst() {
        FlowRow row = tcp(1, 1, 2, 2);
        FlowRow.Sighting sighting = row.addSighting();
        sighting.sensorId = "capture-1";
        sighting.interfaceName = "eth1";
        sighting.sourceMac = 0x0050_5600_0001L;
        sighting.vlanCount = 2;
        sighting.vlanStack = (100L << 16) | 4_094;
        sighting.overlayId = PacketHeader.NO_OVERLAY;
        sighting.ttl = 63;
        Vantage point = records.of(row).getVantage().get(0);

        assertThat(point.getVlanIds()).containsExactly(100, 4_094);
        assertThat(point.getSourceMacAddress()).isEqualTo("00:50:56:00:00:01");
        assertThat(point.getOverlayId()).isNull();
        assertThat(point.getMirrorSession()).isNull();
    }

    @Test
    void everyRecordCanBeEncodedAndReadBack() throws Exception {
        FlowRow row = tcp(1, 1, 2, 2);
        FlowRow.Sighting sighting = row.addSighting();
        sighting.overlayId = 5_001;
        sighting.mirrorSession = "192.0.2.1#7";
        row.observations[Disposition.D1.code()] = 1;
        SingleObjectCodec<Flow> codec = SingleObjectCodec.of(Flow.getClassSchema());
        Flow flow = records.of(row);

        assertThat(codec.decode(codec.encode(flow))).isEqualTo(flow);
    }

    @Test
    void aRecordOutlivesTheRowItWasMadeFrom() {
        FlowRow row = tcp(1, 1, 2, 2);
        row.addSighting().sensorId = "capture-1";
        Flow flow = records.of(row);
        row.clearSightings();
        row.addSighting().sensorId = "capture-2";
        assertThat(flow.getVantage().get(0).getSensorId()).isEqualTo("capture-1");
    }

    private static FlowRow tcp(long from, int fromPort, long to, int toPort) {
        FlowRow row = new FlowRow();
        row.flowId = "f";
        row.realm = "default";
        row.family = PacketHeader.FAMILY_IPV4;
        row.protocol = 6;
        row.sourceLow = from;
        row.sourcePort = fromPort;
        row.destinationLow = to;
        row.destinationPort = toPort;
        row.isPortsKnown = true;
        row.initiator = Initiator.SYN;
        return row;
    }

    private static long ipv4(int a, int b, int c, int d) {
        return ((long) a << 24) | (b << 16) | (c << 8) | d;
    }
}
