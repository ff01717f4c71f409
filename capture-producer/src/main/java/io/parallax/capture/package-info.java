/** The capture producer: frames in, batches of parsed packet headers out, every frame accounted for. */
@NullMarked
package io.parallax.capture;

import org.jspecify.annotations.NullMarked;
