package io.parallax.vantage;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowRow;
import io.parallax.model.SegmentCounts;
import io.parallax.model.SegmentSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The clock of b is 1,000 us ahead of a's; the way takes 30 us each way unless it is said otherwise. */
final class SegmentSamplesTest {

    @Test
    void theDifferenceThereHoldsTheDelayAndTheOneBackLacksIt() {
        assertThat(handshake(64, 63).samples()).containsExactly("a/0-b/0 there 1030 back 970, >3/3 <2/2");
    }

    @Test
    void theSensorNearerTheClientMayBeEither() {
        SegmentRows rows = new SegmentRows()
                .forward("b/0", 64, 1_100, 3)
                .forward("a/0", 63, 130, 3)
                .reverse("a/0", 64, 200, 2)
                .reverse("b/0", 63, 1_230, 2);
        assertThat(rows.samples()).containsExactly("a/0-b/0 there 1030 back 970, >2/2 <3/3");
    }

    @Test
    void withoutARouterInBetweenTheTimesTellWhoIsNearer() {
        assertThat(handshake(64, 64).samples()).containsExactly("a/0-b/0 there 1030 back 970, ?5/5");
    }

    @Test
    void twoInterfacesOfASensorAreAPairToo() {
        SegmentRows rows = new SegmentRows()
                .forward("a/1", 64, 100, 3)
                .forward("a/0", 63, 130, 3)
                .reverse("a/0", 64, 200, 2)
                .reverse("a/1", 63, 230, 2);
        assertThat(rows.samples()).containsExactly("a/0-a/1 there 30 back -30, >2/2 <3/3");
    }

    @Test
    void threeInterfacesAreThreePairs() {
        SegmentRows rows = handshake(64, 63).forward("c/0", 62, 190, 3).reverse("c/0", 65, 195, 2);
        assertThat(rows.samples())
                .containsExactly(
                        "a/0-b/0 there 1030 back 970, >3/3 <2/2",
                        "a/0-c/0 there 90 back -35, >3/3 <2/2",
                        "b/0-c/0 there -940 back -1005, >3/3 <2/2");
    }

    @Test
    void aPacketLostInBetweenIsCountedAndTheRowIsNotTimed() {
        SegmentRows rows = new SegmentRows()
                .forward("a/0", 64, 100, 3)
                .forward("b/0", 63, 1_130, 2)
                .reverse("b/0", 64, 1_200, 2)
                .reverse("a/0", 63, 230, 2);
        assertThat(rows.samples()).containsExactly("a/0-b/0 untimed, >3/2 <2/2");
    }

    @Test
    void afterTheFirstWindowNothingTellsWhichPacketIsTheFirst() {
        SegmentRows rows = handshake(64, 63);
        rows.row().isOpening = false;
        assertThat(rows.samples()).containsExactly("a/0-b/0 untimed, >3/3 <2/2");
    }

    @Test
    void aConnectionWhoseSynWasMissedIsNotTimed() {
        SegmentRows rows = handshake(64, 63);
        rows.last().controlBits = SegmentRows.ACK;
        assertThat(rows.samples()).containsExactly("a/0-b/0 untimed, >3/3 <2/2");
        rows.row().protocol = 17;
        assertThat(rows.samples())
                .as("other protocols have no SYN")
                .containsExactly("a/0-b/0 there 1030 back 970, >3/3 <2/2");
    }

    @Test
    void waysWithDifferentNumbersOfRoutersAreNotTimed() {
        SegmentRows rows = new SegmentRows()
                .forward("a/0", 64, 100, 3)
                .forward("b/0", 63, 1_130, 3)
                .reverse("b/0", 64, 1_200, 2)
                .reverse("a/0", 62, 230, 2);
        assertThat(rows.samples()).containsExactly("a/0-b/0 untimed, >3/3 <2/2");
    }

    @Test
    void oneDirectionAloneIsCountedAndNotTimed() {
        assertThat(new SegmentRows()
                        .forward("a/0", 64, 100, 9)
                        .forward("b/0", 63, 1_130, 8)
                        .samples())
                .containsExactly("a/0-b/0 untimed, >9/8");
        assertThat(new SegmentRows()
                        .forward("a/0", 64, 100, 9)
                        .reverse("b/0", 63, 1_130, 8)
                        .samples())
                .isEmpty();
    }

    @Test
    void ofTwoCopiesAtOneInterfaceTheOneWithFewerRoutersInBetweenIsCompared() {
        SegmentRows rows = new SegmentRows()
                .forward("a/0", 64, 50, 3)
                .forward("a/0", 63, 100, 3)
                .forward("b/0", 63, 1_130, 3)
                .reverse("b/0", 64, 1_200, 2)
                .reverse("a/0", 64, 230, 2)
                .reverse("a/0", 63, 280, 2);
        assertThat(rows.samples()).containsExactly("a/0-b/0 there 1030 back 970, ?5/5");
    }

    @Test
    void copiesThatCannotBeToldApartAreLeftOut() {
        SegmentRows rows = handshake(64, 64).forward("a/0", 64, 90, 3);
        assertThat(rows.samples()).containsExactly("a/0-b/0 untimed, ?2/2");
    }

    @Test
    void mirrorSessionsAreLeftOut() {
        SegmentRows rows = handshake(64, 63);
        rows.last().mirrorSession = "erspan-1";
        assertThat(rows.samples()).containsExactly("a/0-b/0 untimed, >3/3");
    }

    @Test
    void aRevisionIsNotLookedAtAgain() {
        SegmentRows rows = handshake(64, 63);
        rows.row().previousRevision = 5;
        assertThat(rows.samples()).isEmpty();
    }

    @Test
    void octetsOfTcpAreThoseOfSequenceSpaceWhereItWasFollowed() {
        SegmentRows rows = handshake(64, 63);
        for (FlowRow.Sighting seen : rows.row().sightings()) {
            seen.isTcp = true;
            seen.tcp.uniqueOctets = 7;
        }
        List<Long> octets = new ArrayList<>();
        new SegmentSamples()
                .of(rows.row(), sample -> octets.add(sample.counts.octets(SegmentCounts.THERE, SegmentCounts.OTHER)));
        assertThat(octets).containsExactly(7L);
    }

    @Test
    void pairsFallIntoBucketsByTheirNamesAlone() {
        List<Integer> buckets = new ArrayList<>();
        new SegmentSamples().of(handshake(64, 63).row(), sample -> buckets.add(sample.bucket()));
        new SegmentSamples().of(handshake(64, 64).row(), sample -> buckets.add(sample.bucket()));
        assertThat(buckets).hasSize(2).containsOnly(buckets.get(0));
        assertThat(buckets.get(0)).isBetween(0, SegmentSample.BUCKETS - 1);
    }

    private static SegmentRows handshake(int ttlHere, int ttlOther) {
        return new SegmentRows()
                .forward("a/0", ttlHere, 100, 3)
                .forward("b/0", ttlOther, 1_130, 3)
                .reverse("b/0", ttlHere, 1_200, 2)
                .reverse("a/0", ttlOther, 230, 2);
    }
}
