package io.parallax.table;

import io.parallax.wire.Completeness;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.TableLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@link Maintenance} over the tables, every so often, in a thread of its own: neither rows nor checkpoints wait for it.
 * The tables are dealt out to the instances of the step. A round that fails is logged and counted, and the next one comes. The
 * first round, and one a day from then on, also looks for {@link Orphans}: that lists all files, which is too dear for each.
 */
final class MaintainTablesOperator extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<Completeness, Void> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(MaintainTablesOperator.class);

    private static final Duration BETWEEN_SEARCHES = Duration.ofDays(1);

    private final TableCatalog catalog;
    private final Duration interval;
    private final Duration orphanAge;
    private transient Counter filesMerged;
    private transient Counter filesRemoved;
    private transient Counter orphansRemoved;
    private transient Counter failures;
    private transient @Nullable ExecutorService worker;
    private transient @Nullable ScheduledFuture<?> rounds;
    private transient @Nullable Future<?> round;
    private transient @Nullable Instant searched;

    MaintainTablesOperator(TableCatalog catalog, Duration interval, Duration orphanAge) {
        this.catalog = catalog;
        this.interval = interval;
        this.orphanAge = orphanAge;
    }

    @Override
    public void open() throws Exception {
        super.open();
        filesMerged = getMetricGroup().counter("files_merged");
        filesRemoved = getMetricGroup().counter("files_removed");
        orphansRemoved = getMetricGroup().counter("orphans_removed");
        failures = getMetricGroup().counter("rounds_failed");
        if (!interval.isZero()) {
            int instance = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            int instances = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
            worker = Executors.newSingleThreadExecutor(work -> new Thread(work, "maintain-tables-" + instance));
            rounds = getProcessingTimeService()
                    .scheduleAtFixedRate(
                            now -> begin(Instant.ofEpochMilli(now), instance, instances),
                            interval.toMillis(),
                            interval.toMillis());
        }
    }

    @Override
    public void processElement(StreamRecord<Completeness> element) {
        // The step lives by the clock.
    }

    @Override
    public void close() throws Exception {
        if (rounds != null) {
            rounds.cancel(false);
        }
        if (worker != null) {
            worker.shutdownNow();
        }
        super.close();
    }

    private void begin(Instant now, int instance, int instances) {
        if (worker != null && (round == null || round.isDone())) {
            boolean isSearched = isSearchDue(now);
            if (isSearched) {
                searched = now;
            }
            round = worker.submit(() -> {
                for (int i = instance; i < TableSpecs.ALL.size(); i += instances) {
                    maintain(TableSpecs.ALL.get(i), now, isSearched);
                }
            });
        }
    }

    private boolean isSearchDue(Instant now) {
        return !orphanAge.isZero() && (searched == null || !now.isBefore(searched.plus(BETWEEN_SEARCHES)));
    }

    /** Whatever is thrown, the tables stay as they were: only a commit changes them. */
    private void maintain(TableSpec<?> spec, Instant now, boolean isSearched) {
        try (TableLoader loader = catalog.loader(spec)) {
            if (!catalog.has(spec)) {
                return;
            }
            loader.open();
            Table table = loader.loadTable();
            Maintenance.Outcome outcome = Maintenance.run(table, now);
            filesMerged.inc(outcome.filesMerged());
            filesRemoved.inc(outcome.filesRemoved());
            if (isSearched) {
                orphansRemoved.inc(new Orphans(table).removeOlderThan(now.minus(orphanAge)));
            }
        } catch (Exception | LinkageError e) {
            if (!Thread.currentThread().isInterrupted()) {
                failures.inc();
                LOG.warn("table {} was not maintained; the next round tries again", spec.name(), e);
            }
        }
    }
}
