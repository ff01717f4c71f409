package io.parallax.model;

/**
 * A change of what became of one interface's observations in one window; shares of a (sensor, interface, window) add up, in
 * any order, to its headers by disposition.
 *
 * @param windowStartNanos start of the aligned window in event time, ns since the epoch
 * @param packets observations more (or, below 0, fewer) of that disposition
 */
public record StreamShare(
        String sensorId, String interfaceName, long windowStartNanos, Disposition disposition, long packets) {}
