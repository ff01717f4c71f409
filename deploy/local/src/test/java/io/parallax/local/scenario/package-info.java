/**
 * Streams of headers with known truth, recorded and made up, and the job's pure core fed with them in any interleaving: no
 * broker, no cluster.
 */
@org.jspecify.annotations.NullMarked
package io.parallax.local.scenario;
