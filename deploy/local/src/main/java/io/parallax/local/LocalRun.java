package io.parallax.local;

import io.parallax.capture.publish.BatchSink;
import io.parallax.capture.publish.KafkaBatchSink;
import io.parallax.capture.publish.KafkaOptions;
import io.parallax.capture.publish.Pacer;
import io.parallax.capture.publish.Replay;
import io.parallax.capture.publish.ReplayListener;
import io.parallax.capture.publish.ReplayOptions;
import io.parallax.capture.source.FrameSource;
import io.parallax.io.JobTopics;
import io.parallax.local.cluster.EmbeddedBroker;
import io.parallax.local.cluster.TopicReader;
import io.parallax.local.report.Results;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A broker with the topics of Parallax on it: captures go in, results are read back. Its files end with it. */
final class LocalRun implements AutoCloseable {

    private static final short ONE_REPLICA = 1;

    private final EmbeddedBroker broker;
    private final int partitions;
    private final int threads;

    private LocalRun(EmbeddedBroker broker, int partitions, int threads) {
        this.broker = broker;
        this.partitions = partitions;
        this.threads = threads;
    }

    /**
     * A running broker with empty topics.
     *
     * @param work existing folder for its files
     * @param parallelism threads that publish, and the least number of partitions
     */
    static LocalRun start(Path work, int parallelism) {
        EmbeddedBroker broker = EmbeddedBroker.start(work);
        int partitions = Math.max(parallelism, KafkaOptions.DEFAULT_PARTITIONS);
        try {
            JobTopics.ensure(broker.bootstrapServers(), partitions, ONE_REPLICA);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        } catch (InterruptedException e) {
            broker.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the topics were created", e);
        }
        return new LocalRun(broker, partitions, parallelism);
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** As many headers a batch as the producer takes by itself, as fast as it goes. */
    ReplayOptions unpaced() {
        return new ReplayOptions(
                System.currentTimeMillis(),
                threads,
                ReplayOptions.UNPACED,
                ReplayOptions.DEFAULT_BATCH_HEADERS,
                ReplayOptions.DEFAULT_BATCH_OCTETS,
                ReplayOptions.DEFAULT_LINGER);
    }

    /** Publishes every frame of {@code sources} through the real producer; all of it is acknowledged on return. */
    void publish(List<? extends FrameSource> sources, ReplayOptions options, ReplayListener listener)
            throws IOException {
        KafkaOptions kafka = new KafkaOptions(bootstrapServers(), partitions, KafkaOptions.DEFAULT_TIMEOUT);
        try (BatchSink sink = KafkaBatchSink.open(kafka)) {
            new Replay(options, Pacer.ofSystem(), sink, listener).run(sources);
        }
    }

    /** What the topics hold now, superseded revisions taken out. */
    Results results() {
        TopicReader topics = topics();
        return Results.of(
                topics.<CaptureLedger>read(Topics.CAPTURE_LEDGER, CaptureLedger.getClassSchema()),
                topics.<Flow>read(Topics.FLOWS, Flow.getClassSchema()),
                topics.<MatrixCell>read(Topics.MATRIX, MatrixCell.getClassSchema()),
                topics.<DeadLetter>read(Topics.DEAD_LETTERS, DeadLetter.getClassSchema()),
                topics.<Completeness>read(Topics.COMPLETENESS, Completeness.getClassSchema()));
    }

    TopicReader topics() {
        return new TopicReader(bootstrapServers());
    }

    @Override
    public void close() {
        broker.close();
    }
}
