package io.parallax.capture.nic;

import java.io.IOException;

/** Ours. */
final class NicReader extends LiveReader.InThread {

    private final Nic nic;
    private long frames;
    private volatile long dropped;
    private long steps;

    NicReader(String name, NicOptions options) throws NicException {
        nic = Nic.open(name, options, "");
        begin();
    }

    @Override
    void step() throws IOException {
        int came = nic.read(4_096, frame -> frames++);
        read.lazySet(frames);
        if (came == 0 || (++steps & 0xff) == 0) {
            dropped = nic.counters().dropped();
        }
    }

    @Override
    long dropped() {
        return dropped;
    }

    @Override
    void wake() {
        nic.interrupt();
    }

    @Override
    public void close() {
        stop();
        nic.close();
    }
}
