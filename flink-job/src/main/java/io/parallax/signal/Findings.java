package io.parallax.signal;

/** Takes what a detector finds. Several findings of one key are one episode: the first one opens its signal. */
@FunctionalInterface
public interface Findings {

    /** To be called whenever the statistic is beyond the threshold, with the whole episode's figures so far. */
    void report(Finding finding);
}
