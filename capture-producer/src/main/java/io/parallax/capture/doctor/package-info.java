/** Whether this machine can capture what it is meant to: evidence from frames and the machine, and verdicts on it. */
@NullMarked
package io.parallax.capture.doctor;

import org.jspecify.annotations.NullMarked;
