/** Live capture: a lane for each interface, and the service that keeps them, delivery and health together. */
@NullMarked
package io.parallax.capture.live;

import org.jspecify.annotations.NullMarked;
