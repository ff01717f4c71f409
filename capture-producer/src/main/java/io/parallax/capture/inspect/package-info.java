/** The decoder alone over one capture file: outcomes and biflow totals, without Kafka. */
@NullMarked
package io.parallax.capture.inspect;

import org.jspecify.annotations.NullMarked;
