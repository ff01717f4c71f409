package io.parallax.local.scenario;

import io.parallax.model.StreamName;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * What one stream brings, in its order: headers, and after each of them the earliest time that one still to come can have.
 *
 * @param headers copies, one object each
 * @param lowWatermarksNanos as many as headers; never falling
 */
public record HeaderStream(StreamName name, List<PacketHeader> headers, List<Long> lowWatermarksNanos) {

    private static final long BOOT_EPOCH_MILLIS = 1_700_000_000_000L;

    /** A stream of headers that are in the order of time already. */
    public static HeaderStream inOrder(StreamName name, List<PacketHeader> headers) {
        return new HeaderStream(
                name, headers, headers.stream().map(header -> header.timeNanos).toList());
    }

    /** The stream as a sensor would have sent it whose clock is ahead by {@code nanos}; below 0: behind. */
    public HeaderStream shifted(long nanos) {
        List<PacketHeader> moved = new ArrayList<>(headers.size());
        for (PacketHeader header : headers) {
            PacketHeader copy = new PacketHeader();
            copy.copyFrom(header);
            copy.timeNanos += nanos;
            moved.add(copy);
        }
        return new HeaderStream(
                name,
                moved,
                lowWatermarksNanos.stream().map(time -> time + nanos).toList());
    }

    /** Headers that are {@code wanted}. */
    public long count(Predicate<PacketHeader> wanted) {
        return headers.stream().filter(wanted).count();
    }

    /**
     * The stream as batches of random sizes; the first one is empty and announces it, the last one ends it.
     *
     * @param least headers a batch
     * @param most headers a batch, inclusive
     */
    public EncodedStream encoded(Random random, int least, int most) {
        HeaderBatchWriter writer = new HeaderBatchWriter(
                name.sensorId(), name.interfaceName(), 0, BOOT_EPOCH_MILLIS, 0, 1, HeaderBatchWriter.SAMPLING_NONE);
        List<byte[]> batches = new ArrayList<>();
        long first = headers.isEmpty() ? 0 : Math.min(headers.get(0).timeNanos, lowWatermarksNanos.get(0));
        batches.add(writer.finish(first, false));
        int size = least + random.nextInt(most - least + 1);
        for (int i = 0; i < headers.size(); i++) {
            writer.add(headers.get(i));
            if (writer.count() == size && i + 1 < headers.size()) {
                batches.add(writer.finish(lowWatermarksNanos.get(i), false));
                size = least + random.nextInt(most - least + 1);
            }
        }
        long last = headers.isEmpty() ? 0 : lowWatermarksNanos.get(headers.size() - 1);
        batches.add(writer.finish(last, true));
        return new EncodedStream(name, writer.streamId(), List.copyOf(batches));
    }
}
