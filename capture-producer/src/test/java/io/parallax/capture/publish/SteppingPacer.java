package io.parallax.capture.publish;

import java.util.ArrayList;
import java.util.List;

/** Time that passes only where somebody waits. */
final class SteppingPacer implements Pacer {

    final List<Long> pauses = new ArrayList<>();
    private long now = 1_000;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void pause(long nanos) {
        pauses.add(nanos);
        now += nanos;
    }
}
