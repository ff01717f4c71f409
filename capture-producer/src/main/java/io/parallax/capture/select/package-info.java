/** What is not to be published: what the sampling passes over, and what this producer would capture of itself. */
@NullMarked
package io.parallax.capture.select;

import org.jspecify.annotations.NullMarked;
