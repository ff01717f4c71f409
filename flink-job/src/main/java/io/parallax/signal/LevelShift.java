package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Tells whether a series of figures, one a window, has risen to another level: by a run of figures nearly all above the
 * greatest one of the windows before the run.
 *
 * <p>If the n + m last figures are exchangeable, at least j of the last m exceed the n before with probability at most C(m,
 * j) / C(n + m, j), whatever their distribution: heavy tails and outliers only make the greatest one greater (the test by
 * exceedances of Gumbel and von Schelling, Annals of Mathematical Statistics 21, 1950; with j = m the idea of conformal
 * p-values, Vovk et al., 2005). Where a run begins is chosen by looking: m (m + 1) pays for that, the sum of whose
 * reciprocals is 1. A run that breaks off is learnt as it was, so that nothing else is chosen; a run as long as a block is
 * the new level.
 *
 * <p>The windows before the run are the current block of {@value #BLOCK} and the one before: two maxima instead of a list.
 */
final class LevelShift {

    /** Of windows: what is usual is what was so in the last one or two blocks. */
    static final int BLOCK = 128;

    /** Of windows, to learn first: what is above the greatest of a few is soon most of what comes. */
    static final int FEWEST = 16;

    private final Block previous = new Block();
    private final Block current = new Block();

    /** A run goes on while no more than one in as many of its figures is not above. */
    private static final int MISSES_IN = 4;

    /** From the first figure above all before, not learnt yet. */
    private final Block run = new Block();

    /** Of the run, how many are above, and the least of these. */
    private int above;

    private double runLeast;
    private long since;

    /** Figures of some windows. */
    private static final class Block {
        private int count;
        private double sum;
        private double most = Double.NEGATIVE_INFINITY;

        private void add(double figure) {
            count++;
            sum += figure;
            most = Math.max(most, figure);
        }

        private void add(Block more) {
            count += more.count;
            sum += more.sum;
            most = Math.max(most, more.most);
        }

        private void clear() {
            count = 0;
            sum = 0;
            most = Double.NEGATIVE_INFINITY;
        }

        private void writeTo(DataOutput out) throws IOException {
            out.writeInt(count);
            out.writeDouble(sum);
            out.writeDouble(most);
        }

        private void readFrom(DataInput in) throws IOException {
            count = in.readInt();
            sum = in.readDouble();
            most = in.readDouble();
        }
    }

    /**
     * Takes in the next figure.
     *
     * @param start of its window, ns
     * @return whether it is above all before the run
     */
    boolean offer(double figure, long start) {
        boolean isAbove = learnt() >= FEWEST && figure > most();
        int misses = run.count - above + (isAbove ? 0 : 1);
        boolean goesOn = isAbove || (run.count > 0 && misses * MISSES_IN <= run.count + 1);
        if (run.count < BLOCK && goesOn) {
            go(figure, isAbove, start);
            return isAbove;
        }
        current.add(run);
        run.clear();
        above = 0;
        current.add(figure);
        if (current.count >= BLOCK) {
            previous.clear();
            previous.add(current);
            current.clear();
        }
        return false;
    }

    private void go(double figure, boolean isAbove, long start) {
        since = run.count == 0 ? start : since;
        if (isAbove) {
            runLeast = above == 0 ? figure : Math.min(runLeast, figure);
            above++;
        }
        run.add(figure);
    }

    /** Windows that the run is compared with. */
    int learnt() {
        return previous.count + current.count;
    }

    /** Mean of these. */
    double mean() {
        return (previous.sum + current.sum) / Math.max(1, learnt());
    }

    /** The greatest of these. */
    double most() {
        return Math.max(previous.most, current.most);
    }

    /** Windows of the run, up to the last one. */
    int run() {
        return run.count;
    }

    /** Of the run, how many are above all before it. */
    int above() {
        return above;
    }

    double runMean() {
        return run.sum / Math.max(1, run.count);
    }

    /** The least of those of the run that are above. */
    double runLeast() {
        return runLeast;
    }

    /** Start of the run's first window, ns. */
    long since() {
        return since;
    }

    /** That the run is chance, as ln 1/p: 0 without one. */
    double evidence() {
        if (run.count == 0) {
            return 0;
        }
        double chosen = Math.log(run.count * (run.count + 1.0));
        return Math.max(0, evidence(learnt(), run.count, above) - chosen);
    }

    /** ln C(learnt + run, above) / C(run, above): so many of the last ones above all before, by chance. */
    static double evidence(int learnt, int run, int above) {
        double evidence = 0;
        for (int i = 0; i < above; i++) {
            evidence += Math.log((double) (learnt + run - i) / (run - i));
        }
        return evidence;
    }

    void writeTo(DataOutput out) throws IOException {
        previous.writeTo(out);
        current.writeTo(out);
        run.writeTo(out);
        out.writeInt(above);
        out.writeDouble(runLeast);
        out.writeLong(since);
    }

    static LevelShift read(DataInput in) throws IOException {
        LevelShift shift = new LevelShift();
        shift.previous.readFrom(in);
        shift.current.readFrom(in);
        shift.run.readFrom(in);
        shift.above = in.readInt();
        shift.runLeast = in.readDouble();
        shift.since = in.readLong();
        return shift;
    }
}
