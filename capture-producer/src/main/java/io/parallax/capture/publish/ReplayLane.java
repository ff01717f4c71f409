package io.parallax.capture.publish;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The sources of one thread, merged: the one whose next frame is the earliest goes on.
 *
 * <p>Without the merge a later file would hold every watermark back until the files before it are through, and whoever
 * reads the topic would have to keep all of them open.
 */
final class ReplayLane {

    /** Frames until the sources are compared again: short against a batch, long against the comparison. */
    private static final int UNPACED_STEP_FRAMES = 256;

    private final List<FileReplay> replays;
    private final ReplayOptions options;
    private final Pacer pacer;
    private final ReplayListener listener;
    private final AtomicBoolean isStopped;
    private final long originCaptureNanos;
    private final long originNanos;
    private long lingerStartNanos;

    ReplayLane(
            List<FileReplay> replays,
            ReplayOptions options,
            Pacer pacer,
            ReplayListener listener,
            AtomicBoolean isStopped,
            long originCaptureNanos,
            long originNanos) {
        this.replays = replays;
        this.options = options;
        this.pacer = pacer;
        this.listener = listener;
        this.isStopped = isStopped;
        this.originCaptureNanos = originCaptureNanos;
        this.originNanos = originNanos;
        this.lingerStartNanos = originNanos;
    }

    void run() throws IOException {
        List<FileReplay> active = new ArrayList<>(replays);
        for (FileReplay replay : active) {
            replay.start();
        }
        while (!active.isEmpty() && !isStopped.get()) {
            FileReplay earliest = earliestOf(active);
            if (!earliest.hasNext()) {
                earliest.end();
                active.remove(earliest);
            } else if (options.isPaced()) {
                awaitDue(earliest.nextNanos(), active);
                listener.read(earliest.advance(1));
            } else {
                listener.read(earliest.advance(UNPACED_STEP_FRAMES));
            }
        }
    }

    private static FileReplay earliestOf(List<FileReplay> active) {
        FileReplay earliest = active.get(0);
        for (FileReplay replay : active) {
            if (!replay.hasNext()) {
                return replay;
            }
            if (replay.nextNanos() < earliest.nextNanos()) {
                earliest = replay;
            }
        }
        return earliest;
    }

    /** Waits until a frame is due; batches that linger go out meanwhile. A frame of the past is due at once. */
    private void awaitDue(long captureNanos, List<FileReplay> active) throws PublishException {
        long dueNanos = originNanos + (long) ((captureNanos - originCaptureNanos) / options.speed());
        long lingerNanos = options.linger().toNanos();
        while (!isStopped.get()) {
            long now = pacer.nanoTime();
            if (now - lingerStartNanos >= lingerNanos) {
                for (FileReplay replay : active) {
                    replay.publishBatches();
                }
                lingerStartNanos = now;
            }
            if (now >= dueNanos) {
                return;
            }
            pacer.pause(Math.min(dueNanos - now, lingerStartNanos + lingerNanos - now));
        }
    }
}
