package io.parallax.capture.publish;

import io.parallax.capture.source.FrameSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Publishes captures: every stream announced first, then all frames in about their order in time, then the end of every
 * stream.
 *
 * <p>The announcements are delivered before any data, so that no reader takes a part of the streams for all of them.
 * Sources and sink stay the caller's to close.
 */
public final class Replay {

    private final ReplayOptions options;
    private final Pacer pacer;
    private final BatchSink sink;
    private final ReplayListener listener;
    private final AtomicBoolean isStopped = new AtomicBoolean();

    public Replay(ReplayOptions options, Pacer pacer, BatchSink sink, ReplayListener listener) {
        this.options = options;
        this.pacer = pacer;
        this.sink = sink;
        this.listener = listener;
    }

    /**
     * Publishes {@code sources} to their end and returns the books of every stream, in the order of the sources.
     *
     * @throws IOException if a source could not be read or a record not be delivered; streams then have no end
     */
    public List<StreamTotal> run(List<? extends FrameSource> sources) throws IOException {
        List<FileReplay> replays = new ArrayList<>();
        Map<String, Integer> lanes = new HashMap<>();
        for (FrameSource source : sources) {
            replays.add(new FileReplay(source, options, sink, lanes));
        }
        for (FileReplay replay : replays) {
            replay.announce();
        }
        sink.flush();
        runLanes(lanesOf(replays));
        sink.flush();
        return replays.stream().flatMap(replay -> replay.totals().stream()).toList();
    }

    /** Ends the replay soon, from any thread: what was read is published, streams have no end. */
    public void stop() {
        isStopped.set(true);
    }

    private List<ReplayLane> lanesOf(List<FileReplay> replays) {
        long originCaptureNanos =
                replays.stream().mapToLong(FileReplay::firstNanos).min().orElse(0);
        long originNanos = pacer.nanoTime();
        int count = Math.min(options.threads(), replays.size());
        List<List<FileReplay>> shares = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shares.add(new ArrayList<>());
        }
        for (int i = 0; i < replays.size(); i++) {
            shares.get(i % count).add(replays.get(i));
        }
        return shares.stream()
                .map(share ->
                        new ReplayLane(share, options, pacer, listener, isStopped, originCaptureNanos, originNanos))
                .toList();
    }

    private void runLanes(List<ReplayLane> lanes) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, lanes.size()));
        try {
            List<Future<?>> running = new ArrayList<>();
            for (ReplayLane lane : lanes) {
                running.add(threads.submit(() -> {
                    runLane(lane);
                    return lane;
                }));
            }
            for (Future<?> lane : running) {
                await(lane);
            }
        } finally {
            isStopped.set(true);
            threads.shutdown();
        }
    }

    /** A lane that fails takes the others with it: half a capture would look like a whole one. */
    private void runLane(ReplayLane lane) throws IOException {
        boolean succeeded = false;
        try {
            lane.run();
            succeeded = true;
        } finally {
            if (!succeeded) {
                isStopped.set(true);
            }
        }
    }

    private static void await(Future<?> lane) throws IOException {
        try {
            lane.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while replaying");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("a replay thread failed: " + cause, cause);
        }
    }
}
