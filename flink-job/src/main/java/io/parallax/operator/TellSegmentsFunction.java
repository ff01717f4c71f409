package io.parallax.operator;

import io.parallax.io.SegmentFacts;
import io.parallax.model.Facts;
import io.parallax.model.SegmentFact;
import io.parallax.wire.Segment;
import org.apache.flink.api.common.functions.MapFunction;

/** Tells detectors what lies between interfaces. */
public final class TellSegmentsFunction implements MapFunction<Segment, Facts<SegmentFact>> {

    private static final long serialVersionUID = 1L;

    @Override
    public Facts<SegmentFact> map(Segment row) {
        return SegmentFacts.of(row);
    }
}
