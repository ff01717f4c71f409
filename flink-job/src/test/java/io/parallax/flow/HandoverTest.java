package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.Traffic.Seen;
import io.parallax.label.Address;
import io.parallax.label.Claims;
import io.parallax.label.Inventory;
import io.parallax.label.Tenure;
import io.parallax.model.FlowRow;
import io.parallax.model.Locality;
import io.parallax.wire.PacketHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Address 2 goes from the machine "old" to the machine "new" 5 s after the epoch, while 1 sends to it and it answers: both
 * machines have a MAC address of their own. Windows of 10 s.
 */
class HandoverTest {

    private static final long HANDOVER = Traffic.nanos(5);
    private static final int ADDRESS = 2;
    private static final int BEFORE_ROUTER = 10;
    private static final int BEHIND_ROUTER = 20;
    private static final long ROUTER = 0x0200_0000_00FFL;
    private static final long OLD = 0x0200_0000_000AL;
    private static final long NEW = 0x0200_0000_000BL;
    private static final Inventory NOBODY = Inventory.empty(family -> 24);

    /** Rows: window name of 2: packets octets / reverse, duplicates. By flow and window, the last revision of each. */
    private final Map<String, String> rows = new TreeMap<>();

    private Locality locality = Locality.UNKNOWN;

    @Test
    void withoutAnInventoryWhatBothMachinesWereSentAndSentIsOneFlow() {
        meter(exchange("capvm1", 0, 12), NOBODY);
        assertThat(rows.values())
                .containsExactly("0 : 10 1000 / 10 2000, 0 duplicate", "10 : 2 200 / 2 400, 0 duplicate");
        assertThat(locality).isEqualTo(Locality.WITHIN_HOST_SWITCHED);
    }

    @Test
    void aSecondHostsCopiesOfItAreStillCopies() {
        List<Seen> seen = exchange("capvm1", 0, 10);
        seen.addAll(exchange("capvm2", 0, 10));
        meter(seen, NOBODY);
        assertThat(rows.values()).containsExactly("0 : 10 1000 / 10 2000, 20 duplicate");
    }

    /** Where the router stands in for the address, all is seen under one MAC address. */
    @Test
    void theCopiesBehindARouterAreThoseOfBothMachines() {
        List<Seen> seen = exchange("capvm1", BEFORE_ROUTER, 10);
        seen.addAll(exchange("capvm1", BEHIND_ROUTER, 10));
        meter(seen, NOBODY);
        assertThat(rows.values()).containsExactly("0 : 10 1000 / 10 2000, 20 duplicate");
    }

    @Test
    void aWindowOfWhichTheNewMachineAloneSawAnythingCounts() {
        List<Seen> seen = exchange("capvm1", 0, 10).stream()
                .map(packet -> packet.at("capvm1", 0, 64, HANDOVER))
                .toList();
        meter(seen, NOBODY);
        assertThat(rows.values())
                .containsExactly("0 : 5 500 / 5 1000, 0 duplicate", "10 : 5 500 / 5 1000, 0 duplicate");
    }

    @Test
    void eachMachineHasTheFlowOfItsTime() {
        List<Seen> seen = exchange("capvm1", BEFORE_ROUTER, 12);
        seen.addAll(exchange("capvm1", BEHIND_ROUTER, 12));
        meter(seen, known());
        assertThat(rows.values())
                .containsExactlyInAnyOrder(
                        "0 old: 5 500 / 5 1000, 10 duplicate",
                        "0 new: 5 500 / 5 1000, 10 duplicate",
                        "10 new: 2 200 / 2 400, 4 duplicate");
    }

    /** The new machine resets a connection of which it knows nothing, and which still goes on. */
    @Test
    void aConnectionToTheOldMachineIsNotThatWhichTheNewOneRefuses() {
        List<Seen> seen = List.of(
                Traffic.tcp("capvm1", 4.8, 1, 5000, ADDRESS, 80, 100, 0x10),
                Traffic.tcp("capvm1", 4.9, ADDRESS, 80, 1, 5000, 40, 0x10),
                Traffic.tcp("capvm1", 5.1, 1, 5000, ADDRESS, 80, 100, 0x10),
                Traffic.tcp("capvm1", 5.2, ADDRESS, 80, 1, 5000, 40, 0x04));
        meter(seen, known());
        assertThat(rows.values())
                .containsExactlyInAnyOrder("0 old: 1 100 / 1 40, 0 duplicate", "0 new: 1 100 / 1 40, 0 duplicate");
    }

    @Property(tries = 50)
    void noOrderOfArrivalAndNoRestartShows(@ForAll long seed) throws IOException {
        List<Seen> seen = exchange("capvm1", BEFORE_ROUTER, 32);
        seen.addAll(exchange("capvm2", BEHIND_ROUTER, 32));
        Map<String, String> expected = meter(seen, known());
        Random random = new Random(seed);
        List<Seen> rest = new ArrayList<>(seen);
        Collections.shuffle(rest, random);
        FlowTable table = table(known());
        while (!rest.isEmpty()) {
            List<Seen> some = rest.subList(0, 1 + random.nextInt(rest.size()));
            table.fold(Traffic.block(some, HandoverTest::address));
            some.clear();
            long passed = rest.stream().mapToLong(Seen::timeNanos).min().orElse(0);
            table.advance(passed, passed, this::note);
            table = random.nextBoolean() ? table.copy() : rewritten(table);
            table.nameBy(known());
        }
        end(table);
        assertThat(rows).isEqualTo(expected).hasSize(5);
    }

    private static FlowTable rewritten(FlowTable table) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(octets));
        return FlowTable.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
    }

    private static Inventory known() {
        return new Inventory(
                List.of(tenure("old", OLD, 0, HANDOVER), tenure("new", NEW, HANDOVER, Long.MAX_VALUE)),
                List.of(),
                new Claims(),
                family -> 24);
    }

    private static Tenure tenure(String name, long mac, long from, long to) {
        Address address = new Address(PacketHeader.FAMILY_IPV4, 0, 0x0A00_0000L + ADDRESS);
        return new Tenure(Traffic.REALM, from, to, mac, List.of(address), name, "", "", "", "");
    }

    /** From 1 to 2 and back, once a second. */
    private static List<Seen> exchange(String sensor, int vlan, int count) {
        List<Seen> packets = new ArrayList<>();
        for (int second = 0; second < count; second++) {
            packets.add(Traffic.udp(sensor, second, 1, 5000, ADDRESS, 514, 100)
                    .at(sensor, vlan, vlan == BEHIND_ROUTER ? 63 : 64, 0));
            packets.add(Traffic.udp(sensor, second + 0.2, ADDRESS, 514, 1, 5000, 200)
                    .at(sensor, vlan, vlan == BEFORE_ROUTER ? 63 : 64, 0));
        }
        return packets;
    }

    private Map<String, String> meter(List<Seen> packets, Inventory inventory) {
        rows.clear();
        FlowTable table = table(inventory);
        table.fold(Traffic.block(packets, HandoverTest::address));
        end(table);
        return Map.copyOf(rows);
    }

    private static FlowTable table(Inventory inventory) {
        FlowTable table = new FlowTable(new MeterSettings(Traffic.nanos(10), Traffic.nanos(600)));
        table.nameBy(inventory);
        return table;
    }

    private void end(FlowTable table) {
        Consumer<FlowRow> note = this::note;
        table.advance(Traffic.nanos(400), Traffic.nanos(400), note);
    }

    private static void address(Seen seen, PacketHeader header) {
        boolean isToIt = seen.destination() == ADDRESS;
        long holder = seen.timeNanos() < HANDOVER ? OLD : NEW;
        long held = seen.vlan() == BEFORE_ROUTER ? ROUTER : holder;
        long other = seen.vlan() == BEHIND_ROUTER ? ROUTER : 0x0200_0000_0001L;
        header.destinationMac = isToIt ? held : other;
        header.sourceMac = isToIt ? other : held;
    }

    private void note(FlowRow row) {
        String text = "%d %s: %d %d / %d %d, %d duplicate"
                .formatted(
                        row.windowStart / Traffic.nanos(1),
                        row.destination.virtualMachine(),
                        row.packets,
                        row.octets,
                        row.reversePackets,
                        row.reverseOctets,
                        row.duplicatePackets());
        rows.put(row.flowId + "@" + row.windowStart, text);
        locality = row.locality;
    }
}
