/**
 * The contract between capture producers, the Flink job and every other reader: generated Avro records, topics and key
 * rules, and the codec that packs parsed packet headers into batches.
 *
 * <p>Nothing here knows a capture library, Flink or a Kafka connection.
 */
@NullMarked
package io.parallax.wire;

import org.jspecify.annotations.NullMarked;
