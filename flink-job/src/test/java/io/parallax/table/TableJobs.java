package io.parallax.table;

import io.parallax.wire.Completeness;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Jobs that keep tables, with the settings that the job rests on. */
final class TableJobs {

    private TableJobs() {}

    static StreamExecutionEnvironment job(int parallelism, Duration checkpoints) {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpoints);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        return StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
    }

    /** Runs a job that keeps these rows, with one commit at its end. */
    static void keep(TableCatalog catalog, List<Completeness> rows) throws Exception {
        StreamExecutionEnvironment job = job(1, Duration.ofMinutes(10));
        new TableSinks(catalog)
                .keep(
                        job.fromData(TableRows.TYPE, rows.toArray(Completeness[]::new))
                                .uid("rows"),
                        TableSpecs.COMPLETENESS);
        job.execute();
    }
}
