package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.Disposition;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.StreamName;
import io.parallax.state.FlowTableSerializer;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * A table that is sent more flows than it may keep. Windows of 10 s, 60 s of lateness; two sensors that see the same, the
 * second one on another host, so that its copies are of class D1.
 */
final class CrowdedTableTest {

    private static final int MOST = 1_000;
    private static final long REALM = FlowKey.realmHash("default");
    private static final MeterSettings SETTINGS =
            new MeterSettings(Headers.nanos(10), Headers.nanos(60)).withMostFlows(MOST);
    private static final int SYN = 2;
    private static final int RST_ACK = 0x14;
    private static final int VICTIM = 0x0000_0105;

    private MeterSettings settings = SETTINGS;
    private FlowTable table = new FlowTable(settings);
    private final HeaderBlock block = new HeaderBlock();
    private final Map<String, Row> rows = new HashMap<>();
    private final Map<Disposition, Long> uncounted = new TreeMap<>();
    private int largest;
    private long passed;

    private record Row(long packets, long duplicates, int prefixLength, int endReason, long revision) {}

    private static PacketHeader spoofed(double seconds, int source) {
        PacketHeader syn = Headers.tcp(seconds, 0, 1_024 + (source & 0x3FFF), VICTIM, 80, SYN);
        syn.sourceLow = Integer.toUnsignedLong(source * 0x9E37_79B1);
        return syn;
    }

    /** One packet per flow and millisecond for 60 s; the second sensor's copies come a second later. */
    @Test
    void aFloodOfSpoofedFlowsIsCountedToTheLastPacketWithinTheBound() {
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 1_000; i++) {
                fold("capvm1", spoofed(second + i / 1_000.0, second * 1_000 + i));
                if (second > 0) {
                    fold("capvm2", spoofed(second - 1 + i / 1_000.0, (second - 1) * 1_000 + i));
                }
            }
            passTo(second);
        }
        passTo(200);
        assertThat(sum(Row::packets)).isEqualTo(60_000);
        assertThat(sum(Row::duplicates)).isEqualTo(59_000);
        assertThat(uncounted).isEmpty();
        assertThat(largest).isLessThanOrEqualTo(MOST + MOST / 8 + 3);
        assertThat(rows.values())
                .anyMatch(row -> row.prefixLength == 24)
                .anyMatch(row -> row.prefixLength == 0)
                .anyMatch(row -> row.endReason == Lifetime.LACK_OF_RESOURCES);
        assertThat(table.size()).isZero();
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void whatIsAnsweredWithAResetIsForgottenToo() {
        for (int i = 0; i < MOST / 2 + 1; i++) {
            fold("capvm1", spoofed(1, i));
            PacketHeader reset = Headers.tcp(1.1, VICTIM, 80, 0, 1_024 + (i & 0x3FFF), RST_ACK);
            reset.destinationLow = spoofed(1, i).sourceLow;
            fold("capvm1", reset);
        }
        passTo(7);
        assertThat(table.size()).isZero();
        assertThat(rows.values()).hasSize(MOST / 2 + 1).allMatch(row -> row.endReason == Lifetime.END_DETECTED);
        assertThat(sum(Row::packets)).isEqualTo(2 * (MOST / 2 + 1));
    }

    @Test
    void aConversationOutlivesTheFlood() {
        PacketHeader request = Headers.tcp(0.5, 1, 5_000, 2, 443, 0x10);
        PacketHeader response = Headers.tcp(0.6, 2, 443, 1, 5_000, 0x10);
        fold("capvm1", request);
        fold("capvm1", response);
        for (int i = 0; i < 3 * MOST; i++) {
            fold("capvm1", spoofed(1 + i / 1_000.0, i));
        }
        passTo(9);
        request.timeNanos = Headers.nanos(9.5);
        fold("capvm1", request);
        passTo(10);
        assertThat(rows.get(id(request) + "@0"))
                .isNotNull()
                .extracting(Row::packets)
                .isEqualTo(3L);
    }

    @Test
    void aLatePacketOfAForgottenFlowIsTooLateAndNoSecondFlow() {
        for (int i = 0; i < MOST; i++) {
            fold("capvm1", spoofed(1, i));
        }
        passTo(8);
        fold("capvm2", spoofed(1, 7));
        passTo(100);
        assertThat(sum(Row::packets)).isEqualTo(MOST);
        assertThat(uncounted).containsExactly(Map.entry(Disposition.TOO_LATE, 1L));
    }

    @Test
    void aFlowThatBeginsAgainInTheWindowInWhichItWasForgottenIsAnotherOne() {
        for (int i = 0; i < MOST; i++) {
            fold("capvm1", spoofed(1, i));
        }
        passTo(7);
        fold("capvm1", spoofed(9, 7));
        passTo(100);
        assertThat(sum(Row::packets)).isEqualTo(MOST + 1);
    }

    @Test
    void theCopyOfAnAggregatedPacketIsAggregatedThoughThereIsRoomAgain() {
        for (int i = 0; i < MOST; i++) {
            fold("capvm1", spoofed(1, i));
        }
        fold("capvm1", spoofed(6, MOST));
        passTo(6.5);
        assertThat(table.size()).as("forgotten, but for the aggregate").isEqualTo(1);
        fold("capvm2", spoofed(6, MOST));
        passTo(100);
        assertThat(sum(Row::packets)).isEqualTo(MOST + 1);
        assertThat(sum(Row::duplicates)).isEqualTo(1);
        assertThat(rows.values()).filteredOn(row -> row.prefixLength == 24).hasSize(1);
    }

    @Test
    void aTableThatNeverFillsForgetsNothing() {
        for (int i = 0; i < MOST / 2; i++) {
            fold("capvm1", spoofed(1, i));
        }
        passTo(8);
        assertThat(table.size()).isEqualTo(MOST / 2);
        assertThat(rows).isEmpty();
        assertThat(table.aggregatedPackets()).isZero();
    }

    /** Of one block and one flow: the latter two are copies of what was aggregated before there was room again. */
    @Test
    void whatIsRefusedDoesNotCountWhereTheFlowsLastPacketDid() {
        for (int i = 0; i < MOST; i++) {
            fold("capvm1", spoofed(1, i));
        }
        fold("capvm1", spoofed(6, MOST));
        passTo(6.5);
        fold("capvm1", spoofed(20, 7), spoofed(2, 7), spoofed(2.1, 7));
        passTo(100);
        assertThat(rows.get(id(spoofed(20, 7)).replace("-0", "-1312d00") + "@20"))
                .isNotNull()
                .extracting(Row::packets)
                .isEqualTo(1L);
        assertThat(sum(Row::packets)).isEqualTo(MOST + 4);
    }

    /** As anywhere: eight are told apart, and what others see is said to be that. */
    @Test
    void theNinthPointOfAnAggregateIsFolded() {
        for (int i = 0; i < MOST; i++) {
            fold("capvm1", spoofed(1, i));
        }
        for (int sensor = 1; sensor <= 9; sensor++) {
            fold("capvm" + sensor, spoofed(2, MOST));
        }
        passTo(100);
        assertThat(sum(Row::packets)).isEqualTo(MOST + 1);
        assertThat(sum(Row::duplicates)).isEqualTo(7);
        assertThat(uncounted).containsExactly(Map.entry(Disposition.FOLDED, 1L));
    }

    /**
     * Packets = canonical + duplicates + uncounted, and no packet counts twice, whatever floods and whenever the table is
     * written and read back; copies come up to 3 s later than the packets, in blocks of up to 20.
     */
    @Property(tries = 200)
    void everyPacketOfAFloodIsAccountedFor(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        CrowdedTableTest flood = new CrowdedTableTest();
        flood.settings = SETTINGS.withMostFlows(5 + random.nextInt(40));
        flood.table = new FlowTable(flood.settings);
        TreeMap<Long, PacketHeader> copies = new TreeMap<>();
        List<PacketHeader> packets = new ArrayList<>();
        List<PacketHeader> late = new ArrayList<>();
        long sent = 0;
        double time = 1;
        while (time < 60) {
            time += random.nextDouble() / 10;
            PacketHeader packet = spoofed(time, random.nextInt(200));
            packets.add(packet);
            sent++;
            copies.put(packet.timeNanos + Headers.nanos(random.nextDouble() * 3) + sent, packet);
            while (copies.firstKey() < packet.timeNanos) {
                late.add(copies.pollFirstEntry().getValue());
            }
            if (random.nextInt(20) == 0) {
                flood.fold("capvm1", packets.toArray(new PacketHeader[0]));
                flood.fold("capvm2", late.toArray(new PacketHeader[0]));
                packets.clear();
                late.clear();
                flood.passTo(Math.floor(time * 4) / 4 - 3.25);
            }
            if (random.nextInt(50) == 0) {
                flood.writeAndReadBack();
            }
        }
        late.addAll(copies.values());
        flood.fold("capvm1", packets.toArray(new PacketHeader[0]));
        flood.fold("capvm2", late.toArray(new PacketHeader[0]));
        flood.passTo(300);
        assertThat(flood.uncounted).isEmpty();
        assertThat(flood.sum(Row::packets)).isEqualTo(sent);
        assertThat(flood.sum(Row::duplicates)).isEqualTo(sent);
        assertThat(flood.table.isEmpty()).isTrue();
    }

    private void writeAndReadBack() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1_024);
        FlowTableSerializer.INSTANCE.serialize(table, out);
        FlowTable read = FlowTableSerializer.INSTANCE.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        read.configure(settings);
        table = FlowTableSerializer.INSTANCE.copy(read);
    }

    private static String id(PacketHeader packet) {
        return Long.toHexString(new FlowKey().of(packet, REALM).hash) + "-0";
    }

    private long sum(ToLongFunction<Row> what) {
        return rows.values().stream().mapToLong(what).sum();
    }

    /** One block; packets of one flow share an entry. */
    private void fold(String sensor, PacketHeader... headers) {
        block.reset(0, 1, 1);
        block.streams().add(new StreamName(sensor, "eth0"));
        block.realms().add("default");
        Map<Long, Integer> entries = new HashMap<>();
        for (PacketHeader header : headers) {
            FlowKey key = new FlowKey().of(header, REALM);
            block.addPacket(entries.computeIfAbsent(key.hash, hash -> block.addEntry(key, header, 0, 0)), header);
        }
        table.passed(passed);
        table.fold(block);
        table.drainShares(share -> uncounted.merge(share.disposition(), share.packets(), Long::sum));
        largest = Math.max(largest, table.size());
    }

    /** As the watermark does: every due time up to then. */
    private void passTo(double seconds) {
        long time = Headers.nanos(seconds);
        while (table.due() <= time) {
            long due = table.due();
            table.advance(due, due, this::keep);
        }
        passed = time;
        table.passed(time);
    }

    private void keep(FlowRow row) {
        Row stated = new Row(
                row.packets + row.reversePackets,
                row.duplicatePackets(),
                row.prefixLength,
                row.endReason,
                row.revision);
        Row before = rows.put(row.flowId + "@" + row.windowStart / Headers.nanos(1), stated);
        assertThat(before == null || before.revision < stated.revision)
                .as("a revision of the same row")
                .isTrue();
        assertThat(before == null ? 0 : before.packets)
                .as("what it said before")
                .isEqualTo(row.previousPackets + row.previousReversePackets);
    }
}
