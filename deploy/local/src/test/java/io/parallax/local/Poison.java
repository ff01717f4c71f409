package io.parallax.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ways to spoil a good record. What is spoilt stands right before the good one in its partition, so that whatever it leaves
 * behind in a reader would show there.
 */
enum Poison {
    NOTHING(true),
    EMPTY(true),
    TEXT(true),
    RANDOM_OCTETS(true),
    MARKER_ALONE(true),
    CUT_OFF(true),
    TRAILING_OCTETS(true),
    UNKNOWN_SCHEMA(true),
    HOSTILE_LENGTH(true),
    NEGATIVE_LENGTH(true),
    /** A bit of the columns fell over on the way. */
    FLIPPED_BIT(false),
    /** A batch that nobody vouches for and that claims that a year has passed. */
    FAR_FUTURE_WITH_WRONG_CHECKSUM(false),
    /** As before, and claims the end of its stream, by the name of a real one. */
    END_WITH_WRONG_CHECKSUM(false),
    /** Whole by its checksum, with a count that nobody could hold. */
    HOSTILE_COUNT(false),
    /** Whole by its checksum, identified as the good record behind it, with one header fewer than it claims. */
    ONE_HEADER_TOO_FEW(false),
    /** Whole by its checksum, identified as the good record behind it; its last header is of no dictionary entry. */
    NO_SUCH_ENTRY(false);

    private static final int SCHEMA_OCTETS = 10;
    private static final long YEAR_NANOS = 365L * 24 * 3_600 * 1_000_000_000L;
    private static final Pattern RIGHT_CHECKSUM = Pattern.compile("CRC-32C is ([0-9a-f]{8})");

    private final boolean isForEveryTopic;

    Poison(boolean isForEveryTopic) {
        this.isForEveryTopic = isForEveryTopic;
    }

    /** Whether it needs no more than an encoded record; the others spoil batches of headers. */
    boolean isForEveryTopic() {
        return isForEveryTopic;
    }

    /** A spoilt copy of {@code good}; null: a record without a value. */
    byte @Nullable [] of(byte[] good, Random random) throws WireFormatException {
        byte[] head = Arrays.copyOf(good, SCHEMA_OCTETS);
        return switch (this) {
            case NOTHING -> null;
            case EMPTY -> new byte[0];
            case TEXT -> "boot epoch: yesterday".getBytes(UTF_8);
            case RANDOM_OCTETS -> {
                byte[] octets = new byte[200];
                random.nextBytes(octets);
                yield octets;
            }
            case MARKER_ALONE -> Arrays.copyOf(good, 2);
            case CUT_OFF -> Arrays.copyOf(good, good.length / 2);
            case TRAILING_OCTETS -> Arrays.copyOf(good, good.length + 5);
            case UNKNOWN_SCHEMA -> {
                byte[] other = good.clone();
                other[SCHEMA_OCTETS - 1] ^= 0x55;
                yield other;
            }
            case HOSTILE_LENGTH -> append(head, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01);
            case NEGATIVE_LENGTH -> append(head, 0x03);
            case FLIPPED_BIT -> changed(good, false, batch -> flip(batch.getTimes(), 0));
            case FAR_FUTURE_WITH_WRONG_CHECKSUM ->
                changed(
                        good,
                        false,
                        batch -> batch.setLowWatermarkNanoseconds(batch.getLowWatermarkNanoseconds() + YEAR_NANOS));
            case END_WITH_WRONG_CHECKSUM -> changed(good, false, batch -> batch.setEndOfStream(true));
            case HOSTILE_COUNT -> changed(good, true, batch -> batch.setHeaderCount(Integer.MAX_VALUE));
            case ONE_HEADER_TOO_FEW -> changed(good, true, batch -> batch.setHeaderCount(batch.getHeaderCount() + 1));
            case NO_SUCH_ENTRY ->
                changed(good, true, batch -> {
                    ByteBuffer entries = batch.getEntryIndexes();
                    entries.put(entries.limit() - 1, (byte) 0x7F);
                });
        };
    }

    private static byte[] append(byte[] head, int... octets) {
        byte[] whole = Arrays.copyOf(head, head.length + octets.length);
        for (int i = 0; i < octets.length; i++) {
            whole[head.length + i] = (byte) octets[i];
        }
        return whole;
    }

    private static void flip(ByteBuffer octets, int at) {
        octets.put(octets.position() + at, (byte) (octets.get(octets.position() + at) ^ 1));
    }

    private static byte[] changed(byte[] good, boolean isSummed, Consumer<HeaderBatch> change)
            throws WireFormatException {
        SingleObjectCodec<HeaderBatch> codec = SingleObjectCodec.of(HeaderBatch.getClassSchema());
        HeaderBatch batch = codec.decode(good.clone());
        change.accept(batch);
        if (isSummed) {
            batch.setCrc32c(checksumOf(batch));
        }
        return codec.encode(batch);
    }

    /** The reader is the one who knows it, and says so when it refuses another. */
    private static int checksumOf(HeaderBatch batch) {
        try {
            new HeaderBatchReader().open(batch);
        } catch (WireFormatException e) {
            Matcher told = RIGHT_CHECKSUM.matcher(String.valueOf(e.getMessage()));
            if (told.find()) {
                return Integer.parseUnsignedInt(told.group(1), 16);
            }
        }
        return batch.getCrc32c();
    }
}
