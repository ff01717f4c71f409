/**
 * The embedded default and the command line: a real Kafka broker, a Flink cluster and both halves of Parallax in one
 * JVM. The only place where capture producer and job meet.
 */
@NullMarked
package io.parallax.local;

import org.jspecify.annotations.NullMarked;
