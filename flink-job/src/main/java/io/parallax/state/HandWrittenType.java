package io.parallax.state;

import java.util.Objects;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Tells Flink that a type has a hand-written serializer, so that it neither reflects on its fields nor falls back to Kryo. */
public final class HandWrittenType<T> extends TypeInformation<T> {

    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final TypeSerializer<T> serializer;

    public HandWrittenType(Class<T> type, TypeSerializer<T> serializer) {
        this.type = type;
        this.serializer = serializer;
    }

    /** The class of a type with parameters, which a class has not. */
    @SuppressWarnings("unchecked") // a class object knows nothing of parameters
    static <T> Class<T> withParameters(Class<? super T> type) {
        return (Class<T>) type;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return serializer.duplicate();
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    /** One field: Flink is not to look inside. */
    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    /** Keyed streams refuse key types that say no here: the types in use have a stable hash and equality, or are no keys. */
    @Override
    public boolean isKeyType() {
        return true;
    }

    @Override
    public boolean canEqual(@Nullable Object other) {
        return other instanceof HandWrittenType;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HandWrittenType<?> that && type == that.type && serializer.equals(that.serializer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, serializer);
    }

    @Override
    public String toString() {
        return "HandWrittenType<" + type.getSimpleName() + ">";
    }
}
