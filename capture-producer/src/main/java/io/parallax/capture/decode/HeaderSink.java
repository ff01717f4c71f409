package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/** Takes decoded headers one by one. */
@FunctionalInterface
public interface HeaderSink {

    /** Takes a header that the giver reuses afterwards: what is kept must be copied. */
    void accept(PacketHeader header);
}
