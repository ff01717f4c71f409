package io.parallax.local.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FlinkException;
import org.jspecify.annotations.Nullable;

/**
 * A Flink cluster in this JVM with its web page on loopback. The page shows and cannot submit.
 *
 * <p>Checkpoints stay in the work folder when a job is cancelled, so that another run can go on from there. Lives from
 * {@link #start} to {@link #close}, which ends its threads; the work folder stays the caller's.
 */
public final class LocalCluster implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    /** Flink's own port first, so that a bookmark works; any free one where all of these are taken. */
    private static final String WEB_PORTS = "8081-8089,0";

    /** Of shuffle buffers. Flink's 64 MiB suffice for a parallelism of about 8. */
    private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(128);

    /** No operator of ours uses managed memory; Flink asks for some. */
    private static final MemorySize MANAGED_MEMORY = MemorySize.ofMebiBytes(16);

    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration PROGRESS = Duration.ofMillis(200);

    private final MiniCluster cluster;
    private final Path workFolder;
    private final int parallelism;

    private LocalCluster(MiniCluster cluster, Path workFolder, int parallelism) {
        this.cluster = cluster;
        this.workFolder = workFolder;
        this.parallelism = parallelism;
    }

    /**
     * A cluster with {@code parallelism} slots.
     *
     * @param workFolder existing folder for checkpoints and whatever Flink stores
     */
    public static LocalCluster start(int parallelism, Path workFolder) throws FlinkException {
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration(workFolder))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .setCommonBindAddress(LOOPBACK)
                .withRandomPorts()
                .build());
        try {
            cluster.start();
        } catch (Exception e) {
            throw new FlinkException("the embedded Flink cluster did not start: " + e.getMessage(), e);
        }
        return new LocalCluster(cluster, workFolder, parallelism);
    }

    private static Configuration configuration(Path workFolder) {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, LOOPBACK);
        configuration.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        configuration.set(RestOptions.BIND_PORT, WEB_PORTS);
        configuration.set(WebOptions.SUBMIT_ENABLE, false);
        configuration.set(WebOptions.CANCEL_ENABLE, false);
        configuration.set(WebOptions.TMP_DIR, workFolder.toString());
        configuration.set(ClusterOptions.PROCESS_WORKING_DIR_BASE, workFolder.toString());
        configuration.set(CoreOptions.TMP_DIRS, workFolder.toString());
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED_MEMORY);
        return configuration;
    }

    /** Address of the web page. */
    public URI webPage() {
        return answer(cluster.getRestAddress());
    }

    /** An environment whose jobs take checkpoints into the work folder, and keep the last ones when cancelled. */
    public StreamExecutionEnvironment environment() {
        return environment(null);
    }

    /** As {@link #environment()}; the job goes on from {@code checkpoint}. */
    public StreamExecutionEnvironment environment(@Nullable String checkpoint) {
        Configuration configuration = new Configuration();
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                workFolder.resolve("checkpoints").toUri().toString());
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (checkpoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint);
        }
        return StreamExecutionEnvironment.getExecutionEnvironment(configuration).setParallelism(parallelism);
    }

    /** Hands the graph that was built in {@code environment} to the cluster, and returns at once. */
    public JobID submit(StreamExecutionEnvironment environment) {
        JobGraph graph = environment.getStreamGraph().getJobGraph();
        answer(cluster.submitJob(graph));
        return graph.getJobID();
    }

    public JobStatus status(JobID job) {
        return answer(cluster.getJobStatus(job));
    }

    /** Where the last completed checkpoint of {@code job} lies, if there is one. */
    public Optional<String> lastCheckpoint(JobID job) {
        CompletedCheckpointStats last = answer(cluster.getExecutionGraph(job))
                .getCheckpointStatsSnapshot()
                .getHistory()
                .getLatestCompletedCheckpoint();
        return Optional.ofNullable(last).map(CompletedCheckpointStats::getExternalPath);
    }

    /** Whether {@code job} began from a checkpoint of another one. */
    boolean isRestored(JobID job) {
        return answer(cluster.getExecutionGraph(job))
                        .getCheckpointStatsSnapshot()
                        .getLatestRestoredCheckpoint()
                != null;
    }

    /** Ends {@code job} where it stands, as a crash would but for its last checkpoint, and waits until it has ended. */
    public void cancel(JobID job) {
        answer(cluster.cancelJob(job));
        answer(cluster.requestJobResult(job));
    }

    /**
     * Stops {@code job} with a savepoint in Flink's canonical format, which another version and parallelism can go on from;
     * windows and flows stay open in it. A savepoint is whole in its folder: it may be moved.
     *
     * @param folder where to make the savepoint's own folder
     * @return where it lies, for {@link #environment(String)}
     */
    public String stopWithSavepoint(JobID job, Path folder) {
        CompletableFuture<String> savepoint = cluster.stopWithSavepoint(
                job, folder.toUri().toString(), /* terminate= */ false, SavepointFormatType.CANONICAL);
        String location = answer(savepoint);
        answer(cluster.requestJobResult(job));
        return location;
    }

    /**
     * Waits until {@code job} has ended by itself.
     *
     * @param meanwhile called some times a second, to show progress
     * @throws FlinkException if it failed or was cancelled; the message is the cause's
     */
    public JobExecutionResult await(JobID job, Runnable meanwhile) throws FlinkException, InterruptedException {
        CompletableFuture<JobResult> result = cluster.requestJobResult(job);
        while (!result.isDone()) {
            meanwhile.run();
            try {
                result.get(PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // Still running, or failed: told apart below.
            }
        }
        JobResult ended = answer(result);
        if (!ended.isSuccess()) {
            String why =
                    ended.getSerializedThrowable().map(Failures::rootMessage).orElse("it was cancelled");
            throw new FlinkException("the Flink job ended without a result: " + why);
        }
        try {
            return ended.toJobExecutionResult(LocalCluster.class.getClassLoader());
        } catch (JobExecutionException | IOException | ClassNotFoundException e) {
            throw new FlinkException("the result of the Flink job can't be read: " + e.getMessage(), e);
        }
    }

    /** Stops the cluster and every job that still runs. */
    @Override
    public void close() {
        answer(cluster.closeAsync());
    }

    private static <T> T answer(CompletableFuture<T> future) {
        try {
            return future.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the Flink cluster", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the Flink cluster refused: " + Failures.rootMessage(e), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the Flink cluster did not answer within " + ANSWER.toSeconds() + " s", e);
        }
    }
}
