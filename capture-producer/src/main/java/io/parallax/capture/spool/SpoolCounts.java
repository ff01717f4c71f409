package io.parallax.capture.spool;

import org.jspecify.annotations.Nullable;

/**
 * What a journal holds and met with since it was opened.
 *
 * @param octets on disk, files that are still partly needed counted whole
 * @param waitingOctets appended and not acknowledged
 * @param diskFailures operations that the disk refused
 * @param diskFailing what it refuses at present; null if it works
 * @param truncatedOctets torn off the end when it was opened
 * @param damages places that could not be read
 * @param skippedOctets that lay in those places
 */
public record SpoolCounts(
        long octets,
        long waitingOctets,
        long diskFailures,
        @Nullable String diskFailing,
        long truncatedOctets,
        long damages,
        long skippedOctets) {}
