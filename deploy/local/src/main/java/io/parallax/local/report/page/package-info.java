/** Tables as one HTML page that needs nothing else. Knows neither Kafka nor Flink. */
@NullMarked
package io.parallax.local.report.page;

import org.jspecify.annotations.NullMarked;
