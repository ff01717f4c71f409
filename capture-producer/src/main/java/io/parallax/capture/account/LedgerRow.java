package io.parallax.capture.account;

/**
 * One second of one interface.
 *
 * @param second start of the interval, seconds of capture time since the epoch
 * @param note what a reader should know of it; empty for nothing
 */
public record LedgerRow(long second, Tally tally, String note) {}
