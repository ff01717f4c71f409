package io.parallax.capture.doctor;

import io.parallax.wire.PacketHeader;

/** One mirror session: how many of its packets came, and of how many its sequence numbers tell. */
final class MirrorEvidence {

    private long frames;
    private long span;
    private long lastSequence = PacketHeader.NO_SEQUENCE;

    void add(PacketHeader header) {
        frames++;
        if (header.mirrorSequence == PacketHeader.NO_SEQUENCE) {
            return;
        }
        if (lastSequence == PacketHeader.NO_SEQUENCE) {
            span = 1;
            lastSequence = header.mirrorSequence;
            return;
        }
        // Signed difference of 32-bit numbers: right across the wrap, and negative for one that was overtaken (RFC
        // 2890).
        int ahead = (int) (header.mirrorSequence - lastSequence);
        if (ahead > 0) {
            span += ahead;
            lastSequence = header.mirrorSequence;
        }
    }

    long frames() {
        return frames;
    }

    boolean isNumbered() {
        return lastSequence != PacketHeader.NO_SEQUENCE;
    }

    long lost() {
        return Math.max(0, span - frames);
    }
}
