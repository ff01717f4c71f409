/** The job's own vocabulary: what its stages hand to each other. Pure Java. */
@NullMarked
package io.parallax.model;

import org.jspecify.annotations.NullMarked;
