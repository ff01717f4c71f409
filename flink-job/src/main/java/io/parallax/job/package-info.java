/** The job: its options, and the graph that reads as a sentence. */
@NullMarked
package io.parallax.job;

import org.jspecify.annotations.NullMarked;
