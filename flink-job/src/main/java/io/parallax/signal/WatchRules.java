package io.parallax.signal;

import io.parallax.model.Fact;
import java.util.Comparator;
import java.util.List;

/**
 * Who watches, and how much is kept.
 *
 * @param detectors in the order in which they are told
 * @param mostSubjects that a bucket keeps
 * @param mostEpisodes that a subject has open at a time; findings of further keys are dropped until one is over
 */
public record WatchRules<F extends Fact>(
        FactCodec<F> codec, List<Detector<F, ?>> detectors, Tuning tuning, int mostSubjects, int mostEpisodes) {

    /** 128 buckets of so many hosts are 260,000. */
    public static final int MOST_SUBJECTS = 2_048;

    public static final int MOST_EPISODES = 64;

    public WatchRules(FactCodec<F> codec, List<Detector<F, ?>> detectors, Tuning tuning) {
        this(codec, detectors, tuning, MOST_SUBJECTS, MOST_EPISODES);
    }

    /** Nobody watches. */
    static <F extends Fact> WatchRules<F> none() {
        return new WatchRules<>(new NoFacts<>(), List.of(), Tuning.DEFAULT);
    }

    public WatchRules<F> with(Tuning other) {
        return new WatchRules<>(codec, detectors, other, mostSubjects, mostEpisodes);
    }

    /** Of the detector of that name, -1: there is none. */
    int indexOf(String detector) {
        for (int i = 0; i < detectors.size(); i++) {
            if (detectors.get(i).profile().name().equals(detector)) {
                return i;
            }
        }
        return -1;
    }

    private static final class NoFacts<F extends Fact> implements FactCodec<F> {

        @Override
        public void write(List<F> facts, java.io.DataOutput out) {}

        @Override
        public List<F> read(java.io.DataInput in) {
            return List.of();
        }

        @Override
        public Comparator<F> order() {
            return Comparator.comparingLong(Fact::time);
        }
    }
}
