/** A bounded journal on disk between capture and Kafka: what was taken survives a broker outage and the end of the process. */
@NullMarked
package io.parallax.capture.spool;

import org.jspecify.annotations.NullMarked;
