/** Detectors: pure classes of one shape, that tell from facts in the order of time what is worth an operator's attention. */
@NullMarked
package io.parallax.signal;

import org.jspecify.annotations.NullMarked;
