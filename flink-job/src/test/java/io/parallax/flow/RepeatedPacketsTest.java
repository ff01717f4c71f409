package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.label.RealmRule;
import io.parallax.model.Disposition;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.StreamName;
import io.parallax.vantage.Sightings;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Further copies of a flooded frame: counted as D3 and in no total. Windows of 10 s, 60 s of lateness. */
final class RepeatedPacketsTest {

    private static final StreamName STREAM = new StreamName("capvm1", "eth0");
    private static final MeterSettings SETTINGS = new MeterSettings(Headers.nanos(10), Headers.nanos(60));
    private static final int ACK = 0x10;
    private static final double COPY = 0.000_020;

    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final BlockSplitter splitter = new BlockSplitter(1, 1);
    private final FlowTable table = new FlowTable(SETTINGS);
    private final Map<String, String> rows = new TreeMap<>();
    private final Map<Disposition, Long> shares = new TreeMap<>();

    private static PacketHeader datagram(double seconds) {
        return Headers.udp(seconds, 1, 53_000, 2, 53);
    }

    private static PacketHeader repeatOf(PacketHeader first, double secondsLater) {
        PacketHeader repeat = new PacketHeader();
        repeat.copyFrom(first);
        repeat.timeNanos += Headers.nanos(secondsLater);
        repeat.status |= PacketHeader.STATUS_REPEATED;
        return repeat;
    }

    @Test
    void aRepeatIsAPacketOfItsFlowsBlockAndNoEvidence() throws WireFormatException {
        PacketHeader first = datagram(1);
        HeaderBlock block = block(first, repeatOf(first, COPY), datagram(2));
        assertThat(block.packetCount()).isEqualTo(3);
        assertThat(block.evidenceCount()).isZero();
        assertThat(List.of(evidence(block, 0), evidence(block, 1), evidence(block, 2)))
                .containsExactly(0, HeaderBlock.REPEATED, 0);
        int repeat = block.packetInt(1, HeaderBlock.PACKET_ENTRY);
        assertThat(block.entryLong(repeat, HeaderBlock.ENTRY_HASH))
                .isEqualTo(block.entryLong(0, HeaderBlock.ENTRY_HASH));
        assertThat(block.entryLong(repeat, HeaderBlock.ENTRY_TUPLE))
                .isEqualTo(block.entryLong(0, HeaderBlock.ENTRY_TUPLE));
    }

    private static int evidence(HeaderBlock block, int packet) {
        return block.packetShort(packet, HeaderBlock.PACKET_EVIDENCE);
    }

    @Test
    void threeUplinksDeliverOnePacketAndTwoDuplicates() throws WireFormatException {
        PacketHeader first = datagram(1);
        fold(first, repeatOf(first, COPY), repeatOf(first, 2 * COPY));
        advanceTo(10);
        assertThat(rows).containsExactly(Map.entry("@0", "1 packets, 2 D3, revision 3"));
        assertThat(shares).containsExactly(Map.entry(Disposition.D3, 2L));
    }

    @Test
    void tcpDoesNotTakeARepeatForARetransmission() throws WireFormatException {
        PacketHeader first = segment();
        fold(first, repeatOf(first, COPY));
        assertThat(retransmitted()).isZero();
        PacketHeader again = new PacketHeader();
        again.copyFrom(first);
        again.timeNanos += Headers.nanos(COPY);
        fold(again);
        assertThat(retransmitted()).as("the same, not marked").isEqualTo(1);
    }

    private static PacketHeader segment() {
        PacketHeader segment = Headers.tcp(1, 1, 5_000, 2, 80, ACK);
        segment.octetsHeader = 40;
        segment.octetsIp = 140;
        segment.tcpSequence = 1_000;
        return segment;
    }

    private long retransmitted() {
        long[] packets = new long[1];
        table.copy()
                .advance(
                        Headers.nanos(10),
                        Headers.nanos(10),
                        row -> packets[0] = row.sightings().get(0).tcp.retransmittedPackets);
        return packets[0];
    }

    @Test
    void aRepeatWhoseFirstCopyWasLostIsThePacket() throws WireFormatException {
        fold(repeatOf(datagram(1), COPY));
        advanceTo(10);
        assertThat(rows).containsExactly(Map.entry("@0", "1 packets, 0 D3, revision 1"));
        assertThat(shares).isEmpty();
    }

    @Test
    void aFirstCopyAtAnotherPointIsNone() throws WireFormatException {
        PacketHeader elsewhere = repeatOf(datagram(1), COPY);
        elsewhere.vlanCount = 1;
        elsewhere.vlanStack = 7;
        fold(datagram(1), elsewhere);
        advanceTo(10);
        assertThat(rows).containsExactly(Map.entry("@0", "1 packets, 0 D3, revision 2"));
        assertThat(shares).isEmpty();
    }

    @Test
    void theCopiesMayLieOnBothSidesOfAWindowsEnd() throws WireFormatException {
        PacketHeader first = datagram(9.999_990);
        fold(first);
        advanceTo(10);
        fold(repeatOf(first, COPY));
        advanceTo(20);
        assertThat(rows).containsExactly(Map.entry("@0", "1 packets, 1 D3, revision 2"));
        assertThat(shares).containsExactly(Map.entry(Disposition.D3, 1L));
    }

    @Test
    void whatLiesFurtherBackThanAMillisecondIsNoFirstCopy() throws WireFormatException {
        fold(datagram(9.9), repeatOf(datagram(10.5), COPY));
        advanceTo(20);
        assertThat(rows)
                .containsExactly(
                        Map.entry("@0", "1 packets, 0 D3, revision 1"),
                        Map.entry("@10", "1 packets, 0 D3, revision 1"));
    }

    @Test
    void aLateRepeatRevisesTheRowAndOneThatIsTooLateIsThat() throws WireFormatException {
        PacketHeader first = datagram(1);
        fold(first, datagram(75));
        advanceTo(60);
        fold(repeatOf(first, COPY));
        advanceTo(70);
        assertThat(rows.get("@0")).startsWith("1 packets, 1 D3,");
        table.passed(Headers.nanos(80));
        fold(repeatOf(first, 2 * COPY));
        assertThat(shares).containsExactly(Map.entry(Disposition.D3, 1L), Map.entry(Disposition.TOO_LATE, 1L));
    }

    @Test
    void aRepeatBeyondTheSightingsThatAreToldApartIsFoldedAsItsFirstCopyIs() throws WireFormatException {
        for (int vlan = 1; vlan <= Sightings.MOST_PER_DIRECTION + 1; vlan++) {
            PacketHeader first = datagram(1);
            first.vlanCount = 1;
            first.vlanStack = vlan;
            fold(first, repeatOf(first, COPY));
        }
        assertThat(shares)
                .containsExactly(
                        Map.entry(Disposition.D3, (long) Sightings.MOST_PER_DIRECTION),
                        Map.entry(Disposition.FOLDED, 2L));
    }

    /** Packets folded = those in the rows' sightings + D3; repeats change nothing else, wherever windows end. */
    @Property(tries = 200)
    void repeatsAreConservedAndChangeNoTotal(@ForAll long seed) throws WireFormatException {
        Random random = new Random(seed);
        RepeatedPacketsTest plain = new RepeatedPacketsTest();
        RepeatedPacketsTest flooded = new RepeatedPacketsTest();
        long copies = 0;
        double time = 0;
        for (int i = 0; i < 100; i++) {
            time += random.nextDouble();
            PacketHeader first = random.nextBoolean() ? datagram(time) : Headers.udp(time, 2, 53, 1, 53_000);
            plain.fold(first);
            flooded.fold(first);
            for (int copy = random.nextInt(3); copy > 0; copy--) {
                flooded.fold(repeatOf(first, random.nextDouble() * 0.001));
                copies++;
            }
            double passed = Math.floor(time / 10) * 10;
            plain.advanceTo(passed);
            flooded.advanceTo(passed);
        }
        plain.advanceTo(120);
        flooded.advanceTo(120);
        assertThat(flooded.totals()).isEqualTo(plain.totals());
        assertThat(flooded.shares.getOrDefault(Disposition.D3, 0L)).isEqualTo(copies);
        assertThat(flooded.repeatsInRows()).isEqualTo(copies);
    }

    private List<String> totals() {
        return rows.entrySet().stream()
                .map(row -> row.getKey() + " " + row.getValue().split(",", 2)[0])
                .toList();
    }

    private long repeatsInRows() {
        return rows.values().stream()
                .mapToLong(row -> Long.parseLong(row.split(", ", 3)[1].split(" ", 2)[0]))
                .sum();
    }

    private void fold(PacketHeader... headers) throws WireFormatException {
        table.fold(block(headers));
        table.drainShares(share -> shares.merge(share.disposition(), share.packets(), Long::sum));
    }

    private HeaderBlock block(PacketHeader... headers) throws WireFormatException {
        HeaderBatchWriter writer =
                new HeaderBatchWriter("capvm1", "eth0", 0, 1, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
        for (PacketHeader header : headers) {
            writer.add(header);
        }
        reader.open(writer.finish(0, false));
        splitter.add(reader, STREAM, RealmRule.only("default"), 0);
        List<HeaderBlock> blocks = new ArrayList<>();
        splitter.flush(block -> {
            HeaderBlock copy = new HeaderBlock();
            copy.copyFrom(block);
            blocks.add(copy);
        });
        return blocks.get(0);
    }

    private void advanceTo(double seconds) {
        long passed = Headers.nanos(seconds);
        while (table.due() <= passed) {
            table.advance(table.due(), passed, row -> rows.put("@" + row.windowStart / Headers.nanos(1), text(row)));
        }
        table.passed(passed);
    }

    private static String text(FlowRow row) {
        return "%d packets, %d D3, revision %d"
                .formatted(row.packets + row.reversePackets, row.observations[Disposition.D3.code()], row.revision);
    }
}
