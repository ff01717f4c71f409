/** Summaries that can be added and taken back: what a revision changes is a difference. Pure Java. */
@NullMarked
package io.parallax.sketch;

import org.jspecify.annotations.NullMarked;
