package io.parallax.capture.nic;

import io.parallax.capture.source.Frame;
import java.util.ArrayList;
import java.util.List;

/** Keeps copies of the frames it is handed. */
final class Recording implements FrameTaker {

    /** A frame, kept. */
    static final class Kept {
        private final byte[] octets;
        private final int originalOctets;
        private final long timeNanos;
        private final int linkType;

        private Kept(Frame frame) {
            octets = new byte[frame.capturedOctets];
            frame.octets.get(frame.offset, octets);
            originalOctets = frame.originalOctets;
            timeNanos = frame.timeNanos;
            linkType = frame.linkType;
        }

        byte[] octets() {
            return octets;
        }

        int originalOctets() {
            return originalOctets;
        }

        long timeNanos() {
            return timeNanos;
        }

        int linkType() {
            return linkType;
        }
    }

    final List<Kept> frames = new ArrayList<>();

    @Override
    public void take(Frame frame) {
        frames.add(new Kept(frame));
    }

    /** Reads until that many frames came, or none for a hundred read timeouts. */
    static Recording of(Nic nic, int frames) throws NicGoneException {
        Recording recording = new Recording();
        for (int idle = 0; recording.frames.size() < frames && idle < 100; idle++) {
            if (nic.read(frames - recording.frames.size(), recording) > 0) {
                idle = 0;
            }
        }
        return recording;
    }
}
