package io.parallax.job;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Settings of Flink that the job's correctness or speed rests on, whatever the cluster's defaults are. */
final class JobSettings {

    private JobSettings() {}

    static void apply(StreamExecutionEnvironment environment, JobOptions options) {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.NAME, "parallax");
        settings.set(
                PipelineOptions.AUTO_GENERATE_UIDS, false); // a step without a uid loses its state on a new version
        settings.set(PipelineOptions.GENERIC_TYPES, false); // no Kryo: refused when the graph is built
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(StateBackendOptions.STATE_BACKEND, "hashmap"); // see MeterFlowsOperator
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, options.checkpointInterval);
        if (options.checkpoints != null) {
            settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, options.checkpoints);
            settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
            settings.set(
                    CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                    ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        }
        environment.configure(settings, ParallaxJob.class.getClassLoader());
        if (options.parallelism != null) {
            environment.setParallelism(options.parallelism);
        }
    }
}
