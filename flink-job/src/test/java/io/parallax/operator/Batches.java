package io.parallax.operator;

import io.parallax.flow.BlockSplitter;
import io.parallax.io.ReceivedBatch;
import io.parallax.label.RealmRule;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.RawRecord;
import io.parallax.model.StreamName;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.SentAt;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;

/** Batches and blocks as the job receives them. */
final class Batches {

    static final int BUCKETS = 8;
    static final String REALM = "default";

    private static final SingleObjectCodec<HeaderBatch> CODEC = SingleObjectCodec.of(HeaderBatch.getClassSchema());

    private Batches() {}

    /** A stream of interface eth0 at sequence 0 of an epoch. */
    static HeaderBatchWriter stream(String sensor, long epoch) {
        return new HeaderBatchWriter(sensor, "eth0", 0, epoch, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
    }

    /** The next batch of a stream. */
    static byte[] next(HeaderBatchWriter stream, double lowWatermarkSeconds, PacketHeader... headers) {
        for (PacketHeader header : headers) {
            stream.add(header);
        }
        return stream.finish(Headers.nanos(lowWatermarkSeconds), false);
    }

    /** A record of the topic, at an offset, decoded as the source does. */
    static ReceivedBatch received(long offset, byte[] value) {
        return received(offset, 0, SentAt.UNKNOWN, value);
    }

    /** As {@link #received(long, byte[])}, appended and sent at these times. */
    static ReceivedBatch received(long offset, long appendedMillis, long sentAtNanos, byte[] value) {
        RawRecord raw = new RawRecord(Topics.PACKET_HEADERS, 0, offset, appendedMillis, sentAtNanos, "", value);
        try {
            return new ReceivedBatch(raw, CODEC.decode(value), null);
        } catch (WireFormatException e) {
            return new ReceivedBatch(raw, null, e);
        }
    }

    /** What becomes of a batch of that sensor: blocks by bucket, copies. */
    static List<HeaderBlock> blocks(String sensor, PacketHeader... headers) {
        try {
            HeaderBatchReader reader = new HeaderBatchReader();
            reader.open(next(stream(sensor, 1), 0, headers));
            BlockSplitter splitter = new BlockSplitter(BUCKETS, 1);
            splitter.add(reader, new StreamName(sensor, "eth0"), RealmRule.only(REALM), 0);
            List<HeaderBlock> blocks = new ArrayList<>();
            splitter.flush(block -> {
                HeaderBlock copy = new HeaderBlock();
                copy.copyFrom(block);
                blocks.add(copy);
            });
            return blocks;
        } catch (WireFormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
