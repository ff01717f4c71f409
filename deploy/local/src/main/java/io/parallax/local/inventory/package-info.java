/** The inventory from files into its topic: who held which address when. */
@NullMarked
package io.parallax.local.inventory;

import org.jspecify.annotations.NullMarked;
