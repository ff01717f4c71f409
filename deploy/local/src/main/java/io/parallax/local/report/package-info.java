/** Results as people read them, and the check that nothing was lost. Knows neither Kafka nor Flink. */
@NullMarked
package io.parallax.local.report;

import org.jspecify.annotations.NullMarked;
