/** Which entity uses which service of which other one, from what flows show: docs/58-dependencies.md. */
@NullMarked
package io.parallax.dependency;

import org.jspecify.annotations.NullMarked;
