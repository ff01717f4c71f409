/** How the live producer is: immutable snapshots, what is wrong by them, and where both can be read (HTTP, ledger file). */
@NullMarked
package io.parallax.capture.watch;

import org.jspecify.annotations.NullMarked;
