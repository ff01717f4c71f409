package io.parallax.state;

import io.parallax.model.Facts;
import io.parallax.model.FlowFact;
import io.parallax.signal.FactCodec;
import io.parallax.signal.FlowFactCodec;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Facts about flows. */
public final class FlowFactsSerializer extends FactsSerializer<FlowFact> {

    private static final long serialVersionUID = 1L;

    public static final FlowFactsSerializer INSTANCE = new FlowFactsSerializer();
    public static final TypeInformation<Facts<FlowFact>> TYPE =
            new HandWrittenType<>(HandWrittenType.withParameters(Facts.class), INSTANCE);

    private FlowFactsSerializer() {}

    @Override
    FactCodec<FlowFact> codec() {
        return FlowFactCodec.INSTANCE;
    }

    @Override
    public TypeSerializerSnapshot<Facts<FlowFact>> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Facts<FlowFact>> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
