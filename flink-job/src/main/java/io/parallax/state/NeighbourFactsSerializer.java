package io.parallax.state;

import io.parallax.model.Facts;
import io.parallax.model.NeighbourFact;
import io.parallax.signal.FactCodec;
import io.parallax.signal.NeighbourFactCodec;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Facts about neighbours. */
public final class NeighbourFactsSerializer extends FactsSerializer<NeighbourFact> {

    private static final long serialVersionUID = 1L;

    public static final NeighbourFactsSerializer INSTANCE = new NeighbourFactsSerializer();
    public static final TypeInformation<Facts<NeighbourFact>> TYPE =
            new HandWrittenType<>(HandWrittenType.withParameters(Facts.class), INSTANCE);

    private NeighbourFactsSerializer() {}

    @Override
    FactCodec<NeighbourFact> codec() {
        return NeighbourFactCodec.INSTANCE;
    }

    @Override
    public TypeSerializerSnapshot<Facts<NeighbourFact>> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Facts<NeighbourFact>> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
