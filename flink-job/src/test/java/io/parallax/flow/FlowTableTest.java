package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.flow.Traffic.Seen;
import io.parallax.model.Disposition;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.StreamName;
import io.parallax.vantage.Sightings;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Windows of 10 s, 60 s of lateness. Rows: source:port>destination:port @window rREVISION: packets octets / reverse, reason. */
final class FlowTableTest {

    private static final long WINDOW = Traffic.nanos(10);
    private static final MeterSettings SETTINGS = new MeterSettings(WINDOW, Traffic.nanos(60));

    private static final int SYN = 0x02;
    private static final int SYN_ACK = 0x12;
    private static final int ACK = 0x10;
    private static final int FIN_ACK = 0x11;
    private static final int RST = 0x04;

    private final FlowTable table = new FlowTable(SETTINGS);
    private final List<String> rows = new ArrayList<>();

    @Test
    void countsAPacketRoutedThroughTheHostOnce() {
        Seen sent = Traffic.tcp("capvm1", 1, 1, 5000, 2, 80, 100, ACK);
        fold(sent, new Seen("capvm1", 20, 63, 1, 5000, 2, 80, Traffic.TCP, sent.timeNanos() + 20_000, 100, ACK));
        advanceTo(10);
        assertThat(rows).containsExactly("1:5000>2:80 @0 r2: 1 100 / 0 0, alive, 1 duplicate");
    }

    @Test
    void countsAPacketSeenAtBothHostsOnce() {
        Seen there = Traffic.tcp("capvm1", 1, 1, 5000, 2, 80, 100, ACK);
        Seen back = Traffic.tcp("capvm2", 2, 2, 80, 1, 5000, 500, ACK);
        fold(there, there.at("capvm2", 0, 64, 50_000), back, back.at("capvm1", 0, 64, 50_000));
        advanceTo(10);
        assertThat(rows).containsExactly("1:5000>2:80 @0 r4: 1 100 / 1 500, alive, 2 duplicate");
    }

    @Test
    void countsARetransmissionAtOnePlaceTwice() {
        Seen sent = Traffic.tcp("capvm1", 1, 1, 5000, 2, 80, 100, ACK);
        fold(sent, sent.at("capvm1", 0, 64, Traffic.nanos(0.2)));
        advanceTo(10);
        assertThat(rows).containsExactly("1:5000>2:80 @0 r2: 2 200 / 0 0, alive");
    }

    /** The sensor near the server missed packets; each direction has its own canonical place. */
    @Test
    void eachDirectionIsCountedWhereMostOfItWasSeen() {
        Seen there = Traffic.tcp("capvm1", 1, 1, 5000, 2, 80, 100, ACK);
        Seen back = Traffic.tcp("capvm2", 2, 2, 80, 1, 5000, 500, ACK);
        fold(
                there,
                there.at("capvm1", 0, 64, 1_000),
                there.at("capvm2", 0, 64, 2_000),
                back,
                back.at("capvm2", 0, 64, 1_000),
                back.at("capvm1", 0, 64, 2_000));
        advanceTo(10);
        assertThat(rows).containsExactly("1:5000>2:80 @0 r6: 2 200 / 2 1000, alive, 2 duplicate");
    }

    @Test
    void the9thObservationPointIsFoldedAndCounted() {
        for (int vlan = 1; vlan <= Sightings.MOST_PER_DIRECTION + 1; vlan++) {
            fold(new Seen("capvm1", vlan, 64, 1, 5000, 2, 80, Traffic.TCP, vlan, 100, ACK));
        }
        fold(new Seen("capvm1", 99, 64, 1, 5000, 2, 80, Traffic.TCP, 99, 100, ACK));
        advanceTo(10);
        assertThat(rows).containsExactly("1:5000>2:80 @0 r10: 1 100 / 0 0, alive, 7 duplicate, 2 folded");
    }

    @Test
    void aLatePacketRevisesTheWindowItBelongsTo() {
        fold(Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100));
        fold(Traffic.udp("capvm1", 11, 1, 5000, 2, 53, 100));
        advanceTo(20);
        fold(Traffic.udp("capvm1", 2, 2, 53, 1, 5000, 300));
        advanceTo(30);
        assertThat(rows)
                .containsExactly(
                        "1:5000>2:53 @0 r1: 1 100 / 0 0, alive",
                        "1:5000>2:53 @10 r1: 1 100 / 0 0, alive",
                        "1:5000>2:53 @0 r2: 1 100 / 1 300, alive");
    }

    @Test
    void aRevisionSaysWhatTheOneBeforeSaid() {
        fold(Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100));
        advanceTo(10);
        fold(Traffic.udp("capvm1", 2, 1, 5000, 2, 53, 50));
        List<long[]> previous = new ArrayList<>();
        table.advance(
                Traffic.nanos(20),
                Traffic.nanos(20),
                row -> previous.add(new long[] {
                    row.previousPackets, row.previousOctets, row.packets, row.octets, row.isOpening ? 1 : 0
                }));
        assertThat(previous).containsExactly(new long[] {1, 100, 2, 150, 0});
    }

    @Test
    void aPacketBeyondTheLatenessIsCountedAsTooLateAndInNoFlow() {
        fold(Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100));
        fold(Traffic.udp("capvm1", 61, 1, 5000, 2, 53, 100));
        advanceTo(70);
        rows.clear();
        fold(Traffic.udp("capvm1", 2, 1, 5000, 2, 53, 100), Traffic.udp("capvm1", 3, 7, 5000, 8, 53, 100));
        assertThat(table.tooLatePackets()).isEqualTo(2);
        advanceTo(80);
        assertThat(rows).isEmpty();
        fold(Traffic.udp("capvm1", 11, 1, 5000, 2, 53, 100));
        assertThat(table.tooLatePackets()).as("its window was given up at 80").isEqualTo(3);
        fold(Traffic.udp("capvm1", 21, 1, 5000, 2, 53, 100));
        assertThat(table.tooLatePackets())
                .as("its window still takes packets in")
                .isEqualTo(3);
    }

    @Test
    void aFlowThatWasResetEndsAfterFiveSeconds() {
        fold(Traffic.tcp("capvm1", 1, 1, 5000, 2, 80, 60, SYN), Traffic.tcp("capvm1", 2, 2, 80, 1, 5000, 40, RST));
        advanceTo(10);
        assertThat(rows).containsExactly("1:5000>2:80 @0 r3: 1 60 / 1 40, ended: end detected");
        fold(Traffic.tcp("capvm1", 11, 1, 5000, 2, 80, 60, SYN));
        advanceTo(20);
        assertThat(rows.get(1)).as("the same 5-tuple, another flow").startsWith("1:5000>2:80 @10 r");
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void aResetThatIsFollowedWithinFiveSecondsEndsNothingYet() {
        fold(Traffic.tcp("capvm1", 9, 2, 80, 1, 5000, 40, RST));
        fold(Traffic.tcp("capvm1", 13.9, 1, 5000, 2, 80, 40, ACK));
        advanceTo(20);
        assertThat(rows)
                .containsExactly(
                        "1:5000>2:80 @0 r1: 0 0 / 1 40, alive", "1:5000>2:80 @10 r2: 1 40 / 0 0, ended: end detected");
    }

    @Test
    void aFlowClosedByBothEndsIsEndDetected() {
        fold(
                Traffic.tcp("capvm1", 1, 1, 5000, 2, 80, 40, FIN_ACK),
                Traffic.tcp("capvm1", 1.1, 2, 80, 1, 5000, 40, FIN_ACK));
        advanceTo(10);
        assertThat(rows).containsExactly("1:5000>2:80 @0 r3: 1 40 / 1 40, ended: end detected");
    }

    @Test
    void aFlowThatFallsSilentIsStatedAgainWithItsEnd() {
        fold(Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100));
        advanceTo(60);
        assertThat(rows).containsExactly("1:5000>2:53 @0 r1: 1 100 / 0 0, alive");
        advanceTo(70);
        assertThat(rows.subList(1, rows.size())).containsExactly("1:5000>2:53 @0 r2: 1 100 / 0 0, ended: idle timeout");
    }

    @Test
    void aFlowThatTheEndOfTheInputCutsOffIsForcedToEnd() {
        fold(Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100), Traffic.udp("capvm1", 51, 3, 5000, 4, 53, 100));
        endInput(65);
        assertThat(rows)
                .containsExactlyInAnyOrder(
                        "1:5000>2:53 @0 r2: 1 100 / 0 0, ended: idle timeout",
                        "3:5000>4:53 @50 r2: 1 100 / 0 0, ended: forced end");
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void aSilenceLongerThanTheTimeoutBeginsANewFlow() {
        fold(Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100), Traffic.udp("capvm1", 61.1, 1, 5000, 2, 53, 100));
        Set<String> ids = new HashSet<>();
        table.advance(Traffic.nanos(70), Traffic.nanos(70), row -> ids.add(row.flowId));
        assertThat(ids).hasSize(2);
    }

    @Test
    void aSilenceAsLongAsTheTimeoutDoesNot() {
        fold(Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100), Traffic.udp("capvm1", 61, 1, 5000, 2, 53, 100));
        List<String> ids = new ArrayList<>();
        table.advance(Traffic.nanos(70), Traffic.nanos(70), row -> ids.add(row.flowId));
        assertThat(ids).hasSize(2);
        assertThat(ids.get(0)).isEqualTo(ids.get(1));
    }

    /** A flow's end is stated in its last row alone, also when that row came late. */
    @Test
    void aLatePacketInALaterWindowOfAnEndedFlowTakesTheEndWithIt() {
        fold(Traffic.tcp("capvm1", 8, 2, 80, 1, 5000, 40, RST));
        advanceTo(20);
        assertThat(rows)
                .containsExactly(
                        "1:5000>2:80 @0 r1: 0 0 / 1 40, alive", "1:5000>2:80 @0 r2: 0 0 / 1 40, ended: end detected");
        rows.clear();
        fold(Traffic.tcp("capvm1", 12, 1, 5000, 2, 80, 40, ACK));
        advanceTo(30);
        assertThat(rows)
                .containsExactly(
                        "1:5000>2:80 @0 r3: 0 0 / 1 40, alive", "1:5000>2:80 @10 r3: 1 40 / 0 0, ended: end detected");
    }

    /** All have passed 60 s means: nothing before 60 s comes any more; a packet of 60 s sharp still may. */
    @Test
    void aPacketAtTheLastMomentKeepsAFlowAliveWhetherOrNotTimeWasAhead() {
        fold(Traffic.udp("capvm1", 0, 1, 5000, 2, 53, 100));
        advanceTo(60);
        fold(Traffic.udp("capvm1", 60, 1, 5000, 2, 53, 100));
        advanceTo(70);
        assertThat(rows)
                .containsExactly("1:5000>2:53 @0 r1: 1 100 / 0 0, alive", "1:5000>2:53 @60 r1: 1 100 / 0 0, alive");
        assertThat(table.size()).isEqualTo(1);
    }

    /** The revision of the late packet is due at the very moment at which the timeout runs out. */
    @Test
    void nothingThatIsDueAtTheLastMomentEndsAFlowEarly() {
        fold(Traffic.udp("capvm1", 10, 1, 5000, 2, 53, 100));
        advanceTo(60);
        fold(Traffic.udp("capvm1", 5, 1, 5000, 2, 53, 100));
        advanceTo(70);
        rows.clear();
        fold(Traffic.udp("capvm1", 70, 1, 5000, 2, 53, 100));
        advanceTo(80);
        assertThat(rows).containsExactly("1:5000>2:53 @70 r1: 1 100 / 0 0, alive");
    }

    /** The late packet prolongs what has ended, so that its timeout reaches beyond what has passed. */
    @Test
    void whatComesInTimeIsNotAddedToAFlowThatHasEnded() {
        fold(echo(1));
        advanceTo(40);
        fold(echo(30.5));
        advanceTo(50);
        rows.clear();
        fold(echo(52));
        advanceTo(60);
        assertThat(rows).containsExactly("1:8>2:0 @50 r1: 1 84 / 0 0, alive");
    }

    private static Seen echo(double seconds) {
        return new Seen("capvm1", 0, 64, 1, 8, 2, 0, 1, Traffic.nanos(seconds), 84, 0);
    }

    @Test
    void theControlBitsOfEachEndAreGathered() {
        fold(
                Traffic.tcp("capvm1", 1, 1, 5000, 2, 80, 60, SYN),
                Traffic.tcp("capvm1", 1.1, 2, 80, 1, 5000, 60, SYN_ACK),
                Traffic.tcp("capvm1", 1.2, 1, 5000, 2, 80, 40, ACK));
        List<int[]> bits = new ArrayList<>();
        table.advance(WINDOW, WINDOW, row -> bits.add(new int[] {row.tcpControlBits, row.reverseTcpControlBits}));
        assertThat(bits).containsExactly(new int[] {SYN | ACK, SYN_ACK});
    }

    @Test
    void octetsLandInTheWindowOfThePacketExactly() {
        fold(
                Traffic.udp("capvm1", 9.999999999, 1, 5000, 2, 53, 1),
                Traffic.udp("capvm1", 10, 1, 5000, 2, 53, 10),
                Traffic.udp("capvm1", 0, 1, 5000, 2, 53, 100));
        advanceTo(20);
        assertThat(rows)
                .containsExactly("1:5000>2:53 @0 r2: 2 101 / 0 0, alive", "1:5000>2:53 @10 r1: 1 10 / 0 0, alive");
    }

    @Test
    void timesBeforeTheEpochHaveWindowsToo() {
        fold(Traffic.udp("capvm1", -1, 1, 5000, 2, 53, 1));
        advanceTo(0);
        assertThat(rows).containsExactly("1:5000>2:53 @-10 r1: 1 1 / 0 0, alive");
    }

    @Test
    void theChoiceOfThePlaceIsStickyAndItsChangeRevisesEarlierWindows() {
        Seen near = Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 1_000);
        fold(near, near.at("capvm2", 0, 64, 0));
        advanceTo(10);
        Seen more = Traffic.udp("capvm2", 11, 1, 5000, 2, 53, 9);
        fold(more);
        advanceTo(20);
        assertThat(rows)
                .as("less than 1 % ahead")
                .containsExactly(
                        "1:5000>2:53 @0 r2: 1 1000 / 0 0, alive, 1 duplicate", "1:5000>2:53 @10 r1: 1 9 / 0 0, alive");
        rows.clear();
        fold(Traffic.udp("capvm2", 21, 1, 5000, 2, 53, 500));
        advanceTo(30);
        assertThat(rows)
                .as("clearly ahead")
                .containsExactly(
                        "1:5000>2:53 @0 r4: 1 1000 / 0 0, alive, 1 duplicate",
                        "1:5000>2:53 @10 r3: 1 9 / 0 0, alive",
                        "1:5000>2:53 @20 r3: 1 500 / 0 0, alive");
    }

    @Test
    void aTableInTheMidstOfAStreamTakesNothingInThatIsTooLate() {
        FlowTable late = new FlowTable(SETTINGS, Traffic.nanos(1_000));
        late.fold(Traffic.block(List.of(Traffic.udp("capvm1", 900, 1, 5000, 2, 53, 1))));
        assertThat(late.tooLatePackets()).isEqualTo(1);
        assertThat(late.isEmpty()).isTrue();
        late.fold(Traffic.block(List.of(Traffic.udp("capvm1", 960, 1, 5000, 2, 53, 1))));
        assertThat(late.due()).isEqualTo(Traffic.nanos(1_010));
        FlowTable between = new FlowTable(SETTINGS, Traffic.nanos(1_005));
        between.fold(Traffic.block(List.of(Traffic.udp("capvm1", 960, 1, 5000, 2, 53, 1))));
        assertThat(between.due()).as("with the window that is open").isEqualTo(Traffic.nanos(1_010));
    }

    @Test
    void aCopySharesNothing() {
        fold(Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100));
        FlowTable copy = table.copy();
        fold(Traffic.udp("capvm9", 2, 1, 5000, 2, 53, 900), Traffic.udp("capvm9", 3, 3, 5000, 4, 53, 900));
        advanceTo(10);
        rows.clear();
        copy.advance(WINDOW, WINDOW, row -> rows.add(text(row)));
        assertThat(rows).containsExactly("1:5000>2:53 @0 r1: 1 100 / 0 0, alive");
    }

    @Test
    void the257thRealmIsRefusedByName() {
        HeaderBlock block = new HeaderBlock();
        block.reset(0, 0, 0);
        block.streams().add(new StreamName("capvm1", "eth0"));
        for (int i = 0; i <= 256; i++) {
            block.realms().add("tenant-" + i);
        }
        assertThatThrownBy(() -> table.fold(block))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("realm 'tenant-256' is one more than the 256 that are allowed");
    }

    @Test
    void equalAddressesOfTwoRealmsAreTwoFlows() {
        HeaderBlock block = new HeaderBlock();
        block.reset(0, 0, 0);
        block.streams().add(new StreamName("capvm1", "eth0"));
        PacketHeader header = Traffic.udp("capvm1", 1, 1, 5000, 2, 53, 100).header();
        for (String realm : List.of("blue", "red")) {
            block.realms().add(realm);
            FlowKey key = new FlowKey().of(header, FlowKey.realmHash(realm));
            key.hash = 7; // even if their hashes collided
            block.addPacket(block.addEntry(key, header, 0, block.realms().indexOf(realm)), header);
        }
        table.fold(block);
        List<String> realms = new ArrayList<>();
        table.advance(WINDOW, WINDOW, row -> realms.add(row.realm + " " + row.packets));
        assertThat(realms).containsExactlyInAnyOrder("blue 1", "red 1");
    }

    @Test
    void aWindowOrLatenessThatMeansNothingIsRefused() {
        assertThatThrownBy(() -> new MeterSettings(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("window of 0 ns");
        assertThatThrownBy(() -> new MeterSettings(1, -1)).hasMessageContaining("lateness of -1 ns");
    }

    private void fold(Seen... packets) {
        table.fold(Traffic.block(Arrays.asList(packets)));
    }

    private void advanceTo(double seconds) {
        drive(Traffic.nanos(seconds), Traffic.nanos(seconds));
    }

    private void endInput(double heardUntilSeconds) {
        advanceTo(Math.floor(heardUntilSeconds / 10) * 10);
        rows.clear();
        drive(Long.MAX_VALUE, Traffic.nanos(heardUntilSeconds));
    }

    /** As the operator does: at each due time that has passed. */
    private void drive(long passed, long heardUntil) {
        while (table.due() <= passed && table.due() != Long.MAX_VALUE) {
            long due = table.due();
            table.advance(due, heardUntil, row -> rows.add(text(row)));
            assertThat(table.due()).as("what was due is done").isGreaterThan(due);
        }
        table.passed(passed);
    }

    private static String text(FlowRow row) {
        String end = switch (row.endReason) {
            case FlowRow.ALIVE -> "alive";
            case Lifetime.IDLE_TIMEOUT -> "ended: idle timeout";
            case Lifetime.END_DETECTED -> "ended: end detected";
            case Lifetime.FORCED_END -> "ended: forced end";
            default -> "ended: " + row.endReason;
        };
        return "%d:%d>%d:%d @%d r%d: %d %d / %d %d, %s%s%s"
                .formatted(
                        row.sourceLow & 0xFF,
                        row.sourcePort,
                        row.destinationLow & 0xFF,
                        row.destinationPort,
                        Math.floorDiv(row.windowStart, Traffic.nanos(1)),
                        row.revision,
                        row.packets,
                        row.octets,
                        row.reversePackets,
                        row.reverseOctets,
                        end,
                        row.duplicatePackets() == 0 ? "" : ", " + row.duplicatePackets() + " duplicate",
                        row.observations[Disposition.FOLDED.code()] == 0
                                ? ""
                                : ", " + row.observations[Disposition.FOLDED.code()] + " folded");
    }
}
