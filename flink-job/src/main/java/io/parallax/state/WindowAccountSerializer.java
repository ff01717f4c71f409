package io.parallax.state;

import io.parallax.completeness.WindowAccount;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Counts, whether they were stated (1), number of ledger rows (4), then these. Stands in checkpoints: another layout needs
 * another serializer class, whose snapshot reads this one's.
 */
public final class WindowAccountSerializer extends TypeSerializerSingleton<WindowAccount> {

    private static final long serialVersionUID = 1L;

    public static final WindowAccountSerializer INSTANCE = new WindowAccountSerializer();
    public static final TypeInformation<WindowAccount> TYPE = new HandWrittenType<>(WindowAccount.class, INSTANCE);

    private WindowAccountSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public WindowAccount createInstance() {
        return new WindowAccount("", "", 0);
    }

    @Override
    public WindowAccount copy(WindowAccount from) {
        return from.copy();
    }

    @Override
    public WindowAccount copy(WindowAccount from, WindowAccount reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(WindowAccount account, DataOutputView target) throws IOException {
        account.writeTo(target);
    }

    @Override
    public WindowAccount deserialize(DataInputView source) throws IOException {
        return WindowAccount.readFrom(source);
    }

    @Override
    public WindowAccount deserialize(WindowAccount reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<WindowAccount> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<WindowAccount> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
