package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class FlowHashTest {

    private static final int BUCKETS = 256;
    private static final int FLOWS = 65_536;

    @Provide
    Arbitrary<PacketHeader> headers() {
        return Arbitraries.randomValue(AnyHeaders::header);
    }

    @Property
    void bothDirectionsOfAFlowHashAlike(@ForAll("headers") PacketHeader header) {
        header.status &= ~PacketHeader.STATUS_ONE_WAY;
        assertThat(FlowHash.of(turned(header))).isEqualTo(FlowHash.of(header));
    }

    @Property
    void onlyTheFlowCounts(@ForAll("headers") PacketHeader header, @ForAll long seed) {
        Random random = new Random(seed);
        PacketHeader other = AnyHeaders.mirrored(AnyHeaders.header(random), random, 5);
        other.family = header.family;
        other.protocol = header.protocol;
        other.sourceHigh = header.sourceHigh;
        other.sourceLow = header.sourceLow;
        other.destinationHigh = header.destinationHigh;
        other.destinationLow = header.destinationLow;
        other.sourcePort = header.sourcePort;
        other.destinationPort = header.destinationPort;
        other.status = header.status ^ PacketHeader.STATUS_TRUNCATED;
        assertThat(FlowHash.of(other)).isEqualTo(FlowHash.of(header));
    }

    /** Sensors of different releases sample one network: these numbers never change. */
    @Test
    void theHashIsTheSameOnEverySensorAndInEveryRelease() {
        assertThat(FlowHash.of(flow(PacketHeader.FAMILY_IPV4, 6, 0x0A00_0001L, 50_000, 0x0A00_0002L, 443)))
                .isEqualTo(0xDA10_6CA9);
        assertThat(FlowHash.of(flow(PacketHeader.FAMILY_IPV6, 17, 1, 53, 2, 50_000)))
                .isEqualTo(0xC2B1_72B4);
        PacketHeader unreachable = flow(PacketHeader.FAMILY_IPV4, 1, 0x0A00_0002L, 3, 0x0A00_0001L, 1);
        unreachable.status = PacketHeader.STATUS_ONE_WAY;
        assertThat(FlowHash.of(unreachable)).isEqualTo(0xD528_D608);
    }

    @Test
    void anArpRequestAndItsAnswerStayTogether() {
        PacketHeader request = flow(PacketHeader.FAMILY_ARP, 1, 0x0A00_0001L, 0, 0x0A00_0002L, 0);
        PacketHeader answer = turned(request);
        answer.protocol = 2;
        assertThat(FlowHash.of(answer)).isEqualTo(FlowHash.of(request));
    }

    @Test
    void neighbouringFlowsSpreadEvenlyByTheHighBitsAndByTheLowOnes() {
        assertThat(chiSquare(hash -> hash >>> 24)).isLessThan(MOST_CHI_SQUARE);
        assertThat(chiSquare(hash -> hash & (BUCKETS - 1))).isLessThan(MOST_CHI_SQUARE);
    }

    /** 255 degrees of freedom: an even hash exceeds 347 once in 10,000 sets of flows. */
    private static final double MOST_CHI_SQUARE = 347;

    private static double chiSquare(IntUnaryOperator bucketOf) {
        int[] counts = new int[BUCKETS];
        for (int i = 0; i < FLOWS; i++) {
            PacketHeader flow = flow(
                    PacketHeader.FAMILY_IPV4, 6, 0x0A00_0000L + (i >>> 10), 50_000 + (i & 0x3FF), 0x0A00_0F00L, 443);
            counts[bucketOf.applyAsInt(FlowHash.of(flow))]++;
        }
        double expected = (double) FLOWS / BUCKETS;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    private static PacketHeader flow(
            int family, int protocol, long source, int sourcePort, long destination, int destinationPort) {
        PacketHeader header = new PacketHeader();
        header.clear();
        header.family = family;
        header.protocol = protocol;
        header.sourceLow = source;
        header.sourcePort = sourcePort;
        header.destinationLow = destination;
        header.destinationPort = destinationPort;
        return header;
    }

    private static PacketHeader turned(PacketHeader header) {
        PacketHeader turned = new PacketHeader();
        turned.copyFrom(header);
        turned.sourceHigh = header.destinationHigh;
        turned.sourceLow = header.destinationLow;
        turned.sourcePort = header.destinationPort;
        turned.destinationHigh = header.sourceHigh;
        turned.destinationLow = header.sourceLow;
        turned.destinationPort = header.sourcePort;
        return turned;
    }
}
