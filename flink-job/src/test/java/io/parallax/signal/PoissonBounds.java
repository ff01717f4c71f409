package io.parallax.signal;

/** Exact 95 % interval of a Poisson count (Garwood 1936), by bisection. */
final class PoissonBounds {

    private static final double TAIL = 0.025;

    private PoissonBounds() {}

    static double lower(int count) {
        return count == 0 ? 0 : meanAt(count - 1, TAIL);
    }

    static double upper(int count) {
        return meanAt(count, 1 - TAIL);
    }

    /** The mean at which more than {@code count} have this probability. */
    private static double meanAt(int count, double probability) {
        double low = 0;
        double high = 4.0 * count + 20;
        for (int i = 0; i < 80; i++) {
            double middle = (low + high) / 2;
            if (1 - below(count, middle) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Probability of at most so many. */
    static double below(int count, double mean) {
        double term = Math.exp(-mean);
        double sum = term;
        for (int i = 1; i <= count; i++) {
            term *= mean / i;
            sum += term;
        }
        return sum;
    }
}
