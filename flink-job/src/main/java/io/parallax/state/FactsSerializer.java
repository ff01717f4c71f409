package io.parallax.state;

import io.parallax.model.Fact;
import io.parallax.model.Facts;
import io.parallax.signal.FactCodec;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The bucket, then the facts as their codec writes them. Travels between operators only; in state facts stand in a watch. */
abstract class FactsSerializer<F extends Fact> extends TypeSerializerSingleton<Facts<F>> {

    private static final long serialVersionUID = 1L;

    abstract FactCodec<F> codec();

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public Facts<F> createInstance() {
        return new Facts<>(0, List.of());
    }

    @Override
    public Facts<F> copy(Facts<F> from) {
        return from;
    }

    @Override
    public Facts<F> copy(Facts<F> from, Facts<F> reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Facts<F> facts, DataOutputView target) throws IOException {
        target.writeInt(facts.bucket());
        codec().write(facts.facts(), target);
    }

    @Override
    public Facts<F> deserialize(DataInputView source) throws IOException {
        return new Facts<>(source.readInt(), codec().read(source));
    }

    @Override
    public Facts<F> deserialize(Facts<F> reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }
}
