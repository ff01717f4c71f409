package io.parallax.state;

import io.parallax.model.AccountEntry;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** As {@link AccountEntry} writes itself. Travels between operators only, never stored in state. */
public final class AccountEntrySerializer extends TypeSerializerSingleton<AccountEntry> {

    private static final long serialVersionUID = 1L;

    public static final AccountEntrySerializer INSTANCE = new AccountEntrySerializer();
    public static final TypeInformation<AccountEntry> TYPE = new HandWrittenType<>(AccountEntry.class, INSTANCE);

    private AccountEntrySerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public AccountEntry createInstance() {
        return new AccountEntry("", "", 0, null);
    }

    @Override
    public AccountEntry copy(AccountEntry from) {
        return from.copy();
    }

    @Override
    public AccountEntry copy(AccountEntry from, AccountEntry reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(AccountEntry entry, DataOutputView target) throws IOException {
        entry.writeTo(target);
    }

    @Override
    public AccountEntry deserialize(DataInputView source) throws IOException {
        return AccountEntry.readFrom(source);
    }

    @Override
    public AccountEntry deserialize(AccountEntry reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<AccountEntry> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<AccountEntry> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
