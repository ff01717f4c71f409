package io.parallax.local.scenario;

import io.parallax.capture.publish.BatchSink;
import io.parallax.capture.publish.Pacer;
import io.parallax.capture.publish.Replay;
import io.parallax.capture.publish.ReplayOptions;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.OpenCaptures;
import io.parallax.model.StreamName;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Capture files as the replay publishes them, taken apart into headers again so that they can be cut into any batches. */
public final class Recordings {

    private Recordings() {}

    /** The streams of {@code captures}, in their order. */
    public static List<HeaderStream> read(List<CaptureFile> captures) throws IOException, WireFormatException {
        Collected sink = new Collected();
        ReplayOptions usual = ReplayOptions.unpaced(0);
        ReplayOptions single = new ReplayOptions(0, 1, usual.speed(), 1, usual.batchOctets(), usual.linger());
        try (OpenCaptures open = OpenCaptures.of(captures)) {
            new Replay(single, Pacer.ofSystem(), sink, more -> {}).run(open.sources());
        }
        List<HeaderStream> streams = new ArrayList<>();
        for (List<byte[]> batches : sink.batches.values()) {
            streams.add(streamOf(batches));
        }
        return streams;
    }

    private static HeaderStream streamOf(List<byte[]> batches) throws WireFormatException {
        HeaderBatchReader reader = new HeaderBatchReader();
        List<PacketHeader> headers = new ArrayList<>();
        List<Long> lowWatermarks = new ArrayList<>();
        StreamName name = new StreamName("", "");
        for (byte[] value : batches) {
            HeaderBatch batch = reader.open(value);
            name = new StreamName(batch.getSensorId(), batch.getInterfaceName());
            PacketHeader header = new PacketHeader();
            while (reader.next(header)) {
                headers.add(header);
                lowWatermarks.add(
                        lowWatermarks.isEmpty() ? Long.MIN_VALUE : lowWatermarks.get(lowWatermarks.size() - 1));
                header = new PacketHeader();
            }
            if (!lowWatermarks.isEmpty()) {
                lowWatermarks.set(lowWatermarks.size() - 1, batch.getLowWatermarkNanoseconds());
            }
        }
        if (!lowWatermarks.isEmpty() && lowWatermarks.get(0) == Long.MIN_VALUE) {
            throw new IllegalStateException("the first batch of " + name + " holds several headers");
        }
        return new HeaderStream(name, List.copyOf(headers), List.copyOf(lowWatermarks));
    }

    private static final class Collected implements BatchSink {

        private final Map<String, List<byte[]>> batches = new LinkedHashMap<>();

        @Override
        public synchronized void publish(String topic, String streamId, String key, byte[] value) {
            if (topic.equals(Topics.PACKET_HEADERS)) {
                batches.computeIfAbsent(streamId, id -> new ArrayList<>()).add(value);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
