/** The command line: options in, exit codes and messages out. */
@NullMarked
package io.parallax.capture.cli;

import org.jspecify.annotations.NullMarked;
