package io.parallax.signal;

/**
 * Decides which signals of a day (UTC) are within what people can look at: e-LOND (Xu and Ramdas, "Online multiple
 * testing with e-values", 2023), begun anew each day, and never more than a number a day.
 *
 * <p>The t-th signal passes if its e-value is at least {@code 1 / (alpha * g(t) * (passed + 1))}, {@code g(t) = 1 / (t
 * (t + 1))}, whose sum is 1. If every false one's e-value has a mean of at most 1, the expected share of false ones
 * among those passed is at most {@code alpha}, however signals depend on each other; the cap only takes some away and
 * keeps the bound. SAFFRON and LORD++ would need independent p-values, and one attack is seen by several detectors.
 *
 * <p>Evidence may be of 1/p, which is no e-value. {@code sqrt(1/p) / 2} is one (Vovk and Wang, 2021), and for a
 * likelihood ratio too, as 1/ratio is a p-value.
 *
 * <p>The bound is for what is offered: a detector that offers only what is beyond its threshold, without that choice
 * being part of its evidence, breaks the condition. Callers offer each signal once, in order of (detected_at, id).
 */
public final class SignalBudget {

    /** Expected share of false ones among those within budget. */
    public static final double ALPHA = 0.1;

    private static final long DAY_NANOS = 86_400_000_000_000L;

    private long day = Long.MIN_VALUE;
    private long offered;
    private long passed;

    /**
     * Whether the signal is within budget.
     *
     * @param detectedAt nanoseconds since the epoch
     * @param evidence natural logarithm of a likelihood ratio or of 1/p
     * @param mostADay signals within budget a day
     */
    public boolean offer(long detectedAt, double evidence, int mostADay) {
        startDay(Math.floorDiv(detectedAt, DAY_NANOS));
        offered++;
        boolean isWithin = passed < mostADay && lnE(evidence) >= lnNeeded();
        if (isWithin) {
            passed++;
        }
        return isWithin;
    }

    static double lnE(double evidence) {
        return evidence / 2 - Math.log(2);
    }

    private double lnNeeded() {
        return Math.log((double) offered) + Math.log(offered + 1.0) - Math.log(ALPHA) - Math.log(passed + 1.0);
    }

    private void startDay(long next) {
        if (next > day) {
            day = next;
            offered = 0;
            passed = 0;
        }
    }

    /** What is kept of it: day, signals offered and passed on that day. */
    public long[] figures() {
        return new long[] {day, offered, passed};
    }

    /** The budget of which these figures were kept. */
    public static SignalBudget of(long[] figures) {
        SignalBudget budget = new SignalBudget();
        budget.day = figures[0];
        budget.offered = figures[1];
        budget.passed = figures[2];
        return budget;
    }
}
