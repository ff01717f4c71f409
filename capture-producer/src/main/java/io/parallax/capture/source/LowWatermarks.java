package io.parallax.capture.source;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The earliest time still to come in a recorded stream, for every place in it.
 *
 * <p>Frames of a file are not always in time order (merged files, several queues of one card), so the last time read says
 * nothing about the next. A pass over all times keeps one minimum a block of frames; folded from the end, each becomes the
 * minimum of all frames from that block on. Within a block whose times do not fall the last one read is the bound; within
 * any other it is the block's minimum, which lags by up to a block. 8 octets and a bit for 512 frames: 16 MiB for a
 * thousand million.
 */
final class LowWatermarks {

    static final int BLOCK_FRAMES = 512;

    private final BitSet unordered = new BitSet();
    private long[] minimaNanos = new long[16];
    private long frames;
    private long delivered;
    private long previousNanos;

    /** First pass: one more frame and its time. */
    void add(long timeNanos) {
        int block = (int) (frames / BLOCK_FRAMES);
        if (frames % BLOCK_FRAMES == 0) {
            if (block == minimaNanos.length) {
                minimaNanos = Arrays.copyOf(minimaNanos, block * 2);
            }
            minimaNanos[block] = timeNanos;
        } else if (timeNanos < previousNanos) {
            minimaNanos[block] = Math.min(minimaNanos[block], timeNanos);
            unordered.set(block);
        }
        previousNanos = timeNanos;
        frames++;
    }

    /** Between the passes: every block learns the minimum of those behind it. */
    void fold() {
        for (int block = (int) ((frames - 1) / BLOCK_FRAMES) - 1; block >= 0; block--) {
            minimaNanos[block] = Math.min(minimaNanos[block], minimaNanos[block + 1]);
        }
    }

    /** Second pass: one more frame, and its time, has been delivered. */
    void delivered(long timeNanos) {
        delivered++;
        previousNanos = timeNanos;
    }

    /** No frame still to come is earlier; {@link Long#MAX_VALUE} if none is to come. */
    long nanos() {
        if (delivered >= frames) {
            return Long.MAX_VALUE;
        }
        int block = (int) (delivered / BLOCK_FRAMES);
        if (delivered % BLOCK_FRAMES == 0 || unordered.get(block)) {
            return minimaNanos[block];
        }
        return Math.min(previousNanos, followingMinimum(block));
    }

    private long followingMinimum(int block) {
        return (block + 1L) * BLOCK_FRAMES < frames ? minimaNanos[block + 1] : Long.MAX_VALUE;
    }

    long frames() {
        return frames;
    }
}
