package io.parallax.vantage;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.Records;
import io.parallax.model.StreamName;
import io.parallax.wire.PacketHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** One flow, whose sightings are linked from {@link #head}. */
final class SightingsTest {

    private static final boolean FORWARD = false;
    private static final boolean REVERSE = true;

    private Sightings sightings = new Sightings();
    private Choice choice = tcpChoice();
    private int head = Records.NONE;

    @Test
    void theSamePlaceIsTheSameSighting() {
        int first = see("capvm1", header -> header.vlanStack = 10);
        int other = see("capvm2", header -> header.vlanStack = 10);
        assertThat(see("capvm1", header -> header.vlanStack = 10)).isEqualTo(first);
        assertThat(see("capvm2", header -> header.vlanStack = 10))
                .isEqualTo(other)
                .isNotEqualTo(first);
        assertThat(sightings.size()).isEqualTo(2);
    }

    @Test
    void eachPartOfAnObservationPointTellsItFromAnother() {
        see("capvm1", header -> {});
        see("capvm2", header -> {});
        see("capvm1", header -> header.sourceMac++);
        see("capvm1", header -> header.destinationMac++);
        see("capvm1", header -> header.vlanCount = 1);
        see("capvm1", header -> header.vlanStack = 20);
        see("capvm1", header -> header.overlayId = 5_000);
        see("capvm1", header -> header.mirrorSession = 0x0200_0000);
        assertThat(sightings.size()).isEqualTo(8);
    }

    @Test
    void mirrorSessionsOfTwoSwitchesAreApart() {
        int one = see("capvm1", header -> mirror(header, 0x0A00_00FEL));
        int other = see("capvm1", header -> mirror(header, 0x0A00_00FDL));
        assertThat(other).isNotEqualTo(one);
        assertThat(described(one).mirrorSession).isEqualTo("gre 10.0.0.254 key 33554432");
        assertThat(described(other).mirrorSession).isEqualTo("gre 10.0.0.253 key 33554432");
    }

    /** ERSPAN type III mirrors both directions of a port in one session. */
    @Test
    void theSentAndTheDeliveredCopyOfASessionAreTwoPlaces() {
        int direct = see("capvm1", header -> {});
        int sent = see("capvm1", header -> erspan(header, PacketHeader.DIRECTION_SENT));
        int delivered = see("capvm1", header -> erspan(header, PacketHeader.DIRECTION_DELIVERED));
        assertThat(see("capvm1", header -> erspan(header, PacketHeader.DIRECTION_SENT)))
                .isEqualTo(sent)
                .isNotEqualTo(delivered);
        assertThat(sightings.size()).isEqualTo(3);
        assertThat(described(sent).mirrorSession).isEqualTo("erspan_3 10.0.0.254 session 5 sent");
        assertThat(described(delivered).mirrorSession).isEqualTo("erspan_3 10.0.0.254 session 5 delivered");
        assertThat(described(sent).vlanCount).isEqualTo(described(direct).vlanCount);
        assertThat(described(sent).sourceMac).isEqualTo(described(direct).sourceMac);
        assertThat(sightings.isReverse(delivered)).isFalse();
    }

    @Test
    void sessionsOfOneNumberButTwoKindsAreApart() {
        int two = see("capvm1", header -> header.mirrorKind = PacketHeader.MIRROR_ERSPAN_2);
        int three = see("capvm1", header -> header.mirrorKind = PacketHeader.MIRROR_ERSPAN_3);
        assertThat(two).isNotEqualTo(three);
        assertThat(described(two).mirrorSession).startsWith("erspan_2 ");
    }

    private static void erspan(PacketHeader header, int direction) {
        header.mirrorKind = PacketHeader.MIRROR_ERSPAN_3;
        header.mirrorSourceLow = 0x0A00_00FEL;
        header.mirrorSession = 5;
        header.mirrorDirection = direction;
    }

    private static void mirror(PacketHeader header, long source) {
        header.mirrorKind = PacketHeader.MIRROR_GRE;
        header.mirrorSourceLow = source;
        header.mirrorSession = 0x0200_0000;
    }

    /** The TTL differs from packet to packet of one OP where routes change; it says how near the sender the OP is. */
    @Test
    void theGreatestTtlOfClosedWindowsIsKeptAndNoPartOfTheIdentity() {
        int sighting = see("capvm1", header -> header.ttl = 62);
        assertThat(see("capvm1", header -> header.ttl = 64)).isEqualTo(sighting);
        sightings.count(sighting, 62);
        sightings.count(sighting, 64);
        sightings.count(sighting, 63);
        assertThat(described(sighting).ttl).isEqualTo(64);
    }

    @Test
    void directionsAreApart() {
        int forward = see("capvm1", header -> {});
        int reverse = add("capvm1", Headers.ip(Headers.TCP, 2, 443, 1, 50_000));
        assertThat(reverse).isNotEqualTo(forward);
        assertThat(sightings.isReverse(forward)).isFalse();
        assertThat(sightings.isReverse(reverse)).isTrue();
    }

    @Test
    void eightPlacesPerDirectionAreToldApart() {
        for (int i = 0; i < Sightings.MOST_PER_DIRECTION; i++) {
            int vlan = i;
            assertThat(see("capvm1", header -> header.vlanStack = vlan)).isNotEqualTo(Records.NONE);
        }
        assertThat(see("capvm1", header -> header.vlanStack = 99)).isEqualTo(Records.NONE);
        assertThat(see("capvm1", header -> header.vlanStack = 7))
                .as("a known one")
                .isNotEqualTo(Records.NONE);
        assertThat(add("capvm1", Headers.ip(Headers.TCP, 2, 443, 1, 50_000)))
                .as("the other direction")
                .isNotEqualTo(Records.NONE);
    }

    @Test
    void mostOctetsAreCanonicalWhateverElseSpeaksForAnother() {
        int more = counted(see("capvm9", header -> {}), 1, 1, 1_001);
        counted(see("capvm1", header -> {}), 64, 10, 1_000);
        assertThat(choose(Records.NONE)).isEqualTo(more);
    }

    @Test
    void amongEqualOctetsMostPacketsAre() {
        int more = counted(see("capvm9", header -> {}), 1, 11, 1_000);
        counted(see("capvm1", header -> {}), 64, 10, 1_000);
        assertThat(choose(Records.NONE)).isEqualTo(more);
    }

    @Test
    void amongEqualCountsTheOneNearestTheSenderIs() {
        int nearest = counted(see("capvm9", header -> {}), 64, 10, 1_000);
        counted(see("capvm1", header -> {}), 63, 10, 1_000);
        assertThat(choose(Records.NONE)).isEqualTo(nearest);
    }

    @Test
    void amongEqualsTheSmallestIdentityIs() {
        counted(see("capvm2", header -> {}), 10, 1_000);
        int smallest = counted(see("capvm1", header -> {}), 10, 1_000);
        counted(see("capvm3", header -> {}), 10, 1_000);
        assertThat(choose(Records.NONE)).isEqualTo(smallest);
    }

    @Test
    void atOneInterfaceVlanThenAddressesThenMirrorDecide() {
        counted(see("capvm1", header -> header.mirrorSession = 7), 10, 1_000);
        counted(see("capvm1", header -> header.overlayId = 7), 10, 1_000);
        counted(see("capvm1", header -> header.destinationMac++), 10, 1_000);
        counted(see("capvm1", header -> header.sourceMac++), 10, 1_000);
        counted(see("capvm1", header -> header.vlanStack = 10), 10, 1_000);
        int smallest = counted(see("capvm1", header -> {}), 10, 1_000);
        assertThat(choose(Records.NONE)).isEqualTo(smallest);
    }

    @Test
    void whoeverIsCanonicalStaysUntilAnotherLeadsByMoreThanOnePercent() {
        int held = counted(see("capvm1", header -> {}), 10, 10_000);
        int ahead = counted(see("capvm2", header -> {}), 10, 10_100);
        assertThat(choose(held)).isEqualTo(held);
        counted(ahead, 0, 1);
        assertThat(choose(held)).isEqualTo(ahead);
        assertThat(choose(Records.NONE)).isEqualTo(ahead);
    }

    @Test
    void whoSawNothingInThisDirectionIsNoCandidate() {
        see("capvm1", header -> {});
        counted(add("capvm1", Headers.ip(Headers.TCP, 2, 443, 1, 50_000)), 1, 40);
        assertThat(choice.choose(FORWARD, Records.NONE)).isEqualTo(Records.NONE);
        assertThat(choice.choose(REVERSE, Records.NONE)).isNotEqualTo(Records.NONE);
    }

    @Test
    void whatWindowsHeldThatAreGivenUpStillCounts() {
        int past = see("capvm1", header -> {});
        sightings.addPast(past, 10, 1_000);
        int present = see("capvm2", header -> {});
        choice.begin(head, true);
        choice.add(present, 9, 900);
        assertThat(choose(Records.NONE)).isEqualTo(past);
        choice.begin(head, true);
        assertThat(choose(Records.NONE)).as("sums begin anew").isEqualTo(past);
    }

    @Test
    void aCopyOrWhatIsReadBackKnowsTheSamePlaces() throws IOException {
        int one = see("capvm1", header -> mirror(header, 0x0A00_00FEL));
        int other = see("capvm2", header -> {
            header.vlanCount = 2;
            header.vlanStack = (100L << 16) | 200;
            header.overlayId = 77;
        });
        sightings.addPast(other, 3, 300);
        for (Sightings again : new Sightings[] {sightings.copy(), reread()}) {
            sightings = again;
            choice = tcpChoice();
            assertThat(see("capvm1", header -> mirror(header, 0x0A00_00FEL))).isEqualTo(one);
            FlowRow.Sighting described = described(other);
            assertThat(described.sensorId).isEqualTo("capvm2");
            assertThat(described.interfaceName).isEqualTo("eth0");
            assertThat(described.vlanCount).isEqualTo(2);
            assertThat(described.vlanStack).isEqualTo((100L << 16) | 200);
            assertThat(described.overlayId).isEqualTo(77);
            assertThat(described.mirrorSession).isNull();
            assertThat(described.sourceMac).isEqualTo(0x0200_0000_0001L);
            assertThat(described.destinationMac).isEqualTo(0x0200_0000_0002L);
            choice.begin(head, true);
            assertThat(choose(Records.NONE)).isEqualTo(other);
        }
    }

    @Test
    void anEndThatAnotherTookThePlaceOfIsOnePlaceWithIt() {
        int before = counted(see("capvm1", header -> {}), 64, 6, 600);
        int after = counted(see("capvm1", header -> header.destinationMac++), 64, 4, 400);
        assertThat(sightings.isContinuation(before, after)).isTrue();
        assertThat(sightings.isContinuation(after, before)).isTrue();
    }

    /** The new holder of an address may begin with another TTL; neither was forwarded. */
    @Test
    void whatTwoEndsSentInTurnIsOnePlaceAndNoRouteBetweenThem() {
        int before = counted(see("capvm1", header -> {}), 64, 6, 600);
        int after = counted(see("capvm1", header -> header.sourceMac++), 128, 4, 400);
        assertThat(sightings.isContinuation(before, after)).isTrue();
        assertThat(sightings.isRoutedBetween(before, after)).isFalse();
    }

    @Test
    void whatIsForwardedOrSeenElsewhereContinuesNothing() {
        int sent = counted(see("capvm1", header -> {}), 64, 6, 600);
        int routed = counted(see("capvm1", header -> header.destinationMac++), 63, 6, 600);
        int forwarded = counted(see("capvm1", SightingsTest::toTheNext), 64, 6, 600);
        int tagged = counted(see("capvm1", SightingsTest::inAnotherVlan), 64, 6, 600);
        int elsewhere = counted(see("capvm2", header -> header.destinationMac++), 64, 6, 600);
        int mirrored = counted(see("capvm1", SightingsTest::asMirrorCopy), 64, 6, 600);
        for (int other : new int[] {routed, forwarded, tagged, elsewhere, mirrored, sent}) {
            assertThat(sightings.isContinuation(sent, other)).isFalse();
        }
    }

    private static void toTheNext(PacketHeader header) {
        header.sourceMac += 2;
        header.destinationMac += 2;
    }

    private static void inAnotherVlan(PacketHeader header) {
        header.destinationMac++;
        header.vlanCount = 1;
        header.vlanStack = 20;
    }

    private static void asMirrorCopy(PacketHeader header) {
        header.destinationMac++;
        mirror(header, 0x0A00_00FEL);
    }

    @Test
    void onePlaceIsMeasuredTogether() {
        choice.clear(false);
        int before = counted(see("capvm2", header -> {}), 64, 6, 600);
        int after = counted(see("capvm2", header -> header.destinationMac++), 64, 4, 400);
        counted(see("capvm1", header -> {}), 64, 9, 900);
        assertThat(choose(Records.NONE)).isEqualTo(before).isNotEqualTo(after);
    }

    @Test
    void ofTcpItIsNot() {
        counted(see("capvm2", header -> {}), 64, 6, 600);
        counted(see("capvm2", header -> header.destinationMac++), 64, 4, 400);
        int most = counted(see("capvm1", header -> {}), 64, 9, 900);
        assertThat(choose(Records.NONE)).isEqualTo(most);
    }

    private Choice tcpChoice() {
        Choice made = new Choice(sightings);
        made.clear(true);
        return made;
    }

    private Sightings reread() throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        sightings.writeTo(new DataOutputStream(octets));
        return Sightings.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
    }

    private int counted(int sighting, long packets, long octets) {
        choice.add(sighting, packets, octets);
        return sighting;
    }

    private int counted(int sighting, int ttl, long packets, long octets) {
        sightings.count(sighting, ttl);
        return counted(sighting, packets, octets);
    }

    private int choose(int current) {
        return choice.choose(FORWARD, current);
    }

    private FlowRow.Sighting described(int sighting) {
        FlowRow.Sighting out = new FlowRow.Sighting();
        sightings.describe(sighting, out);
        return out;
    }

    private int see(String sensor, Consumer<PacketHeader> change) {
        PacketHeader header = Headers.ip(Headers.TCP, 1, 50_000, 2, 443);
        change.accept(header);
        return add(sensor, header);
    }

    private int add(String sensor, PacketHeader header) {
        HeaderBlock block = new HeaderBlock();
        block.reset(0, 0, 0);
        int entry = block.addEntry(new FlowKey().of(header, 0), header, 0, 0);
        int stream = sightings.streamNumber(new StreamName(sensor, "eth0"));
        int sighting = sightings.findOrAdd(head, block, entry, stream);
        if (sighting != Records.NONE && sightings.next(sighting) == head) {
            head = sighting;
        }
        return sighting;
    }
}
