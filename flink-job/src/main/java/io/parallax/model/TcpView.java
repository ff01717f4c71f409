package io.parallax.model;

/**
 * What TCP did in one direction at one observation point in one window, as that point saw it. Mutable and reused: a view.
 * Times are microseconds; {@link #UNKNOWN} where nothing was measured. Octets are transport payload.
 */
public final class TcpView {

    public static final long UNKNOWN = -1;

    /** Sequence space that was seen for the first time here, SYN and FIN not counted. */
    public long uniqueOctets;

    /** Segments that brought nothing new, because what they carry was seen here before, and their payload octets. */
    public long retransmittedPackets;

    public long retransmittedOctets;

    /** Segments that filled a hole too soon to be a retransmission: overtaken on the way. */
    public long outOfOrderPackets;

    /** Segments that filled a hole late: lost between the sender and here, then sent again; and their payload octets. */
    public long lostUpstreamPackets;

    public long lostUpstreamOctets;

    /** Octets of the opposite direction that this one acknowledged and that never passed here: the capture lost them. */
    public long captureLostOctets;

    /** Segments that closed the sender's receive window. */
    public long zeroWindowPackets;

    /** Round trip between here and this direction's <em>sender</em>: other side's data to this side's acknowledgment. */
    public long rttSamples;

    public long rttSumMicros;
    public long rttMinMicros = UNKNOWN;
    public long rttMaxMicros = UNKNOWN;

    /**
     * The part of the handshake between here and this direction's sender: for the responder SYN to SYN-ACK, for the
     * initiator SYN-ACK to its ACK. Of the connection, repeated in each of its windows.
     */
    public long handshakeMicros = UNKNOWN;

    public void clear() {
        uniqueOctets = 0;
        retransmittedPackets = 0;
        retransmittedOctets = 0;
        outOfOrderPackets = 0;
        lostUpstreamPackets = 0;
        lostUpstreamOctets = 0;
        captureLostOctets = 0;
        zeroWindowPackets = 0;
        rttSamples = 0;
        rttSumMicros = 0;
        rttMinMicros = UNKNOWN;
        rttMaxMicros = UNKNOWN;
        handshakeMicros = UNKNOWN;
    }
}
