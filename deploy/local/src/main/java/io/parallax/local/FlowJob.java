package io.parallax.local;

import io.parallax.job.JobOptions;
import java.nio.file.Path;
import java.time.Duration;

/** How a local run sets the Flink job. */
final class FlowJob {

    /** A bounded job ends with a checkpoint: it waits for the next one, up to this long. */
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

    private FlowJob() {}

    /** Options of a job that stops at the end of what is published now, and keeps its tables below a folder, as Iceberg does. */
    static JobOptions bounded(String bootstrapServers, Duration window, Path warehouse) {
        JobOptions options = new JobOptions();
        options.bootstrapServers = bootstrapServers;
        options.isBounded = true;
        options.window = window;
        options.tables = warehouse.toUri().toString();
        options.checkpointInterval = CHECKPOINT_INTERVAL;
        return options;
    }
}
