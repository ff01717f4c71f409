package io.parallax.io;

import io.parallax.model.SegmentCounts;
import io.parallax.vantage.SegmentEstimate;
import io.parallax.vantage.SegmentPair;
import io.parallax.wire.Segment;
import java.io.Serializable;

/** Turns what is known of a pair of interfaces in a window into the record that leaves the job. */
public final class Segments implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int windowSeconds;

    public Segments(int windowSeconds) {
        this.windowSeconds = windowSeconds;
    }

    /** The record of a pair in the window that starts at {@code windowStart}, nanoseconds since the epoch. */
    public Segment of(long windowStart, SegmentPair pair) {
        Segment segment = new Segment();
        segment.setWindowStart(Times.instant(windowStart));
        segment.setWindowSeconds(windowSeconds);
        segment.setSensorId(pair.sensorId());
        segment.setInterfaceName(pair.interfaceName());
        segment.setOtherSensorId(pair.otherSensorId());
        segment.setOtherInterfaceName(pair.otherInterfaceName());
        segment.setSamples(pair.timings().samples());
        if (pair.timings().samples() > 0) {
            setTimes(segment, pair.timings().estimate());
        }
        setCounts(segment, pair.counts());
        return segment;
    }

    private static void setTimes(Segment segment, SegmentEstimate estimate) {
        segment.setClockOffsetNanoseconds(estimate.offset());
        segment.setClockOffsetDeviationNanoseconds(estimate.deviation());
        segment.setClockOffsetLeastNanoseconds(estimate.least());
        segment.setClockOffsetGreatestNanoseconds(estimate.greatest());
        segment.setOneWayDelayMinNanoseconds(estimate.thereMin());
        segment.setOneWayDelayMedianNanoseconds(estimate.thereMedian());
        segment.setReverseOneWayDelayMinNanoseconds(estimate.backMin());
        segment.setReverseOneWayDelayMedianNanoseconds(estimate.backMedian());
    }

    private static void setCounts(Segment segment, SegmentCounts counts) {
        segment.setSentPackets(counts.packets(SegmentCounts.THERE, SegmentCounts.HERE));
        segment.setArrivedPackets(counts.packets(SegmentCounts.THERE, SegmentCounts.OTHER));
        segment.setSentOctets(counts.octets(SegmentCounts.THERE, SegmentCounts.HERE));
        segment.setArrivedOctets(counts.octets(SegmentCounts.THERE, SegmentCounts.OTHER));
        segment.setReverseSentPackets(counts.packets(SegmentCounts.BACK, SegmentCounts.OTHER));
        segment.setReverseArrivedPackets(counts.packets(SegmentCounts.BACK, SegmentCounts.HERE));
        segment.setReverseSentOctets(counts.octets(SegmentCounts.BACK, SegmentCounts.OTHER));
        segment.setReverseArrivedOctets(counts.octets(SegmentCounts.BACK, SegmentCounts.HERE));
        segment.setUnorderedPackets(counts.packets(SegmentCounts.UNORDERED, SegmentCounts.HERE));
        segment.setOtherUnorderedPackets(counts.packets(SegmentCounts.UNORDERED, SegmentCounts.OTHER));
        segment.setUnorderedOctets(counts.octets(SegmentCounts.UNORDERED, SegmentCounts.HERE));
        segment.setOtherUnorderedOctets(counts.octets(SegmentCounts.UNORDERED, SegmentCounts.OTHER));
    }
}
