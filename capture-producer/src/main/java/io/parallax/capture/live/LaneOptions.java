package io.parallax.capture.live;

import io.parallax.capture.nic.NicOptions;
import io.parallax.capture.publish.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How an interface is captured.
 *
 * @param sensor name of this capture VM in everything that is published
 * @param filter the user's expression for the kernel; empty for everything
 * @param linger longest wait of a header for its batch, and the interval of heartbeats
 * @param booksFolder where each stream's {@link io.parallax.capture.account.Books} lie
 */
public record LaneOptions(
        String sensor, NicOptions nic, String filter, StreamSettings stream, Duration linger, Path booksFolder) {}
