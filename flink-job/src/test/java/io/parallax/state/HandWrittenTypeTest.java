package io.parallax.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.HeardStream;
import io.parallax.flow.HeardStreams;
import io.parallax.matrix.MatrixDeltas;
import io.parallax.matrix.SubnetRule;
import io.parallax.matrix.WindowCells;
import io.parallax.model.FlowRow;
import io.parallax.model.MatrixLevel;
import io.parallax.model.RawRecord;
import io.parallax.model.SegmentCounts;
import io.parallax.model.SegmentSample;
import io.parallax.model.StreamName;
import io.parallax.vantage.SegmentTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** The serializers that are written by hand for raw records, the matrix and segments. */
final class HandWrittenTypeTest {

    @Test
    void aRawRecordKeepsItsPlaceAndItsOctets() throws Exception {
        RawRecord read = roundTrip(
                RawRecordSerializer.INSTANCE, new RawRecord("t", 3, 1L << 40, -5, 77, "k", new byte[] {9, 8}));
        assertThat(read).hasToString("t/3@1099511627776");
        assertThat(read.timestampMillis()).isEqualTo(-5);
        assertThat(read.sentAtNanos()).isEqualTo(77);
        assertThat(read.key()).isEqualTo("k");
        assertThat(read.value()).containsExactly(9, 8);
    }

    @Test
    void whatWasHeardOfAStreamIsKept() throws Exception {
        HeardStreams streams = new HeardStreams(1_000_000_000L);
        HeardStream stream = streams.of(new StreamName("capvm-ü", "eth1"), 3);
        streams.hear(stream, 1_700_000_000_000L, 1_800_000_000_000_000_000L, 7, 9, false, event -> {});
        stream.isSilent = true;
        HeardStream read = roundTrip(HeardStreamSerializer.INSTANCE, stream);
        assertThat(read.clock.isSkewed()).isTrue();
        for (HeardStream same : List.of(read, HeardStreamSerializer.INSTANCE.copy(stream))) {
            assertThat(same.name).isEqualTo(stream.name);
            assertThat(same.lane).isEqualTo(3);
            assertThat(same.records).isEqualTo(1);
            assertThat(same.passedNanos).isEqualTo(stream.passedNanos);
            assertThat(same.isSilent).isTrue();
            assertThat(same.clock.words()).isEqualTo(stream.clock.words());
        }
    }

    @Test
    void aTombstoneIsNotAnEmptyRecord() throws Exception {
        assertThat(roundTrip(RawRecordSerializer.INSTANCE, new RawRecord("t", 0, 0, 0, null))
                        .value())
                .isNull();
        assertThat(roundTrip(RawRecordSerializer.INSTANCE, new RawRecord("t", 0, 0, 0, new byte[0]))
                        .value())
                .isEmpty();
    }

    @Test
    void aMatrixIsCopiedAndNotShared() throws Exception {
        FlowRow row = new FlowRow();
        row.realm = "tenant-ü";
        row.family = 4;
        row.packets = 7;
        row.revision = 3;
        row.handshakeBucket = 9;
        MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON, 10_000_000_000L);
        deltas.add(row);
        List<WindowCells> matrices = new ArrayList<>();
        deltas.flush(matrices::add);
        assertThat(matrices).hasSize(MatrixLevel.values().length);
        for (WindowCells matrix : matrices) {
            WindowCells copy = WindowCellsSerializer.INSTANCE.copy(matrix);
            WindowCells read = roundTrip(WindowCellsSerializer.INSTANCE, matrix);
            byte[] before = octets(WindowCellsSerializer.INSTANCE, matrix);
            matrix.markStated();
            assertThat(octets(WindowCellsSerializer.INSTANCE, matrix)).isNotEqualTo(before);
            assertThat(octets(WindowCellsSerializer.INSTANCE, copy)).isEqualTo(before);
            assertThat(octets(WindowCellsSerializer.INSTANCE, read)).isEqualTo(before);
        }
    }

    @Test
    void aSegmentSampleKeepsEveryField() throws Exception {
        SegmentSample sample = segmentSample();
        assertThat(roundTrip(SegmentSampleSerializer.INSTANCE, sample))
                .usingRecursiveComparison()
                .isEqualTo(sample);
        assertThat(SegmentSampleSerializer.INSTANCE.copy(sample))
                .isNotSameAs(sample)
                .usingRecursiveComparison()
                .isEqualTo(sample);
    }

    @Test
    void aTableOfSegmentsIsCopiedAndNotShared() throws Exception {
        SegmentTable table = new SegmentTable();
        table.add(segmentSample());
        SegmentTable copy = SegmentTableSerializer.INSTANCE.copy(table);
        SegmentTable read = roundTrip(SegmentTableSerializer.INSTANCE, table);
        byte[] before = octets(SegmentTableSerializer.INSTANCE, table);
        table.add(segmentSample());

        assertThat(octets(SegmentTableSerializer.INSTANCE, table)).isNotEqualTo(before);
        assertThat(octets(SegmentTableSerializer.INSTANCE, copy)).isEqualTo(before);
        assertThat(octets(SegmentTableSerializer.INSTANCE, read)).isEqualTo(before);
    }

    private static SegmentSample segmentSample() {
        SegmentSample sample = new SegmentSample();
        sample.sensorId = "capture-ü";
        sample.interfaceName = "eth0";
        sample.otherSensorId = "capture-2";
        sample.otherInterfaceName = "eth1";
        sample.windowStart = -1;
        sample.flowHash = Long.MIN_VALUE;
        sample.isTimed = true;
        sample.there = 3;
        sample.back = -4;
        sample.counts.add(SegmentCounts.THERE, SegmentCounts.OTHER, 5, 6);
        sample.counts.add(SegmentCounts.UNORDERED, SegmentCounts.HERE, 7, 8);
        return sample;
    }

    private static <T> byte[] octets(TypeSerializer<T> serializer, T row) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(row, out);
        return out.getCopyOfBuffer();
    }

    private static <T> T roundTrip(TypeSerializer<T> serializer, T row) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(row, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        DataOutputSerializer copied = new DataOutputSerializer(64);
        serializer.copy(in, copied);
        assertThat(in.available()).isZero();
        assertThat(copied.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
        return serializer.deserialize(serializer.createInstance(), new DataInputDeserializer(copied.getCopyOfBuffer()));
    }
}
