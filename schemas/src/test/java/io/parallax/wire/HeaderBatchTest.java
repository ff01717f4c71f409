package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parallax.wire.WireFormatException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class HeaderBatchTest {

    private static final long EPOCH = 1_700_000_000_000L;

    private final HeaderBatchReader reader = new HeaderBatchReader();

    @Provide
    Arbitrary<List<PacketHeader>> headers() {
        return AnyHeaders.lists();
    }

    @Property
    void headersComeBackExactlyAndInOrder(@ForAll("headers") List<PacketHeader> headers) throws Exception {
        HeaderBatchWriter writer = writer();
        headers.forEach(writer::add);
        assertThat(writer.count()).isEqualTo(headers.size());
        assertThat(read(writer.finish(0, false))).isEqualTo(texts(headers));
    }

    @Property(tries = 200)
    void batchesOfAStreamCarryOneSequence(
            @ForAll("headers") List<PacketHeader> first,
            @ForAll("headers") List<PacketHeader> second,
            @ForAll("headers") List<PacketHeader> third)
            throws Exception {
        HeaderBatchWriter writer = writer();
        long sequence = 0;
        for (List<PacketHeader> headers : List.of(first, second, third)) {
            headers.forEach(writer::add);
            byte[] value = writer.finish(42, headers == third);
            HeaderBatch batch = reader.open(value);
            assertThat(batch.getFirstSequence()).isEqualTo(sequence);
            assertThat(batch.getHeaderCount()).isEqualTo(headers.size());
            assertThat(batch.getFirstTimeNanoseconds())
                    .isEqualTo(times(headers).min().orElse(42));
            assertThat(batch.getLastTimeNanoseconds())
                    .isEqualTo(times(headers).max().orElse(42));
            assertThat(read(value)).isEqualTo(texts(headers));
            sequence += headers.size();
        }
    }

    @Property(tries = 200)
    void aReaderThatTakesEntriesFirstSeesTheSame(@ForAll("headers") List<PacketHeader> headers) throws Exception {
        HeaderBatchWriter writer = writer();
        headers.forEach(writer::add);
        reader.open(writer.finish(0, false));
        PacketHeader varying = new PacketHeader();
        for (PacketHeader expected : headers) {
            assertThat(reader.nextInPlace(varying)).isTrue();
            PacketHeader entry = reader.entry(reader.entryIndex());
            assertThat(entry.sourceLow).isEqualTo(expected.sourceLow);
            assertThat(entry.ttl).isEqualTo(expected.ttl);
            assertThat(varying.timeNanos).isEqualTo(expected.timeNanos);
            assertThat(varying.octetsIp).isEqualTo(expected.octetsIp);
            assertThat(entry.mirrorKind).isEqualTo(expected.mirrorKind);
            assertThat(entry.mirrorDirection).isEqualTo(expected.mirrorDirection);
            assertThat(varying.mirrorSequence).isEqualTo(expected.mirrorSequence);
            if (expected.protocol == 6 && expected.isIp()) {
                assertThat(varying.tcpSequence).isEqualTo(expected.tcpSequence);
            }
        }
        assertThat(reader.nextInPlace(varying)).isFalse();
        assertThat(reader.entryCount()).isLessThanOrEqualTo(headers.size());
    }

    @Test
    void aBatchSaysWhereItComesFrom() throws Exception {
        HeaderBatchWriter writer =
                new HeaderBatchWriter("capture-1", "eth1", 3, EPOCH, 128, 0.5, HeaderBatchWriter.SAMPLING_FLOW_HASH);
        HeaderBatch batch = reader.open(writer.finish(77, true));

        assertThat(writer.streamId()).isEqualTo("capture-1/eth1/3");
        assertThat(batch.getSensorId()).isEqualTo("capture-1");
        assertThat(batch.getInterfaceName()).isEqualTo("eth1");
        assertThat(batch.getLane()).isEqualTo(3);
        assertThat(batch.getBootEpoch()).isEqualTo(EPOCH);
        assertThat(batch.getSnapLength()).isEqualTo(128);
        assertThat(batch.getSamplingProbability()).isEqualTo(0.5);
        assertThat(batch.getSamplingMethod()).isEqualTo("flow_hash");
        assertThat(batch.getColumnsVersion()).isEqualTo(3);
        assertThat(batch.getLowWatermarkNanoseconds()).isEqualTo(77);
        assertThat(batch.getFirstTimeNanoseconds()).as("of a heartbeat").isEqualTo(77);
        assertThat(batch.getEndOfStream()).isTrue();
        assertThat(reader.next(new PacketHeader())).isFalse();
    }

    @Test
    void aFlowsPacketsShareOneDictionaryEntry() throws Exception {
        HeaderBatchWriter writer = writer();
        new Traffic(1).headers(8_000).forEach(writer::add);
        assertThat(writer.octets()).isLessThan(8_000 * 24);
        reader.open(writer.finish(0, false));
        assertThat(reader.entryCount()).isLessThan(4_000);
    }

    @Test
    void aSamplingMethodThatNobodyKnowsIsRefusedNamingTheAllowedOnes() {
        assertThatThrownBy(() -> new HeaderBatchWriter("capture-1", "eth1", 0, EPOCH, 0, 1.0, "some"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sampling method \"some\"; allowed are count, flow_hash, none");
    }

    @Test
    void aMirrorSessionWithoutLossCostsOneOctetAHeaderWhateverItMirrors() throws Exception {
        HeaderBatchWriter writer = writer();
        List<PacketHeader> headers = new Traffic(1).headers(1_000);
        long number = 0xFFFF_FE00L;
        for (PacketHeader header : headers) {
            header.mirrorKind = PacketHeader.MIRROR_ERSPAN_3;
            header.mirrorSession = 5;
            header.mirrorDirection = (int) (number % 3);
            header.mirrorSequence = number++ & 0xFFFF_FFFFL;
            writer.add(header);
        }
        byte[] value = writer.finish(0, false);
        ByteBuffer column = batch(value).getMirrorSequences();
        assertThat(read(value)).isEqualTo(texts(headers));
        assertThat(column.remaining()).isEqualTo(999 + 2);
        assertThat(column.get(column.limit() - 1)).isZero();
    }

    @Test
    void trafficThatNoMirrorBroughtPaysNothingForMirrors() throws Exception {
        HeaderBatchWriter writer = writer();
        new Traffic(1).headers(100).forEach(writer::add);
        assertThat(batch(writer.finish(0, false)).getMirrorSequences().remaining())
                .isZero();
    }

    @Test
    void sequencesOfSessionsThatInterleaveArePredictedApart() throws Exception {
        HeaderBatchWriter writer = writer();
        List<PacketHeader> headers = new Traffic(1).headers(900);
        for (int i = 0; i < headers.size(); i++) {
            PacketHeader header = headers.get(i);
            header.mirrorKind = i % 3 == 0 ? PacketHeader.MIRROR_GRE : PacketHeader.MIRROR_ERSPAN_2;
            header.mirrorSourceLow = 0x0A00_0001L + i % 3;
            header.mirrorSequence = i / 3;
            writer.add(header);
        }
        byte[] value = writer.finish(0, false);
        assertThat(read(value)).isEqualTo(texts(headers));
        assertThat(batch(value).getMirrorSequences().remaining()).isEqualTo(900);
    }

    @Test
    void theSamplingMethodIsUnderTheChecksum() throws Exception {
        HeaderBatch batch = batch(sample());
        batch.setSamplingMethod("count");
        assertThat(reasonOf(codec().encode(batch))).isEqualTo(Reason.CHECKSUM);
    }

    @Test
    void aBatchOfALaterColumnsVersionIsRefused() throws Exception {
        HeaderBatch batch = batch(sample());
        batch.setColumnsVersion(4);
        batch.setCrc32c(new HeaderBatchChecksum().of(batch));
        assertThat(reasonOf(codec().encode(batch))).isEqualTo(Reason.INCONSISTENT_COLUMNS);
    }

    @Test
    void everyFlippedBitIsRefused() throws Exception {
        byte[] good = sample();
        List<String> expected = read(good);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(reasonOf(flipped)).as("bit %d", bit).isNotEqualTo(Reason.EMPTY);
            assertThat(read(good)).isEqualTo(expected);
        }
    }

    @Test
    void theChecksumCatchesEveryFlippedBitOfTheColumns() throws Exception {
        HeaderBatch batch = batch(sample());
        for (ByteBuffer column : columns(batch)) {
            for (int bit = 0; bit < column.remaining() * 8; bit++) {
                int at = column.position() + bit / 8;
                column.put(at, (byte) (column.get(at) ^ (1 << (bit % 8))));
                assertThat(reasonOf(codec().encode(batch))).isEqualTo(Reason.CHECKSUM);
                column.put(at, (byte) (column.get(at) ^ (1 << (bit % 8))));
            }
        }
        assertThat(read(codec().encode(batch))).isNotEmpty();
    }

    /** A broken or hostile producer computes its checksum over what it sends. */
    @Property
    void columnsThatLieUnderAGoodChecksumAreRefusedOrReadButNeverThrowAnythingElse(
            @ForAll @Size(max = 6) int[] where, @ForAll @Size(6) byte[] what) throws Exception {
        HeaderBatch batch = batch(sample());
        List<ByteBuffer> columns = columns(batch);
        for (int i = 0; i < where.length; i++) {
            ByteBuffer column = columns.get(Math.floorMod(where[i], columns.size()));
            int at = column.position() + Math.floorMod(where[i] >> 8, column.remaining());
            column.put(at, what[i]);
        }
        readOrRefuse(batch);
    }

    @Property
    void countsThatLieUnderAGoodChecksumAreRefused(
            @ForAll int headers, @ForAll int entries, @ForAll int points, @ForAll boolean isNear) throws Exception {
        HeaderBatch batch = batch(sample());
        batch.setHeaderCount(isNear ? batch.getHeaderCount() + headers % 3 : headers);
        batch.setEntryCount(isNear ? batch.getEntryCount() + entries % 3 : entries);
        batch.setObservationPointCount(isNear ? batch.getObservationPointCount() + points % 3 : points);
        readOrRefuse(batch);
    }

    @Test
    void aColumnThatEndsEarlyOrRunsOnIsRefused() throws Exception {
        int count = columns(batch(sample())).size();
        for (int i = 0; i < count; i++) {
            for (int change : new int[] {-1, 1}) {
                HeaderBatch batch = batch(sample());
                ByteBuffer column = columns(batch).get(i);
                ByteBuffer other = ByteBuffer.allocate(column.remaining() + change);
                other.put(0, column, column.position(), Math.min(column.remaining(), other.remaining()));
                replace(batch, i, other);
                batch.setCrc32c(new HeaderBatchChecksum().of(batch));
                assertThat(reasonOf(codec().encode(batch)))
                        .as("column %d %+d octet", i, change)
                        .isEqualTo(Reason.INCONSISTENT_COLUMNS);
            }
        }
    }

    @Test
    void afterARefusedBatchTheNextOneReadsRight() throws Exception {
        byte[] good = sample();
        List<String> expected = read(good);
        HeaderBatch batch = batch(good);
        batch.setHeaderCount(batch.getHeaderCount() + 1);
        batch.setCrc32c(new HeaderBatchChecksum().of(batch));
        assertThat(reasonOf(codec().encode(batch))).isEqualTo(Reason.INCONSISTENT_COLUMNS);
        assertThat(read(good)).isEqualTo(expected);
    }

    private void readOrRefuse(HeaderBatch batch) throws Exception {
        batch.setCrc32c(new HeaderBatchChecksum().of(batch));
        try {
            assertThat(read(codec().encode(batch))).hasSize(batch.getHeaderCount());
        } catch (WireFormatException refused) {
            assertThat(refused.reason()).isEqualTo(Reason.INCONSISTENT_COLUMNS);
        }
    }

    private Reason reasonOf(byte[] value) {
        WireFormatException refused = catchThrowableOfType(WireFormatException.class, () -> read(value));
        assertThat(refused).as("refusal").isNotNull();
        return refused.reason();
    }

    private List<String> read(byte[] value) throws WireFormatException {
        List<String> texts = new ArrayList<>();
        reader.open(value);
        PacketHeader header = new PacketHeader();
        while (reader.next(header)) {
            texts.add(HeaderText.of(header));
        }
        return texts;
    }

    private static byte[] sample() {
        HeaderBatchWriter writer = writer();
        Random random = new Random(7);
        for (int i = 0; i < 12; i++) {
            PacketHeader header = AnyHeaders.header(random);
            if (i % 5 == 0) {
                AnyHeaders.quoting(header, random);
            }
            writer.add(i % 3 == 0 ? AnyHeaders.mirrored(header, random, i) : header);
        }
        return writer.finish(0, false);
    }

    private static HeaderBatchWriter writer() {
        return new HeaderBatchWriter("capture-1", "eth1", 0, EPOCH, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
    }

    private static SingleObjectCodec<HeaderBatch> codec() {
        return SingleObjectCodec.of(HeaderBatch.getClassSchema());
    }

    private static HeaderBatch batch(byte[] value) throws WireFormatException {
        return codec().decode(value);
    }

    private static List<ByteBuffer> columns(HeaderBatch batch) {
        return List.of(
                batch.getObservationPoints(),
                batch.getEntries(),
                batch.getTimes(),
                batch.getEntryIndexes(),
                batch.getIpLengths(),
                batch.getHeaderLengths(),
                batch.getTcpControlBits(),
                batch.getTcpSequences(),
                batch.getTcpAcknowledgments(),
                batch.getTcpWindows(),
                batch.getMirrorSequences(),
                batch.getQuotations());
    }

    private static void replace(HeaderBatch batch, int column, ByteBuffer octets) {
        switch (column) {
            case 0 -> batch.setObservationPoints(octets);
            case 1 -> batch.setEntries(octets);
            case 2 -> batch.setTimes(octets);
            case 3 -> batch.setEntryIndexes(octets);
            case 4 -> batch.setIpLengths(octets);
            case 5 -> batch.setHeaderLengths(octets);
            case 6 -> batch.setTcpControlBits(octets);
            case 7 -> batch.setTcpSequences(octets);
            case 8 -> batch.setTcpAcknowledgments(octets);
            case 9 -> batch.setTcpWindows(octets);
            case 10 -> batch.setMirrorSequences(octets);
            case 11 -> batch.setQuotations(octets);
            default -> throw new IllegalArgumentException("column " + column);
        }
    }

    private static List<String> texts(List<PacketHeader> headers) {
        return headers.stream().map(HeaderText::of).toList();
    }

    private static LongStream times(List<PacketHeader> headers) {
        return headers.stream().mapToLong(header -> header.timeNanos);
    }
}
