package io.parallax.capture.watch;

import java.time.Instant;

/**
 * Something that somebody should do something about.
 *
 * @param name of the rule that found it, such as {@code kernel-drops}; stays the same over releases, for alerts
 * @param subject interface, or {@code delivery}
 * @param since when it was first seen without a pause
 * @param what is wrong, with the figures of the last look
 * @param remedy what to do
 */
public record Problem(String name, String subject, Instant since, String what, String remedy) {}
