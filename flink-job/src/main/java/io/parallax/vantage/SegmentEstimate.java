package io.parallax.vantage;

/**
 * Clocks and delays between two interfaces, nanoseconds. Delays are by clocks that the offset has set right, so each is off
 * by the offset's error, one way up and the other way down; their sum is not.
 *
 * @param offset the other's clock minus the clock here, median
 * @param deviation median absolute deviation of the offsets
 * @param least the offset is not below it, whatever the delays
 * @param greatest the offset is not above it, whatever the delays
 * @param thereMin shortest way from here to the other
 * @param thereMedian median of that way
 * @param backMin shortest way from the other to here
 * @param backMedian median of that way
 */
public record SegmentEstimate(
        long offset,
        long deviation,
        long least,
        long greatest,
        long thereMin,
        long thereMedian,
        long backMin,
        long backMedian) {}
