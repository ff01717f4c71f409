package io.parallax.flow;

import io.parallax.model.Disposition;
import io.parallax.model.StreamName;
import io.parallax.model.StreamShare;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Packets that end in no cell, and so in no row's sightings, since they were last handed over. */
final class UncountedShares {

    private record Key(StreamName stream, long windowStartNanos, Disposition disposition) {}

    private final Map<Key, Long> packets = new HashMap<>();

    void add(StreamName stream, long windowStartNanos, Disposition disposition) {
        packets.merge(new Key(stream, windowStartNanos, disposition), 1L, Long::sum);
    }

    void drain(Consumer<StreamShare> out) {
        packets.forEach((key, count) -> out.accept(new StreamShare(
                key.stream().sensorId(),
                key.stream().interfaceName(),
                key.windowStartNanos(),
                key.disposition(),
                count)));
        packets.clear();
    }
}
