package io.parallax.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Value of the record header {@link Topics#SENT_AT}: the producer's wall clock when it handed the record to its Kafka
 * client, nanoseconds since 1970-01-01T00:00Z, 8 octets, big-endian.
 *
 * <p>The broker appends the record under its own clock ({@code LogAppendTime}). The difference is the error of the
 * producer's clock plus the time on the way, however old the packets in the record are.
 */
public final class SentAt {

    /** No header, or one that is none of ours. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private SentAt() {}

    public static byte[] octets(long nanos) {
        return ByteBuffer.allocate(Long.BYTES).putLong(nanos).array();
    }

    /** Nanoseconds since the epoch; {@link #UNKNOWN} if there is no value, or one of another length or before 1970. */
    public static long nanos(byte @Nullable [] octets) {
        if (octets == null || octets.length != Long.BYTES) {
            return UNKNOWN;
        }
        long nanos = ByteBuffer.wrap(octets).getLong();
        return nanos < 0 ? UNKNOWN : nanos;
    }
}
