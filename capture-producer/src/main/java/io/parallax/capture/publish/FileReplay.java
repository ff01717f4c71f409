package io.parallax.capture.publish;

import io.parallax.capture.source.Frame;
import io.parallax.capture.source.FrameSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One source on its way: a frame is always read ahead, so that it is known when the next one is due. */
final class FileReplay {

    private final FrameSource source;
    private final List<StreamPublisher> streams = new ArrayList<>();
    private final Frame next = new Frame();
    private boolean hasNext;

    /** @param lanes gives a number to each stream of one interface, so that several files of one never share a sequence */
    FileReplay(FrameSource source, ReplayOptions options, BatchSink sink, Map<String, Integer> lanes) {
        this.source = source;
        for (String interfaceName : source.interfaces()) {
            int lane = lanes.merge(source.sensor() + "/" + interfaceName, 1, Integer::sum) - 1;
            streams.add(
                    new StreamPublisher(source.sensor(), interfaceName, lane, options.stream(), StreamSink.to(sink)));
        }
    }

    /** Publishes an empty batch of every stream: readers know then of all of them, and from when on. */
    void announce() throws PublishException {
        publishBatches();
    }

    /** Reads the first frame; call once, after {@link #announce}. */
    void start() throws IOException {
        hasNext = source.next(next);
    }

    boolean hasNext() {
        return hasNext;
    }

    /** Capture time of the frame that was read ahead. */
    long nextNanos() {
        return next.timeNanos;
    }

    /** Passes on up to {@code frames} frames and returns how many there were. */
    int advance(int frames) throws IOException {
        int done = 0;
        while (hasNext && done < frames) {
            int index = next.interfaceIndex;
            StreamPublisher stream = streams.get(index);
            boolean isFull = stream.accept(next);
            if (isFull) {
                stream.publishBatch(source.lowWatermarkNanos(index));
            }
            hasNext = source.next(next);
            done++;
        }
        return done;
    }

    /** Publishes what every stream has. */
    void publishBatches() throws PublishException {
        for (int i = 0; i < streams.size(); i++) {
            streams.get(i).publishBatch(lowWatermarkNanos(i));
        }
    }

    /** The frame that was read ahead has left the source, but not this. */
    private long lowWatermarkNanos(int index) {
        long nanos = source.lowWatermarkNanos(index);
        return hasNext && next.interfaceIndex == index ? Math.min(nanos, next.timeNanos) : nanos;
    }

    void end() throws PublishException {
        for (StreamPublisher stream : streams) {
            stream.end(source.unreadOctets());
        }
    }

    List<StreamTotal> totals() {
        List<StreamTotal> totals = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            StreamPublisher stream = streams.get(i);
            totals.add(new StreamTotal(
                    stream.streamId(),
                    source.sensor(),
                    source.interfaces().get(i),
                    stream.total(),
                    source.unreadOctets()));
        }
        return totals;
    }

    /** The earliest capture time of the source, {@link Long#MAX_VALUE} if it has no frame; before {@link #start}. */
    long firstNanos() {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < streams.size(); i++) {
            first = Math.min(first, source.lowWatermarkNanos(i));
        }
        return first;
    }
}
