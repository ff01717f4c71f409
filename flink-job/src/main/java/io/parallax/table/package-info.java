/** The tables: what they are, how records become their rows, how they are kept small, and how they are read back. */
@NullMarked
package io.parallax.table;

import org.jspecify.annotations.NullMarked;
