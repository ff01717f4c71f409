/** What was captured, what became of it, and whether both agree: the account of each interface and window. */
@NullMarked
package io.parallax.completeness;

import org.jspecify.annotations.NullMarked;
