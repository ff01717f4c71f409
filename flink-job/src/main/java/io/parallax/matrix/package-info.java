/** The east-west matrix: who sent how much to whom, per window, at several levels. Pure Java. */
@NullMarked
package io.parallax.matrix;

import org.jspecify.annotations.NullMarked;
