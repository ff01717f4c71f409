/** Observation points: telling them apart, and choosing the one whose counts are a flow's totals. Pure Java. */
@NullMarked
package io.parallax.vantage;

import org.jspecify.annotations.NullMarked;
