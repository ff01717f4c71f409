/** From decoded headers to batches on a topic; the only place that knows Kafka. */
@NullMarked
package io.parallax.capture.publish;

import org.jspecify.annotations.NullMarked;
