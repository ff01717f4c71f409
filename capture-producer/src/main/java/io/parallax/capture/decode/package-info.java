/**
 * From the octets of a frame to a {@link io.parallax.wire.PacketHeader}: one protocol a file, its header drawn above the
 * code, total over all byte strings and free of allocation.
 */
@NullMarked
package io.parallax.capture.decode;

import org.jspecify.annotations.NullMarked;
