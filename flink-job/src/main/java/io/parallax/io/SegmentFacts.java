package io.parallax.io;

import io.parallax.model.Facts;
import io.parallax.model.SegmentFact;
import io.parallax.model.SegmentFact.Way;
import io.parallax.wire.Segment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns rows of segments into what detectors hear of them. */
public final class SegmentFacts {

    private SegmentFacts() {}

    public static Facts<SegmentFact> of(Segment row) {
        SegmentFact fact = new SegmentFact(
                Times.nanos(row.getWindowStart()),
                row.getWindowSeconds(),
                row.getSensorId(),
                row.getInterfaceName(),
                row.getOtherSensorId(),
                row.getOtherInterfaceName(),
                row.getSamples(),
                known(row.getClockOffsetNanoseconds()),
                known(row.getClockOffsetDeviationNanoseconds()),
                known(row.getOneWayDelayMedianNanoseconds()) + known(row.getReverseOneWayDelayMedianNanoseconds()),
                new Way(row.getSentPackets(), row.getArrivedPackets(), row.getSentOctets(), row.getArrivedOctets()),
                new Way(
                        row.getReverseSentPackets(),
                        row.getReverseArrivedPackets(),
                        row.getReverseSentOctets(),
                        row.getReverseArrivedOctets()),
                new Way(
                        row.getUnorderedPackets(),
                        row.getOtherUnorderedPackets(),
                        row.getUnorderedOctets(),
                        row.getOtherUnorderedOctets()));
        return new Facts<>(Facts.bucketOf(fact.subject()), List.of(fact));
    }

    private static long known(@Nullable Long nanos) {
        return nanos == null ? 0 : nanos;
    }
}
