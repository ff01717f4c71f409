package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Loss each way and delay of one segment. Kept for a week without a row. */
final class DegradationMemory implements Memory {

    /** As many as the detector tells apart. */
    static final int WAYS = DegradationDetector.KEYS.size();

    static final int VERSION = 1;

    private static final long REMEMBERED_NANOS = TimeUnit.DAYS.toNanos(7);

    final SegmentLoss[] losses = new SegmentLoss[WAYS];
    LevelShift delay = new LevelShift();
    long at = Long.MIN_VALUE;

    DegradationMemory() {
        for (int i = 0; i < WAYS; i++) {
            losses[i] = new SegmentLoss();
        }
    }

    @Override
    public long due() {
        return NEVER;
    }

    @Override
    public long expires() {
        return at == Long.MIN_VALUE ? NEVER - 1 : at + REMEMBERED_NANOS;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(at);
        delay.writeTo(out);
        for (SegmentLoss loss : losses) {
            loss.writeTo(out);
        }
    }

    static DegradationMemory read(DataInput in) throws IOException {
        Versions.require(in, VERSION, DegradationDetector.PROFILE);
        DegradationMemory memory = new DegradationMemory();
        memory.at = in.readLong();
        memory.delay = LevelShift.read(in);
        for (int i = 0; i < WAYS; i++) {
            memory.losses[i] = SegmentLoss.read(in);
        }
        return memory;
    }
}
