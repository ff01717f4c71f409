package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.parallax.model.Facts;
import io.parallax.model.Headers;
import io.parallax.model.NeighbourFact;
import io.parallax.model.NeighbourFact.Kind;
import io.parallax.model.StreamName;
import io.parallax.wire.PacketHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NeighbourFactsTest {

    private static final String REALM = "red";
    private static final long LINK_LOCAL = 0xFE80L << 48;
    private static final long SOLICITED_NODE_HIGH = 0xFF02L << 48;
    private static final long SOLICITED_NODE_LOW = 0x1_FF00_0000L;

    private final NeighbourFacts neighbours = new NeighbourFacts();

    @BeforeEach
    void open() {
        neighbours.open(new StreamName("capvm1", "eth0"));
    }

    @Test
    void aQuestionIsToldToWhoAsks() {
        PacketHeader request = Headers.arp(7, 1, 2);
        request.vlanCount = 1;
        request.vlanStack = 110;
        hear(request);
        assertThat(told())
                .containsExactly(new NeighbourFact(
                        Kind.REQUEST,
                        true,
                        Headers.nanos(7),
                        REALM,
                        110,
                        0x0200_0000_0001L,
                        "10.0.0.1",
                        "10.0.0.2",
                        0x0A00_0002,
                        true,
                        false));
    }

    @Test
    void anAnswerIsToldToBothInTheBucketsOfTheirAddresses() {
        hear(reply(2, 1));
        List<Facts<NeighbourFact>> told = new ArrayList<>();
        neighbours.take();
        neighbours.flush(told::add);
        assertThat(told)
                .allSatisfy(facts ->
                        assertThat(facts.facts()).allMatch(fact -> Facts.bucketOf(fact.subject()) == facts.bucket()));
        assertThat(told.stream().flatMap(facts -> facts.facts().stream()))
                .extracting(NeighbourFact::subject, NeighbourFact::number)
                .containsExactlyInAnyOrder(tuple("red 10.0.0.2", 0x0A00_0001), tuple("red 10.0.0.1", 0x0A00_0002));
    }

    @Test
    void probesAnnouncementsAndDhcpServersAreTold() {
        PacketHeader probe = Headers.arp(1, 1, 2);
        probe.sourceLow = 0;
        hear(probe);
        hear(Headers.arp(1, 3, 3));
        hear(Headers.udp(1, 4, 67, 5, 68));
        hear(Headers.udp(1, 4, 68, 5, 67));
        assertThat(told())
                .extracting(fact -> fact.kind() + " " + fact.subject())
                .containsExactlyInAnyOrder(
                        "PROBE red 02:00:00:00:00:01",
                        "ANNOUNCEMENT red 10.0.0.3",
                        "DHCP_ANSWER red 10.0.0.4",
                        "DHCP_ANSWER red dhcp -1");
    }

    @Test
    void aSolicitationAndItsAdvertisementNameTheNeighbourAlike() {
        hear(discovery(135, LINK_LOCAL, 1, SOLICITED_NODE_HIGH, SOLICITED_NODE_LOW + 0x0203));
        hear(discovery(136, LINK_LOCAL, 0x0203, LINK_LOCAL, 1));
        PacketHeader routed = discovery(135, LINK_LOCAL, 1, SOLICITED_NODE_HIGH, SOLICITED_NODE_LOW);
        routed.ttl = 64;
        hear(routed);
        assertThat(told())
                .filteredOn(fact -> fact.subject().equals("red fe80::1"))
                .extracting(fact -> fact.kind() + " " + fact.number())
                .containsExactly("SOLICITATION 515", "ADVERTISEMENT 515");
    }

    @Test
    void whoSendsPacketsOfThreeOthersWithALoweredTtlForwards() {
        for (int source = 1; source <= 3; source++) {
            hear(Headers.arp(source, 9, 10));
            PacketHeader routed = Headers.udp(source, 9, 1_000, 5, 53);
            routed.sourceLow = 0x0A01_0000L + source;
            routed.ttl = 63;
            neighbours.isOfLink(routed);
            PacketHeader own = Headers.udp(source, 8, 1_000 + source, 5, 53);
            neighbours.isOfLink(own);
        }
        hear(Headers.arp(4, 9, 10));
        hear(Headers.arp(4, 8, 10));
        assertThat(told())
                .filteredOn(NeighbourFact::isForwarding)
                .singleElement()
                .satisfies(fact -> assertThat(fact.sender()).isEqualTo("10.0.0.9"));
    }

    @Test
    void aFloodIsCutOffPerSecondAndWhatIsLeftOutIsCounted() {
        for (int i = 0; i < NeighbourFacts.MOST_A_SECOND + 10; i++) {
            hear(Headers.arp(1, 1, i + 2));
        }
        hear(Headers.arp(2, 1, 2));
        assertThat(told()).hasSize(NeighbourFacts.MOST_A_SECOND + 1);
        assertThat(neighbours.leftOut()).isEqualTo(10);
    }

    @Test
    void whatABatchSaidThatContradictsItselfWasNotSaid() {
        hear(Headers.arp(1, 1, 2));
        neighbours.discard();
        hear(Headers.arp(2, 1, 3));
        assertThat(told()).extracting(NeighbourFact::target).containsExactly("10.0.0.3");
    }

    @Test
    void copiesOfFloodedFramesAndOtherLinksAreNotHeard() {
        PacketHeader repeated = Headers.arp(1, 1, 2);
        repeated.status = PacketHeader.STATUS_REPEATED;
        PacketHeader inside = Headers.arp(1, 1, 2);
        inside.overlayId = 5_000;
        hear(repeated);
        hear(inside);
        assertThat(told()).isEmpty();
    }

    @Test
    void factsAreReadAsTheyWereWritten() throws IOException {
        hear(Headers.arp(1, 1, 2));
        hear(reply(2, 1));
        hear(Headers.udp(1, 4, 67, 5, 68));
        hear(discovery(136, LINK_LOCAL, 0x0203, LINK_LOCAL, 1));
        List<NeighbourFact> facts = told();
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        NeighbourFactCodec.INSTANCE.write(facts, new DataOutputStream(octets));
        assertThat(NeighbourFactCodec.INSTANCE.read(
                        new DataInputStream(new ByteArrayInputStream(octets.toByteArray()))))
                .isEqualTo(facts)
                .hasSize(7);
    }

    private void hear(PacketHeader header) {
        if (neighbours.isOfLink(header)) {
            neighbours.hear(header, header.timeNanos, REALM);
        }
    }

    private List<NeighbourFact> told() {
        List<NeighbourFact> told = new ArrayList<>();
        neighbours.take();
        neighbours.flush(facts -> told.addAll(facts.facts()));
        told.sort(NeighbourFact.order());
        return told;
    }

    private static PacketHeader reply(int sender, int target) {
        PacketHeader reply = Headers.arp(1, sender, target);
        reply.protocol = 2;
        reply.destinationMac = 0x0200_0000_0000L + target;
        return reply;
    }

    private static PacketHeader discovery(int type, long sourceHigh, long source, long high, long low) {
        PacketHeader header = Headers.ip(58, 1, type, 2, 0);
        header.family = PacketHeader.FAMILY_IPV6;
        header.ttl = 255;
        header.sourceHigh = sourceHigh;
        header.sourceLow = source;
        header.destinationHigh = high;
        header.destinationLow = low;
        header.timeNanos = type;
        return header;
    }
}
