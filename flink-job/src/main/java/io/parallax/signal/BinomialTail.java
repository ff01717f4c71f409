package io.parallax.signal;

/** How much likelier counts are by their own share than by a given one: logarithms of likelihood ratios. */
final class BinomialTail {

    private BinomialTail() {}

    /**
     * Generalized likelihood ratio, natural logarithm: n KL(hits/n || share); 0 where the share is not exceeded. By
     * Chernoff's bound (1952) it is also a lower bound of ln 1/p of so many hits or more.
     */
    static double evidence(long hits, long of, double share) {
        if (of <= 0 || hits <= of * share) {
            return 0;
        }
        double found = Math.min(1, (double) hits / of);
        double missed = found >= 1 ? 0 : (1 - found) * Math.log((1 - found) / (1 - share));
        return of * (found * Math.log(found / share) + missed);
    }
}
