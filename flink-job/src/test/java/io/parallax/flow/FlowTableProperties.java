package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.Traffic.Seen;
import io.parallax.model.FlowRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FlowTableProperties {

    private static final long WINDOW = Traffic.nanos(10);
    private static final long HEARD_UNTIL = Traffic.nanos(400);
    private static final MeterSettings SETTINGS = new MeterSettings(WINDOW, Traffic.nanos(3600));

    @Property(tries = 400)
    void saysWhatThePlainMeterSaysInWhateverOrderPacketsArrive(@ForAll("packets") List<Seen> packets, @ForAll long seed)
            throws IOException {
        assertThat(metered(packets, seed))
                .containsExactlyInAnyOrderElementsOf(new PlainMeter(WINDOW, HEARD_UNTIL).rows(packets));
    }

    @Property(tries = 200)
    void countsAPacketSeenAtTwoPlacesOnceWhicheverCopyComesFirst(@ForAll("copies") List<Seen> copies, @ForAll long seed)
            throws IOException {
        assertThat(metered(copies, seed))
                .containsExactlyInAnyOrderElementsOf(new PlainMeter(WINDOW, HEARD_UNTIL).rows(copies));
    }

    @Property(tries = 100)
    void keepsNothingOnceAllIsOver(@ForAll("packets") List<Seen> packets) {
        FlowTable table = new FlowTable(SETTINGS);
        table.fold(Traffic.block(packets));
        advance(table, Long.MAX_VALUE, row -> {});
        assertThat(table.isEmpty()).isTrue();
        assertThat(table.due()).isEqualTo(Long.MAX_VALUE);
    }

    /** Differences between revisions add up to what the last revision says: what the matrix rests on. */
    @Property(tries = 100)
    void differencesOfRevisionsAddUp(@ForAll("packets") List<Seen> packets, @ForAll long seed) throws IOException {
        long[] sum = new long[2];
        Map<String, long[]> last = new HashMap<>();
        meter(packets, seed, row -> {
            sum[0] += row.packets - row.previousPackets + row.reversePackets - row.previousReversePackets;
            sum[1] += row.octets - row.previousOctets + row.reverseOctets - row.previousReverseOctets;
            last.put(
                    row.flowId + "@" + row.windowStart,
                    new long[] {row.packets + row.reversePackets, row.octets + row.reverseOctets});
        });
        assertThat(sum[0])
                .isEqualTo(last.values().stream().mapToLong(counts -> counts[0]).sum());
        assertThat(sum[1])
                .isEqualTo(last.values().stream().mapToLong(counts -> counts[1]).sum());
    }

    private static List<PlainMeter.Row> metered(List<Seen> packets, long seed) throws IOException {
        Map<String, PlainMeter.Row> rows = new HashMap<>();
        Map<String, Long> revisions = new HashMap<>();
        meter(packets, seed, row -> {
            String key = row.flowId + "@" + row.windowStart;
            Long before = revisions.put(key, row.revision);
            assertThat(before == null || before < row.revision)
                    .as("revision grows")
                    .isTrue();
            rows.put(key, plain(row));
        });
        return new ArrayList<>(rows.values());
    }

    /**
     * Folds the packets in a random order in blocks of random size, advances at random moments as far as the packets still
     * to come allow, and now and then writes the table and goes on with what was read back.
     */
    private static void meter(List<Seen> packets, long seed, Consumer<FlowRow> out) throws IOException {
        Random random = new Random(seed);
        List<Seen> rest = new ArrayList<>(packets);
        Collections.shuffle(rest, random);
        FlowTable table = new FlowTable(SETTINGS);
        while (!rest.isEmpty()) {
            List<Seen> some = rest.subList(0, 1 + random.nextInt(rest.size()));
            table.fold(Traffic.block(some));
            some.clear();
            long passed = rest.stream().mapToLong(Seen::timeNanos).min().orElse(HEARD_UNTIL);
            if (random.nextBoolean()) {
                advance(table, passed, out);
            }
            if (random.nextInt(4) == 0) {
                table = random.nextBoolean() ? table.copy() : rewritten(table);
            }
        }
        advance(table, HEARD_UNTIL, out);
        advance(table, Long.MAX_VALUE, out);
    }

    private static void advance(FlowTable table, long passed, Consumer<FlowRow> out) {
        while (table.due() <= passed && table.due() != Long.MAX_VALUE) {
            table.advance(table.due(), Math.min(passed, HEARD_UNTIL), out);
        }
    }

    private static FlowTable rewritten(FlowTable table) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(octets));
        return FlowTable.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
    }

    private static PlainMeter.Row plain(FlowRow row) {
        return new PlainMeter.Row(
                row.protocol,
                (int) (row.sourceLow - 0x0A00_0000L),
                row.sourcePort,
                (int) (row.destinationLow - 0x0A00_0000L),
                row.destinationPort,
                row.windowStart,
                row.packets,
                row.octets,
                row.reversePackets,
                row.reverseOctets,
                row.duplicatePackets(),
                row.flowStart,
                row.flowEnd,
                row.endReason);
    }

    /** Few addresses and ports, so that flows meet; two sensors and VLANs, so that copies do. No two within 1 ms (D3). */
    @Provide
    Arbitrary<List<Seen>> packets() {
        Arbitrary<Seen> seen = Combinators.combine(
                        Arbitraries.of("capvm1", "capvm2"),
                        Arbitraries.of(0, 10),
                        Arbitraries.of(64, 63),
                        Combinators.combine(
                                        Arbitraries.integers().between(1, 3),
                                        Arbitraries.integers().between(1, 3))
                                .as((source, destination) -> new int[] {source, destination}),
                        Combinators.combine(Arbitraries.of(80, 5000), Arbitraries.of(80, 5000))
                                .as((source, destination) -> new int[] {source, destination}),
                        Arbitraries.of(Traffic.TCP, Traffic.UDP),
                        Combinators.combine(
                                        Arbitraries.longs().between(0, 390_000).map(millis -> millis * 1_000_000),
                                        Arbitraries.integers().between(20, 1500))
                                .as((time, octets) -> new long[] {time, octets}),
                        Arbitraries.of(0x02, 0x12, 0x10, 0x11, 0x04))
                .as((sensor, vlan, ttl, ends, ports, protocol, when, bits) -> new Seen(
                        sensor,
                        vlan,
                        ttl,
                        ends[0],
                        ports[0],
                        ends[1],
                        ports[1],
                        protocol,
                        when[0],
                        (int) when[1],
                        protocol == Traffic.TCP ? bits : 0));
        return seen.list().ofMinSize(1).ofMaxSize(60).uniqueElements(Seen::timeNanos);
    }

    /** One conversation, seen by two sensors up to 20 ms apart, of which each now and then misses a packet. */
    @Provide
    Arbitrary<List<Seen>> copies() {
        Arbitrary<List<Seen>> packet = Combinators.combine(
                        Arbitraries.longs().between(0, Traffic.nanos(60)),
                        Arbitraries.of(100, 100, 100, 101),
                        Arbitraries.of(true, false),
                        Arbitraries.longs().between(0, Traffic.nanos(0.02)),
                        Arbitraries.integers().between(0, 20))
                .as((time, octets, isForward, delay, missing) -> {
                    Seen first = isForward
                            ? new Seen("capvm1", 10, 64, 1, 5000, 2, 80, Traffic.TCP, time, octets, 0x10)
                            : new Seen("capvm1", 10, 63, 2, 80, 1, 5000, Traffic.TCP, time, octets, 0x10);
                    Seen second = first.at("capvm2", 20, isForward ? 63 : 64, delay);
                    return missing == 0 ? List.of(first) : missing == 1 ? List.of(second) : List.of(first, second);
                });
        return packet.list()
                .ofMinSize(5)
                .ofMaxSize(80)
                .map(lists -> lists.stream().flatMap(List::stream).toList());
    }
}
