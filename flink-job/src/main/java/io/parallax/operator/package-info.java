/** Thin Flink shells around the pure packages, one per step of the data flow. */
@NullMarked
package io.parallax.operator;

import org.jspecify.annotations.NullMarked;
