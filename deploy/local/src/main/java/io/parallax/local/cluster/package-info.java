/** What a run stands on: an embedded broker, an embedded Flink cluster, and readers of what came out. */
@NullMarked
package io.parallax.local.cluster;

import org.jspecify.annotations.NullMarked;
