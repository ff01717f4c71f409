package io.parallax.vantage;

import io.parallax.model.FlowRow;
import io.parallax.model.SegmentCounts;
import io.parallax.model.SegmentSample;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Rows of one TCP flow, written by hand: where it was seen, when, and how often. */
final class SegmentRows {

    static final long WINDOW = TimeUnit.SECONDS.toNanos(60);
    static final int SYN = 2;
    static final int ACK = 16;

    private final FlowRow row = new FlowRow();

    SegmentRows() {
        row.flowId = "1f-2a";
        row.windowStart = WINDOW;
        row.protocol = 6;
        row.isOpening = true;
    }

    FlowRow row() {
        return row;
    }

    /** At an interface "sensor/interface": time on its clock in microseconds after the start of the window. */
    SegmentRows forward(String where, int ttl, long micros, long packets) {
        add(where, false, ttl, micros, packets).controlBits = SYN | ACK;
        return this;
    }

    SegmentRows reverse(String where, int ttl, long micros, long packets) {
        add(where, true, ttl, micros, packets).controlBits = SYN | ACK;
        return this;
    }

    FlowRow.Sighting last() {
        return row.sightings().get(row.sightings().size() - 1);
    }

    private FlowRow.Sighting add(String where, boolean isReverse, int ttl, long micros, long packets) {
        FlowRow.Sighting seen = row.addSighting();
        int slash = where.indexOf('/');
        seen.sensorId = where.substring(0, slash);
        seen.interfaceName = where.substring(slash + 1);
        seen.isReverse = isReverse;
        seen.ttl = ttl;
        seen.first = WINDOW + TimeUnit.MICROSECONDS.toNanos(micros);
        seen.packets = packets;
        seen.octets = packets * 100;
        return seen;
    }

    /** One line a sample: pair, times in microseconds, packets here/other there, back and unordered. */
    List<String> samples() {
        List<String> lines = new ArrayList<>();
        new SegmentSamples().of(row, sample -> lines.add(describe(sample)));
        return lines;
    }

    private static String describe(SegmentSample sample) {
        String times = sample.isTimed
                ? "there %d back %d"
                        .formatted(
                                TimeUnit.NANOSECONDS.toMicros(sample.there), TimeUnit.NANOSECONDS.toMicros(sample.back))
                : "untimed";
        return "%s/%s-%s/%s %s,%s%s%s"
                .formatted(
                        sample.sensorId,
                        sample.interfaceName,
                        sample.otherSensorId,
                        sample.otherInterfaceName,
                        times,
                        counts(" >", sample, SegmentCounts.THERE),
                        counts(" <", sample, SegmentCounts.BACK),
                        counts(" ?", sample, SegmentCounts.UNORDERED));
    }

    private static String counts(String way, SegmentSample sample, int of) {
        long here = sample.counts.packets(of, SegmentCounts.HERE);
        long other = sample.counts.packets(of, SegmentCounts.OTHER);
        return here + other == 0 ? "" : "%s%d/%d".formatted(way, here, other);
    }
}
