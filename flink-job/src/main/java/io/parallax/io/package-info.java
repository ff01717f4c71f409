/** The outside of the job: Kafka topics and table files. The only package that knows Avro records, the connector or Parquet. */
@NullMarked
package io.parallax.io;

import org.jspecify.annotations.NullMarked;
