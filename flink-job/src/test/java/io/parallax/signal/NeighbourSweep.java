package io.parallax.signal;

import io.parallax.model.NeighbourFact;
import java.util.List;

/** For tests elsewhere: a host sweeps its link. */
public final class NeighbourSweep {

    /** The sweeper. */
    public static final int SWEEPER = 200;

    private NeighbourSweep() {}

    /** Questions for 30 addresses in 0.3 s from {@code millis} on, of which the first is answered. */
    public static List<NeighbourFact> facts(long millis) {
        Utterances link = new Utterances();
        for (int target = 1; target <= 30; target++) {
            link.ask(millis + target * 10L, SWEEPER, target);
        }
        return link.answer(millis + 11, 1, SWEEPER).facts.stream()
                .filter(fact -> fact.subject().endsWith("." + SWEEPER))
                .toList();
    }
}
