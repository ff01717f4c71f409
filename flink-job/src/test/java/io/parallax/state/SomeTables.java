package io.parallax.state;

import io.parallax.flow.FlowTable;
import io.parallax.flow.MeterSettings;
import io.parallax.label.Address;
import io.parallax.label.Claims;
import io.parallax.label.Inventory;
import io.parallax.label.Tenure;
import io.parallax.model.Disposition;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.StreamName;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Flow tables with seeded traffic in them: several sensors, realms and windows, some closed, some flows ended. */
final class SomeTables {

    private static final MeterSettings SETTINGS = new MeterSettings(Headers.nanos(10), Headers.nanos(60));
    private static final double SECONDS = 100;

    /** ICMP type 3, code 3, as {@link PacketHeader#quotedBy} has it. */
    private static final int PORT_UNREACHABLE = 0x0303;

    private static final Inventory BEFORE = inventory("before");
    private static final Inventory AFTER = inventory("after");

    private SomeTables() {}

    /** Two of the five machines, one of them under another name. */
    private static Inventory inventory(String name) {
        return new Inventory(
                List.of(machine("same", "10.0.0.1"), machine(name, "10.0.0.2")),
                List.of(),
                new Claims(),
                SETTINGS::prefixLength);
    }

    private static Tenure machine(String name, String address) {
        List<Address> addresses = List.of(Address.of(address));
        return new Tenure("blue", Long.MIN_VALUE, Long.MAX_VALUE, Tenure.NO_MAC, addresses, name, "", "", "", "");
    }

    static FlowTable table(long seed, int packets) {
        SplittableRandom random = new SplittableRandom(seed);
        FlowTable table = new FlowTable(SETTINGS);
        table.nameBy(BEFORE);
        table.fold(block(random, packets));
        for (int window = 0; window < random.nextInt(10); window++) {
            if (table.due() != Long.MAX_VALUE) {
                table.advance(table.due(), table.due(), row -> {});
            }
        }
        table.fold(block(random, packets / 10));
        return table;
    }

    private static HeaderBlock block(SplittableRandom random, int packets) {
        HeaderBlock block = new HeaderBlock();
        block.reset(0, 0, 0);
        block.streams().addAll(List.of(new StreamName("capvm1", "eth0"), new StreamName("capvm2", "eth1")));
        block.realms().addAll(List.of("blue", "red"));
        FlowKey key = new FlowKey();
        for (int i = 0; i < packets; i++) {
            double second = random.nextInt(((int) SECONDS) * 1_000) / 1_000.0;
            int source = 1 + random.nextInt(5);
            int bits = random.nextInt(10) == 0 ? 0x14 : 0x10;
            PacketHeader header = random.nextInt(3) == 0
                    ? Headers.udp(second, source, 5_000 + random.nextInt(3), 9, 53)
                    : Headers.tcp(second, source, 5_000 + random.nextInt(3), 9, 443, bits);
            header.vlanCount = 1;
            header.vlanStack = 10L + random.nextInt(12);
            if (random.nextInt(8) == 0) {
                header.mirrorSourceLow = 0x0A00_00FEL;
                header.mirrorSession = 0x0200_0000;
                header.mirrorKind = PacketHeader.MIRROR_GRE;
                header.mirrorDirection = source % 3;
            }
            int realm = random.nextInt(2);
            key.of(header, FlowKey.realmHash(block.realms().get(realm)));
            int entry = block.addEntry(key, header, random.nextInt(2), realm);
            if (random.nextInt(15) == 0) {
                header.quotedBy = PORT_UNREACHABLE;
                block.addEvidence(entry, header);
            } else {
                block.addPacket(entry, header);
            }
        }
        return block;
    }

    /** All that the table still has to say, to its end; what it stated is corrected by another inventory first. */
    static List<String> rows(FlowTable table) {
        List<String> rows = new ArrayList<>();
        table.nameBy(AFTER);
        table.relabel(row -> rows.add(text(row)));
        while (table.due() != Long.MAX_VALUE) {
            table.advance(table.due(), Headers.nanos(SECONDS), row -> rows.add(text(row)));
        }
        return rows;
    }

    private static String text(FlowRow row) {
        StringBuilder text =
                new StringBuilder("%s @%d r%d %s %d %d:%d>%d:%d %d %d / %d %d bits %d %d %s end %d dup %d fold %d"
                        .formatted(
                                row.flowId,
                                row.windowStart / Headers.nanos(1),
                                row.revision,
                                row.realm,
                                row.protocol,
                                row.sourceLow & 0xFF,
                                row.sourcePort,
                                row.destinationLow & 0xFF,
                                row.destinationPort,
                                row.packets,
                                row.octets,
                                row.reversePackets,
                                row.reverseOctets,
                                row.tcpControlBits,
                                row.reverseTcpControlBits,
                                row.initiator,
                                row.endReason,
                                row.duplicatePackets(),
                                row.observations[Disposition.FOLDED.code()]));
        text.append(" names %s>%s before %s>%s"
                .formatted(
                        row.source.virtualMachine(),
                        row.destination.virtualMachine(),
                        row.previousSource.virtualMachine(),
                        row.previousDestination.virtualMachine()));
        for (FlowRow.Sighting seen : row.sightings()) {
            text.append(" [%s/%s %d %s %b %d]"
                    .formatted(
                            seen.sensorId,
                            seen.interfaceName,
                            seen.vlanStack,
                            seen.mirrorSession,
                            seen.isCanonical,
                            seen.packets));
        }
        return text.toString();
    }
}
