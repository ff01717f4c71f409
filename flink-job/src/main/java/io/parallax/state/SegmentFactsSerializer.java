package io.parallax.state;

import io.parallax.model.Facts;
import io.parallax.model.SegmentFact;
import io.parallax.signal.FactCodec;
import io.parallax.signal.SegmentFactCodec;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Facts about segments. */
public final class SegmentFactsSerializer extends FactsSerializer<SegmentFact> {

    private static final long serialVersionUID = 1L;

    public static final SegmentFactsSerializer INSTANCE = new SegmentFactsSerializer();
    public static final TypeInformation<Facts<SegmentFact>> TYPE =
            new HandWrittenType<>(HandWrittenType.withParameters(Facts.class), INSTANCE);

    private SegmentFactsSerializer() {}

    @Override
    FactCodec<SegmentFact> codec() {
        return SegmentFactCodec.INSTANCE;
    }

    @Override
    public TypeSerializerSnapshot<Facts<SegmentFact>> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Facts<SegmentFact>> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
