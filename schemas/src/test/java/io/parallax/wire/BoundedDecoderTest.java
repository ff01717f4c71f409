package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

final class BoundedDecoderTest {

    private static final Schema SCHEMA = SchemaBuilder.record("Every")
            .fields()
            .requiredLong("a_long")
            .requiredInt("an_int")
            .requiredDouble("a_double")
            .requiredFloat("a_float")
            .requiredBoolean("a_boolean")
            .requiredString("a_string")
            .requiredBytes("some_bytes")
            .name("a_fixed")
            .type()
            .fixed("Four")
            .size(4)
            .noDefault()
            .name("an_enum")
            .type()
            .enumeration("Letter")
            .symbols("A", "B")
            .noDefault()
            .name("a_list")
            .type()
            .array()
            .items()
            .longType()
            .noDefault()
            .name("a_map")
            .type()
            .map()
            .values()
            .longType()
            .noDefault()
            .optionalLong("maybe")
            .endRecord();

    /** The same without the middle fields: a reader of another version has to skip them. */
    private static final Schema ENDS = SchemaBuilder.record("Every")
            .fields()
            .requiredLong("a_long")
            .optionalLong("maybe")
            .endRecord();

    private final BoundedDecoder decoder = new BoundedDecoder();

    @Property(tries = 300)
    void itReadsWhatAvroWrites(
            @ForAll long number,
            @ForAll int small,
            @ForAll double real,
            @ForAll String text,
            @ForAll List<Long> list,
            @ForAll Map<String, Long> map,
            @ForAll boolean isBlocked)
            throws IOException {
        GenericRecord row = row(number, small, real, text, list, map);
        byte[] octets = encode(row, isBlocked);

        decoder.open(octets, 0);
        assertThat(new GenericDatumReader<GenericRecord>(SCHEMA).read(null, decoder))
                .hasToString(row.toString());
        assertThat(decoder.remaining()).isZero();

        decoder.open(octets, 0);
        GenericRecord ends = new GenericDatumReader<GenericRecord>(SCHEMA, ENDS).read(null, decoder);
        assertThat(ends.get("a_long")).isEqualTo(number);
        assertThat(ends.get("maybe")).isEqualTo(number);
        assertThat(decoder.remaining()).isZero();
    }

    @Test
    void aLengthThatIsNotThereIsRefusedWithoutAllocatingForIt() throws IOException {
        byte[] twoGigabytes = {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 1, 2};
        decoder.open(twoGigabytes, 0);
        assertThatThrownBy(decoder::readString).isInstanceOf(IOException.class);
        decoder.open(twoGigabytes, 0);
        assertThatThrownBy(() -> decoder.readBytes(ByteBuffer.allocate(0))).isInstanceOf(IOException.class);
        decoder.open(twoGigabytes, 0);
        assertThatThrownBy(decoder::readArrayStart).isInstanceOf(IOException.class);
        decoder.open(twoGigabytes, 0);
        assertThatThrownBy(decoder::skipMap).isInstanceOf(IOException.class);
    }

    @Test
    void negativeLengthsAndCountsThatOverflowAreRefused() {
        decoder.open(new byte[] {1, 0}, 0);
        assertThatThrownBy(decoder::readString).isInstanceOf(IOException.class);
        byte[] leastLong = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0};
        decoder.open(leastLong, 0);
        assertThatThrownBy(decoder::readArrayStart).isInstanceOf(IOException.class);
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        decoder.open(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, 0);
        assertThatThrownBy(decoder::readLong).isInstanceOf(AvroTypeException.class);
        decoder.open(new byte[] {-1, -1, -1, -1, -1, 1}, 0);
        assertThatThrownBy(decoder::readInt).isInstanceOf(AvroTypeException.class);
        decoder.open(new byte[] {2}, 0);
        assertThatThrownBy(decoder::readBoolean).isInstanceOf(AvroTypeException.class);
    }

    private static GenericRecord row(
            long number, int small, double real, String text, List<Long> list, Map<String, Long> map) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        row.put("a_long", number);
        row.put("an_int", small);
        row.put("a_double", real);
        row.put("a_float", (float) real);
        row.put("a_boolean", small > 0);
        row.put("a_string", text);
        row.put("some_bytes", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        row.put("a_fixed", new GenericData.Fixed(SCHEMA.getField("a_fixed").schema(), new byte[] {4, 5, 6, 7}));
        row.put("an_enum", new GenericData.EnumSymbol(SCHEMA.getField("an_enum").schema(), "B"));
        row.put("a_list", list);
        row.put("a_map", map.size() > 1 ? Map.of("k", number) : map);
        row.put("maybe", number);
        return row;
    }

    private static byte[] encode(GenericRecord row, boolean isBlocked) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = isBlocked
                ? new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null)
                : EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(SCHEMA).write(row, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
