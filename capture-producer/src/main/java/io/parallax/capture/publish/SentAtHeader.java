package io.parallax.capture.publish;

import io.parallax.wire.SentAt;
import io.parallax.wire.Topics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The header by which the job sees how wrong this machine's clock is. */
final class SentAtHeader {

    private SentAtHeader() {}

    static List<Header> of(long nanos) {
        return List.of(new RecordHeader(Topics.SENT_AT, SentAt.octets(nanos)));
    }

    /** This machine's wall clock, nanoseconds since the epoch, to the millisecond: the broker's time is no finer. */
    static long wallNanos() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }
}
