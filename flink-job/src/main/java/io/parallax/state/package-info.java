/** How the job's own types are written between operators and into state: by hand, since reflection costs ten times as much. */
@NullMarked
package io.parallax.state;

import org.jspecify.annotations.NullMarked;
