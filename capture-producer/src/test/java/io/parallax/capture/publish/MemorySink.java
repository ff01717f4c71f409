package io.parallax.capture.publish;

import java.util.ArrayList;
import java.util.List;

/** Keeps records in the order in which they were given. */
final class MemorySink implements BatchSink {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(String topic, String streamId, String key, byte[] value) {}

    final List<Entry> entries = new ArrayList<>();
    final List<Integer> flushedAt = new ArrayList<>();

    @Override
    public synchronized void publish(String topic, String streamId, String key, byte[] value) {
        entries.add(new Entry(topic, streamId, key, value));
    }

    @Override
    public synchronized void flush() {
        flushedAt.add(entries.size());
    }

    @Override
    public void close() {}
}
