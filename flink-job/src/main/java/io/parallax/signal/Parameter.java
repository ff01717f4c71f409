package io.parallax.signal;

/**
 * A number that a detector goes by, and that may be set while the job runs.
 *
 * @param name as in the settings: lower case, words joined by underscores, the unit last
 * @param value the default
 * @param least allowed
 * @param most allowed
 * @param source why the default is what it is: a paper, a measurement, a rule of another tool
 */
public record Parameter(String name, double value, double least, double most, String source) {}
