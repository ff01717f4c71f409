package io.parallax.wire;

import io.parallax.wire.WireFormatException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Avro single-object encoding (Avro 1.12 specification, "Single-object encoding") of one record type.
 *
 * <pre>
 *   0      1      2                             10
 *  +------+------+-----------------------------+------------------
 *  | 0xC3 | 0x01 | CRC-64-AVRO of the schema   | Avro binary body
 *  |      |      | 8 octets, little-endian     |
 *  +------+------+-----------------------------+------------------
 * </pre>
 *
 * <p>A record written with any published version of the schema is read; the schema itself is never taken from the wire.
 * Each record is decoded over its own octets alone and has to use them up: Avro's shared decoders keep what a broken
 * record left behind and then read good records wrong (FLINK-31951). Not thread-safe.
 */
public final class SingleObjectCodec<T extends SpecificRecordBase> {

    private static final int HEADER_OCTETS = 10;
    private static final byte MARKER_0 = (byte) 0xC3;
    private static final byte MARKER_1 = 0x01;

    private final Schema schema;
    private final byte[] header = new byte[HEADER_OCTETS];
    private final Body<T> writer;
    private final Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream(512);
    private @Nullable BinaryEncoder encoder;
    private final BoundedDecoder body = new BoundedDecoder();

    private SingleObjectCodec(Schema schema, List<Schema> published) {
        this.schema = schema;
        this.writer = bodyOf(schema);
        ByteBuffer.wrap(header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARKER_0)
                .put(MARKER_1)
                .putLong(SchemaNormalization.parsingFingerprint64(schema));
        readers.put(SchemaNormalization.parsingFingerprint64(schema), new SpecificDatumReader<>(schema));
        for (Schema version : published) {
            readers.computeIfAbsent(
                    SchemaNormalization.parsingFingerprint64(version), f -> new SpecificDatumReader<>(version, schema));
        }
    }

    /** Writes what follows the header. */
    private interface Body<T> {
        void write(T row, Encoder out) throws IOException;
    }

    private static <T> Body<T> bodyOf(Schema schema) {
        if (schema.equals(Flow.getClassSchema())) {
            return (row, out) -> FlowBody.write((Flow) row, out);
        }
        SpecificDatumWriter<T> writer = new SpecificDatumWriter<>(schema);
        return writer::write;
    }

    /** A codec that writes the current schema of {@code example}'s type and reads every published version of it. */
    public static <T extends SpecificRecordBase> SingleObjectCodec<T> of(Schema schema) {
        return new SingleObjectCodec<>(schema, PublishedSchemas.of(schema.getName()));
    }

    /** The record in single-object encoding. */
    public byte[] encode(T row) {
        encoded.reset();
        encoded.write(header, 0, HEADER_OCTETS);
        encoder = EncoderFactory.get().binaryEncoder(encoded, encoder);
        try {
            writer.write(row, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return encoded.toByteArray();
    }

    /**
     * The record in {@code value}. Its fields of type bytes are views of {@code value}, not copies.
     *
     * @throws WireFormatException if it is not exactly one record of a published schema
     */
    public T decode(byte @Nullable [] value) throws WireFormatException {
        if (value == null || value.length == 0) {
            throw new WireFormatException(Reason.EMPTY, "no value; expected a " + schema.getName());
        }
        if (value.length < HEADER_OCTETS || value[0] != MARKER_0 || value[1] != MARKER_1) {
            throw new WireFormatException(
                    Reason.NO_MARKER,
                    "%d octets that do not begin with the single-object marker C3 01".formatted(value.length));
        }
        long fingerprint = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        SpecificDatumReader<T> reader = readers.get(fingerprint);
        if (reader == null) {
            throw new WireFormatException(
                    Reason.UNKNOWN_SCHEMA,
                    "schema fingerprint %016x is no published version of %s".formatted(fingerprint, schema.getName()));
        }
        return decodeBody(reader, value);
    }

    private T decodeBody(SpecificDatumReader<T> reader, byte[] value) throws WireFormatException {
        try {
            body.open(value, HEADER_OCTETS);
            @SuppressWarnings("NullAway") // "no instance to reuse" is null in Avro's contract
            T row = reader.read(null, body);
            if (body.remaining() != 0) {
                throw new WireFormatException(
                        Reason.MALFORMED_BODY, "%d octets follow the record".formatted(body.remaining()));
            }
            return row;
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            throw new WireFormatException(Reason.MALFORMED_BODY, schema.getName() + " can't be read: " + e, e);
        }
    }
}
