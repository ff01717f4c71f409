/** What detectors hear of captures, and how good their signals are. */
@NullMarked
package io.parallax.local.signal;

import org.jspecify.annotations.NullMarked;
