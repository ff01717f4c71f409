package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.label.RealmRule;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.IcmpEvidence;
import io.parallax.model.StreamName;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A packet that an ICMP error quotes is evidence in the flow that it names, and counted nowhere. */
final class QuotedPacketsTest {

    private static final int BUCKETS = 8;
    private static final String REALM = "default";
    private static final StreamName STREAM = new StreamName("capvm1", "eth0");
    private static final MeterSettings SETTINGS = new MeterSettings(Headers.nanos(10), Headers.nanos(60));

    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final BlockSplitter splitter = new BlockSplitter(BUCKETS, 1);

    private static PacketHeader datagram(double seconds) {
        return Headers.udp(seconds, 1, 53_000, 2, 53);
    }

    /** What host {@code by} says of a packet to its sender. */
    private static PacketHeader error(double seconds, int by, int type, int code, PacketHeader about) {
        PacketHeader error = Headers.ip(Headers.ICMP, by, type, 0, code);
        error.timeNanos = Headers.nanos(seconds);
        error.destinationLow = about.sourceLow;
        error.icmpCode = code;
        error.status = PacketHeader.STATUS_ONE_WAY;
        error.quotedFamily = about.family;
        error.quotedSourceLow = about.sourceLow;
        error.quotedDestinationLow = about.destinationLow;
        error.quotedProtocol = about.protocol;
        error.quotedSourcePort = about.sourcePort;
        error.quotedDestinationPort = about.destinationPort;
        return error;
    }

    @ParameterizedTest
    @CsvSource({"1, 53000, 2, 53", "2, 53, 1, 53000"})
    void evidenceStandsInTheBucketOfTheFlowWhicheverSideSentThePacket(int source, int port, int destination, int other)
            throws WireFormatException {
        PacketHeader packet = Headers.udp(1, source, port, destination, other);
        FlowKey key = new FlowKey().of(packet, FlowKey.realmHash(REALM));
        List<HeaderBlock> blocks = split(0, error(1.5, 9, 3, 3, packet));

        HeaderBlock block = only(blocks, BlockSplitter.bucketOf(key.hash, BUCKETS));
        int last = block.packetCount() - 1;
        int entry = block.packetInt(last, HeaderBlock.PACKET_ENTRY);
        assertThat(block.packetShort(last, HeaderBlock.PACKET_EVIDENCE))
                .isEqualTo(IcmpEvidence.PORT_UNREACHABLE.code());
        assertThat(block.packetTime(last)).isEqualTo(Headers.nanos(1.5));
        assertThat(block.packetInt(last, HeaderBlock.PACKET_OCTETS_IP)).isZero();
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_HASH)).isEqualTo(key.hash);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_TUPLE)).isEqualTo(key.tuple);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_A_LOW)).isEqualTo(0x0A00_0001L);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_B_LOW)).isEqualTo(0x0A00_0002L);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_DESTINATION_MAC) >>> 56)
                .as("sent by b")
                .isEqualTo(source == 2 ? 1 : 0);
        assertThat(block.entryLong(entry, HeaderBlock.ENTRY_SOURCE_MAC) & 0xFFFF_FFFF_FFFFL)
                .as("seen in the error's frame")
                .isEqualTo(0x0200_0000_0009L);
        assertThat(block.streams()).containsExactly(STREAM);
    }

    @Test
    void evidenceFollowsItsErrorAndPrecedesWhatFollowsTheError() throws WireFormatException {
        PacketHeader packet = datagram(1);
        List<HeaderBlock> blocks =
                split(0, packet, error(2, 2, 11, 0, packet), datagram(3), error(4, 2, 3, 1, packet), datagram(5));
        assertThat(evidence(blocks)).containsExactly("2 TTL_EXCEEDED", "4 HOST_UNREACHABLE");
        HeaderBlock block =
                only(blocks, BlockSplitter.bucketOf(new FlowKey().of(packet, FlowKey.realmHash(REALM)).hash, BUCKETS));
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < block.packetCount(); i++) {
            times.add(block.packetTime(i));
        }
        assertThat(times).isSorted().contains(Headers.nanos(1), Headers.nanos(2), Headers.nanos(4), Headers.nanos(5));
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 2", "2, 1", "3, 1", "4, 0"})
    void whatSkippedHeadersQuoteIsSkippedToo(int skip, int left) throws WireFormatException {
        PacketHeader packet = datagram(1);
        List<HeaderBlock> blocks =
                split(skip, packet, error(2, 2, 3, 3, packet), datagram(3), error(4, 2, 3, 3, packet), datagram(5));
        assertThat(evidence(blocks)).hasSize(left);
        assertThat(packets(blocks)).isEqualTo(5 - skip);
    }

    @Test
    void aBlockThatHeldEvidenceHoldsPacketsAgain() throws WireFormatException {
        PacketHeader[] errors = new PacketHeader[50];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = error(i, 2, 3, 3, Headers.udp(0, 1, i, 2, 53));
        }
        assertThat(evidence(split(0, errors))).hasSize(errors.length);
        PacketHeader[] datagrams = new PacketHeader[200];
        for (int i = 0; i < datagrams.length; i++) {
            datagrams[i] = Headers.udp(i, 1, i, 2, 53);
        }
        List<HeaderBlock> blocks = split(0, datagrams);
        assertThat(evidence(blocks)).isEmpty();
        assertThat(packets(blocks)).isEqualTo(datagrams.length);
    }

    @Test
    void aQuotedPacketIsCountedNowhereAndMakesNoFlow() throws WireFormatException {
        PacketHeader packet = datagram(1);
        PacketHeader error = error(2, 2, 3, 3, packet);
        PacketHeader stranger = error(3, 2, 3, 3, Headers.tcp(0, 7, 7, 8, 8, 2));
        PacketHeader error2 = new PacketHeader();
        error2.copyFrom(error);
        error2.quotedFamily = PacketHeader.FAMILY_NONE;
        PacketHeader stranger2 = new PacketHeader();
        stranger2.copyFrom(stranger);
        stranger2.quotedFamily = PacketHeader.FAMILY_NONE;

        List<String> withQuotations = rows(split(0, packet, error, stranger));
        assertThat(withQuotations)
                .isEqualTo(rows(split(0, packet, error2, stranger2)))
                .hasSize(3);
        assertThat(splitter.nonIpHeaders()).isZero();
    }

    /** Whichever stream is read first: the error may come by another one than the packet. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theErrorMayBeReadBeforeThePacketThatItQuotes(boolean isErrorFirst) throws WireFormatException {
        PacketHeader syn = Headers.tcp(1, 1, 5_000, 2, 80, 2);
        HeaderBlock packets = ofFlow(split(0, syn), syn);
        HeaderBlock errors = ofFlow(split(0, error(2, 9, 3, 1, syn)), syn);
        FlowTable table = new FlowTable(SETTINGS);
        table.fold(isErrorFirst ? errors : packets);
        table.fold(isErrorFirst ? packets : errors);
        assertThat(outcomes(table, 10)).containsExactly("@0 unreachable, revision 2");
    }

    @Test
    void anErrorOfTheNextWindowRevisesTheRowThatWasStated() throws WireFormatException {
        PacketHeader syn = Headers.tcp(9, 1, 5_000, 2, 80, 2);
        FlowTable table = new FlowTable(SETTINGS);
        table.fold(ofFlow(split(0, syn), syn));
        table.fold(ofFlow(split(0, error(11, 9, 3, 1, syn)), syn));
        assertThat(outcomes(table, 10)).containsExactly("@0 no_answer, revision 1");
        assertThat(outcomes(table, 20)).containsExactly("@0 unreachable, revision 3");
        assertThat(outcomes(table, 200)).isEmpty();
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void anErrorAboutAFlowThatNobodySawIsForgottenWithItsWindow() throws WireFormatException {
        PacketHeader syn = Headers.tcp(9, 1, 5_000, 2, 80, 2);
        FlowTable table = new FlowTable(SETTINGS);
        table.fold(ofFlow(split(0, error(11, 9, 3, 1, syn)), syn));
        assertThat(table.isEmpty()).isFalse();
        assertThat(table.due()).isEqualTo(Headers.nanos(20));
        assertThat(outcomes(table, 200)).isEmpty();
        assertThat(table.isEmpty()).isTrue();
    }

    private static HeaderBlock ofFlow(List<HeaderBlock> blocks, PacketHeader packet) {
        return only(blocks, BlockSplitter.bucketOf(new FlowKey().of(packet, FlowKey.realmHash(REALM)).hash, BUCKETS));
    }

    private static List<String> outcomes(FlowTable table, double seconds) {
        List<String> outcomes = new ArrayList<>();
        while (table.due() <= Headers.nanos(seconds)) {
            long due = table.due();
            table.advance(due, due, row -> {
                if (row.protocol == Headers.TCP) {
                    outcomes.add("@%d %s, revision %d"
                            .formatted(row.windowStart / Headers.nanos(1), row.outcome, row.revision));
                }
            });
        }
        return outcomes;
    }

    private static List<String> rows(List<HeaderBlock> blocks) {
        List<String> rows = new ArrayList<>();
        for (HeaderBlock block : blocks) {
            FlowTable table = new FlowTable(SETTINGS);
            table.fold(block);
            table.advance(Headers.nanos(10), Headers.nanos(10), row -> rows.add(text(row)));
            assertThat(table.tooLatePackets()).isZero();
        }
        rows.sort(null);
        return rows;
    }

    private static String text(FlowRow row) {
        return "%s %d:%d>%d:%d %d packets"
                .formatted(
                        row.protocol,
                        row.sourceLow,
                        row.sourcePort,
                        row.destinationLow,
                        row.destinationPort,
                        row.packets);
    }

    /** Blocks of a batch of these headers, copies. */
    private List<HeaderBlock> split(int skip, PacketHeader... headers) throws WireFormatException {
        HeaderBatchWriter writer =
                new HeaderBatchWriter("capvm1", "eth0", 0, 1, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
        for (PacketHeader header : headers) {
            writer.add(header);
        }
        reader.open(writer.finish(0, false));
        splitter.add(reader, STREAM, RealmRule.only(REALM), skip);
        List<HeaderBlock> blocks = new ArrayList<>();
        splitter.flush(block -> {
            HeaderBlock copy = new HeaderBlock();
            copy.copyFrom(block);
            blocks.add(copy);
        });
        return blocks;
    }

    private static HeaderBlock only(List<HeaderBlock> blocks, int bucket) {
        return blocks.stream()
                .filter(block -> block.bucket() == bucket)
                .findAny()
                .orElseThrow();
    }

    private static List<String> evidence(List<HeaderBlock> blocks) {
        List<String> all = new ArrayList<>();
        for (HeaderBlock block : blocks) {
            int before = all.size();
            for (int i = 0; i < block.packetCount(); i++) {
                int code = block.packetShort(i, HeaderBlock.PACKET_EVIDENCE);
                if (code != 0) {
                    all.add(block.packetTime(i) / Headers.nanos(1) + " " + IcmpEvidence.ofCode(code));
                }
            }
            assertThat(block.evidenceCount()).isEqualTo(all.size() - before);
        }
        return all;
    }

    private static int packets(List<HeaderBlock> blocks) {
        return blocks.stream()
                .mapToInt(block -> block.packetCount() - block.evidenceCount())
                .sum();
    }
}
