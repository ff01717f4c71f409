package io.parallax.signal;

import java.io.DataInput;
import java.io.IOException;

/** The octet that memories begin with. */
final class Versions {

    private Versions() {}

    static void require(DataInput in, int expected, Profile detector) throws IOException {
        int version = in.readUnsignedByte();
        if (version != expected) {
            throw new IOException(
                    "what %s knows is of version %d; this job reads %d".formatted(detector.name(), version, expected));
        }
    }
}
