/** Who held an address when: names for the ends of flows. Pure Java. */
@NullMarked
package io.parallax.label;

import org.jspecify.annotations.NullMarked;
