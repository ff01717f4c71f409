package io.parallax.signal;

/** Upper tail of the Poisson distribution. */
final class PoissonTail {

    /** Terms beyond the first that are added: the tail's terms fall off faster than a geometric series. */
    private static final int TERMS = 64;

    private static final double LEAST = 1e-300;

    private PoissonTail() {}

    /** Probability of {@code count} or more, where {@code mean} are expected; from 1e-300 to 1. */
    static double atLeast(int count, double mean) {
        if (count <= mean || count <= 0) {
            return 1;
        }
        double term = Math.exp(-mean);
        for (int i = 1; i <= count; i++) {
            term *= mean / i;
        }
        double sum = 0;
        for (int i = 1; i <= TERMS; i++) {
            sum += term;
            term *= mean / (count + i);
        }
        return Math.min(1, Math.max(LEAST, sum));
    }
}
