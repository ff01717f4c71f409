/** Double-entry bookkeeping of frames: every frame ends in exactly one column. */
@NullMarked
package io.parallax.capture.account;

import org.jspecify.annotations.NullMarked;
