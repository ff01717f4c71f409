package io.parallax.state;

import io.parallax.model.Facts;
import io.parallax.model.SensorFact;
import io.parallax.signal.FactCodec;
import io.parallax.signal.SensorFactCodec;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Facts about sensors. */
public final class SensorFactsSerializer extends FactsSerializer<SensorFact> {

    private static final long serialVersionUID = 1L;

    public static final SensorFactsSerializer INSTANCE = new SensorFactsSerializer();
    public static final TypeInformation<Facts<SensorFact>> TYPE =
            new HandWrittenType<>(HandWrittenType.withParameters(Facts.class), INSTANCE);

    private SensorFactsSerializer() {}

    @Override
    FactCodec<SensorFact> codec() {
        return SensorFactCodec.INSTANCE;
    }

    @Override
    public TypeSerializerSnapshot<Facts<SensorFact>> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Facts<SensorFact>> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
