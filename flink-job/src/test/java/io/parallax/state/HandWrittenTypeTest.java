package io.parallax.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.matrix.CellTable;
import io.parallax.model.MatrixDelta;
import io.parallax.model.MatrixLevel;
import io.parallax.model.RawRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** The serializers that are written by hand for raw records and the matrix. */
final class HandWrittenTypeTest {

    @Test
    void aRawRecordKeepsItsPlaceAndItsOctets() throws Exception {
        RawRecord read =
                roundTrip(RawRecordSerializer.INSTANCE, new RawRecord("t", 3, 1L << 40, -5, new byte[] {9, 8}));
        assertThat(read).hasToString("t/3@1099511627776");
        assertThat(read.timestampMillis()).isEqualTo(-5);
        assertThat(read.value()).containsExactly(9, 8);
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
    void aMatrixDeltaKeepsEveryField() throws Exception {
        MatrixDelta delta = new MatrixDelta();
        delta.level = MatrixLevel.SUBNET;
        delta.realm = "tenant-ü";
        delta.windowStart = -1;
        delta.family = 6;
        delta.sourceHigh = Long.MIN_VALUE;
        delta.sourceLow = 2;
        delta.destinationHigh = 3;
        delta.destinationLow = Long.MAX_VALUE;
        delta.packets = -7;
        delta.octets = 8;
        delta.flowsOpened = 1;
        delta.revision = 9;

        assertThat(roundTrip(MatrixDeltaSerializer.INSTANCE, delta))
                .usingRecursiveComparison()
                .isEqualTo(delta);
        assertThat(MatrixDeltaSerializer.INSTANCE.copy(delta))
                .isNotSameAs(delta)
                .usingRecursiveComparison()
                .isEqualTo(delta);
    }

    @Test
    void aTableOfCellsIsCopiedAndNotShared() throws Exception {
        CellTable table = new CellTable();
        MatrixDelta delta = new MatrixDelta();
        delta.realm = "tenant-ü";
        delta.packets = 7;
        delta.revision = 3;
        table.add(delta);
        delta.windowStart = 60;
        table.add(delta);
        CellTable copy = CellTableSerializer.INSTANCE.copy(table);
        CellTable read = roundTrip(CellTableSerializer.INSTANCE, table);
        byte[] before = octets(CellTableSerializer.INSTANCE, table);
        table.add(delta);

        assertThat(octets(CellTableSerializer.INSTANCE, table)).isNotEqualTo(before);
        assertThat(octets(CellTableSerializer.INSTANCE, copy)).isEqualTo(before);
        assertThat(octets(CellTableSerializer.INSTANCE, read)).isEqualTo(before);
        assertThat(roundTrip(CellTableSerializer.INSTANCE, new CellTable()).isEmpty())
                .isTrue();
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
