package io.parallax.capture.publish;

import io.parallax.capture.account.Tally;

/**
 * The books of one stream after a replay.
 *
 * @param streamId as {@link io.parallax.wire.Topics#streamId} has it
 * @param unreadOctets octets of its file behind the last complete record; above 0 for a capture that was cut off
 */
public record StreamTotal(String streamId, String sensor, String interfaceName, Tally tally, long unreadOctets) {}
