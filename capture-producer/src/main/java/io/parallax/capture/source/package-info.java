/** Where frames come from: capture files today, each behind {@link io.parallax.capture.source.FrameSource}. */
@NullMarked
package io.parallax.capture.source;

import org.jspecify.annotations.NullMarked;
