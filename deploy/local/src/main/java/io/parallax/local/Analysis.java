package io.parallax.local;

import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.OpenCaptures;
import io.parallax.job.ParallaxJob;
import io.parallax.local.cluster.Folders;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.cluster.TopicReader;
import io.parallax.local.inventory.InventoryTopic;
import io.parallax.local.report.Conservation;
import io.parallax.local.report.Results;
import io.parallax.operator.MeterFlowsOperator;
import io.parallax.table.TableCatalog;
import io.parallax.table.TableExtract;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * One bounded run of the whole path: broker up, captures published, job run to the end of what was published, results read
 * back from the topics. Nothing of it is left running, and of its files only the tables and the log.
 */
final class Analysis {

    /** What came out, and whether it adds up. */
    record Outcome(Results results, Conservation conservation) {}

    private final List<CaptureFile> captures;
    private final List<InventoryEntry> inventory;
    private final Duration window;
    private final int parallelism;
    private final OutputFolder out;

    /** @param inventory who held which address when; may be empty */
    Analysis(
            List<CaptureFile> captures,
            List<InventoryEntry> inventory,
            Duration window,
            int parallelism,
            OutputFolder out) {
        this.captures = captures;
        this.inventory = inventory;
        this.window = window;
        this.parallelism = parallelism;
        this.out = out;
    }

    Outcome run(PrintWriter terminal, Progress progress) throws Exception {
        Thread removal = new Thread(() -> Folders.delete(out.work()), "remove-work-folder");
        Runtime.getRuntime().addShutdownHook(removal);
        try (OpenCaptures open = OpenCaptures.of(captures)) {
            progress.show("starting the broker ...");
            try (LocalRun run = LocalRun.start(out.work(), parallelism)) {
                new InventoryTopic(run.bootstrapServers()).write(inventory, null);
                publish(run, open, progress);
                long tooLate = runJob(run, terminal, progress);
                progress.show("reading the results ...");
                Results results = run.results();
                progress.show("writing the tables ...");
                TableExtract.write(TableCatalog.inFolder(out.warehouse().toUri().toString()), out.tables());
                return new Outcome(results, Conservation.of(results, tooLate));
            }
        } finally {
            progress.clear();
            Folders.delete(out.work());
            Runtime.getRuntime().removeShutdownHook(removal);
        }
    }

    private static void publish(LocalRun run, OpenCaptures open, Progress progress) throws IOException {
        AtomicLong read = new AtomicLong();
        run.publish(
                open.sources(),
                run.unpaced(),
                more -> progress.show("published %,d of %,d frames".formatted(read.addAndGet(more), open.frames())));
    }

    private static void showRows(TopicReader topics, Progress progress) {
        if (progress.isWatched()) {
            progress.show("%,d flow rows ...".formatted(topics.count(Topics.FLOWS)));
        }
    }

    /** Runs the job to its end; returns the packets that it reports as too late. */
    private long runJob(LocalRun run, PrintWriter terminal, Progress progress) throws Exception {
        progress.show("starting Flink ...");
        try (LocalCluster cluster = LocalCluster.start(parallelism, out.work())) {
            progress.clear();
            terminal.println("Flink's web page while the job runs: " + cluster.webPage());
            terminal.flush();
            StreamExecutionEnvironment environment = cluster.environment();
            ParallaxJob.build(environment, FlowJob.bounded(run.bootstrapServers(), window, out.warehouse()));
            JobID job = cluster.submit(environment);
            JobExecutionResult result = cluster.await(job, () -> showRows(run.topics(), progress));
            return result.<Long>getAccumulatorResult(MeterFlowsOperator.TOO_LATE);
        }
    }
}
