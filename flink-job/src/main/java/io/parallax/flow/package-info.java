/** Metering: headers become flows in aligned windows. Pure Java; time comes in as a number. */
@NullMarked
package io.parallax.flow;

import org.jspecify.annotations.NullMarked;
