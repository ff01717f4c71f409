package io.parallax.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowRow;
import io.parallax.model.MatrixDelta;
import io.parallax.model.MatrixLevel;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MatrixDeltasTest {

    private final MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON);

    /** Flow number, then packets, octets, reverse packets and reverse octets as the revision states them. */
    private record Revision(int flow, long packets, long octets, long reversePackets, long reverseOctets) {}

    @Test
    void aFlowBothWaysAddsToTwoCellsPerLevel() {
        FlowRow row = row(1);
        row.packets = 3;
        row.octets = 300;
        row.reversePackets = 2;
        row.reverseOctets = 80;
        row.revision = 5;
        row.isOpening = true;

        assertThat(describe(row))
                .containsExactly(
                        "address a000001>a000102: 3 300 1 +5",
                        "address a000102>a000001: 2 80 0 +5",
                        "subnet a000000>a000100: 3 300 1 +5",
                        "subnet a000100>a000000: 2 80 0 +5");
    }

    @Test
    void aRevisionAddsOnlyWhatItChanged() {
        FlowRow row = row(1);
        row.packets = 5;
        row.octets = 500;
        row.previousPackets = 3;
        row.previousOctets = 300;
        row.reversePackets = 2;
        row.previousReversePackets = 2;
        row.revision = 7;
        row.previousRevision = 5;

        assertThat(describe(row))
                .containsExactly("address a000001>a000102: 2 200 0 +2", "subnet a000000>a000100: 2 200 0 +2");
    }

    @Test
    void aFlowIsOpenedBySourceEvenWhenOnlyItsAnswerWasSeen() {
        FlowRow row = row(1);
        row.reversePackets = 1;
        row.reverseOctets = 40;
        row.revision = 1;
        row.isOpening = true;

        assertThat(describe(row)).contains("address a000001>a000102: 0 0 1 +1", "address a000102>a000001: 1 40 0 +1");
    }

    @Test
    void aRevisionThatChangesNothingThatIsAddedUpAddsNothing() {
        FlowRow row = row(1);
        row.packets = 3;
        row.previousPackets = 3;
        row.octets = 9;
        row.previousOctets = 9;
        assertThat(describe(row)).isEmpty();
    }

    @Property
    void cellsAddUpToTheLastRevisionsOfTheFlowsAtEveryLevel(@ForAll("revisions") List<Revision> revisions) {
        Map<MatrixLevel, long[]> cells = new EnumMap<>(MatrixLevel.class);
        Map<Integer, Revision> last = new HashMap<>();
        for (Revision revision : revisions) {
            deltas.of(rowOf(revision, last.get(revision.flow)), delta -> add(cells, delta));
            last.put(revision.flow, revision);
        }
        long[] flows = new long[3];
        for (Revision revision : last.values()) {
            flows[0] += revision.packets + revision.reversePackets;
            flows[1] += revision.octets + revision.reverseOctets;
            flows[2]++;
        }
        for (MatrixLevel level : MatrixLevel.values()) {
            assertThat(cells.getOrDefault(level, new long[3])).as(level.label()).isEqualTo(flows);
        }
    }

    @Provide
    Arbitrary<List<Revision>> revisions() {
        Arbitrary<Long> counts = Arbitraries.longs().between(0, 1L << 40);
        return Combinators.combine(Arbitraries.integers().between(0, 9), counts, counts, counts, counts)
                .as(Revision::new)
                .list()
                .ofMaxSize(60);
    }

    private static void add(Map<MatrixLevel, long[]> cells, MatrixDelta delta) {
        long[] sums = cells.computeIfAbsent(delta.level, level -> new long[3]);
        sums[0] += delta.packets;
        sums[1] += delta.octets;
        sums[2] += delta.flowsOpened;
    }

    private static FlowRow rowOf(Revision revision, @Nullable Revision previous) {
        FlowRow row = row(revision.flow);
        row.packets = revision.packets;
        row.octets = revision.octets;
        row.reversePackets = revision.reversePackets;
        row.reverseOctets = revision.reverseOctets;
        row.isOpening = previous == null;
        if (previous != null) {
            row.previousPackets = previous.packets;
            row.previousOctets = previous.octets;
            row.previousReversePackets = previous.reversePackets;
            row.previousReverseOctets = previous.reverseOctets;
        }
        return row;
    }

    /**
     * After a failure, packets that came one by one may come together. As many packets of one direction make the same
     * revision then.
     *
     * @param isStatedAfter per packet of the flow, whether the row is stated before the next one comes
     */
    @Property
    void theRevisionOfACellIsTheSameHoweverThePacketsOfADirectionAreGrouped(
            @ForAll @Size(min = 1, max = 40) List<Boolean> isStatedAfter) {
        FlowRow row = row(1);
        long[] revision = new long[1];
        for (int packet = 1; packet <= isStatedAfter.size(); packet++) {
            row.packets = packet;
            row.octets = packet * 100L;
            row.revision = packet;
            if (isStatedAfter.get(packet - 1) || packet == isStatedAfter.size()) {
                deltas.of(row, delta -> revision[0] += delta.level == MatrixLevel.ADDRESS ? delta.revision : 0);
                row.previousPackets = row.packets;
                row.previousOctets = row.octets;
                row.previousRevision = row.revision;
            }
        }
        assertThat(revision[0]).isEqualTo(isStatedAfter.size());
    }

    private static FlowRow row(int flow) {
        FlowRow row = new FlowRow();
        row.realm = "default";
        row.family = PacketHeader.FAMILY_IPV4;
        row.sourceLow = 0x0A00_0000L + flow;
        row.destinationLow = 0x0A00_0102L;
        return row;
    }

    private List<String> describe(FlowRow row) {
        List<String> seen = new ArrayList<>();
        deltas.of(
                row,
                delta -> seen.add("%s %x>%x: %d %d %d +%d"
                        .formatted(
                                delta.level.label(),
                                delta.sourceLow,
                                delta.destinationLow,
                                delta.packets,
                                delta.octets,
                                delta.flowsOpened,
                                delta.revision)));
        return seen;
    }
}
