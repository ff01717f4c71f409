package io.parallax.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A flow in one aligned window, as the meter states it: cumulative for the window, with what the previous revision of the
 * same row said, so that whoever adds rows up can work with exact differences.
 *
 * <p>Mutable and reused by the meter: a view, valid during the call it is passed to. Direction "forward" is from the
 * source (the initiator) to the destination. Times are nanoseconds since the epoch, octets count from the IP header on.
 */
public final class FlowRow {

    /** {@link #endReason} while the flow lives. */
    public static final int ALIVE = 0;

    /** {@link #prefixLength} of a flow between two addresses. */
    public static final int NO_AGGREGATE = -1;

    private static final Comparator<Sighting> ORDER = Comparator.comparing((Sighting seen) -> seen.isReverse)
            .thenComparing(seen -> -seen.ttl)
            .thenComparing(seen -> seen.sensorId)
            .thenComparing(seen -> seen.interfaceName)
            .thenComparing(seen -> seen.mirrorSession == null ? "" : seen.mirrorSession)
            .thenComparing(seen -> seen.vlanCount)
            .thenComparing(seen -> seen.vlanStack)
            .thenComparing(seen -> seen.overlayId)
            .thenComparing(seen -> seen.sourceMac)
            .thenComparing(seen -> seen.destinationMac);

    public String flowId = "";
    public long windowStart;
    public long revision;
    public String realm = "";

    /** {@link io.parallax.wire.PacketHeader#FAMILY_IPV4} or {@code FAMILY_IPV6}. */
    public int family;

    public int protocol;
    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;

    /** Bits of the networks between which the row aggregates flows that had no room; {@link #NO_AGGREGATE}: one flow. */
    public int prefixLength = NO_AGGREGATE;

    /** Ports; for ICMP the types as Community ID v1 has them. */
    public int sourcePort;

    public int destinationPort;

    /** False when the ports were cut off or belong to a fragment whose first one is unknown. */
    public boolean isPortsKnown;

    /** ICMP without a counterpart type: {@link #destinationPort} is the code. */
    public boolean isOneWay;

    public long packets;
    public long octets;
    public long reversePackets;
    public long reverseOctets;

    /** TCP payload from the source, each octet of sequence space once, whichever observation point saw it. */
    public long transportOctets;

    public long reverseTransportOctets;

    /** Union of TCP control bits over all observation points. */
    public int tcpControlBits;

    public int reverseTcpControlBits;

    /** First packet of the flow. */
    public long flowStart;

    /** Last packet of the flow up to the end of this window. */
    public long flowEnd;

    /** IPFIX flowEndReason (136), or {@link #ALIVE}. */
    public int endReason;

    public Initiator initiator = Initiator.FIRST_PACKET;

    /** Observations of this window by {@link Disposition#code}: what is canonical, and the duplicates by class. */
    public final long[] observations = new long[Disposition.values().length];

    public Locality locality = Locality.UNKNOWN;

    /**
     * Octets known to have passed unseen by every observation point, both directions, at most 2^32 - 1;
     * {@link TcpView#UNKNOWN}: not known.
     */
    public long missedOctets;

    /** Seen share of what is known to have passed, 0 to 1; NaN: not assessed. */
    public double coverage = Double.NaN;

    /** How the attempt went, empty for other protocols than TCP: established, refused, no_answer, reset, unreachable ... */
    public String outcome = "";

    /** Zeek's letters in order of first occurrence, at the canonical point of the source. */
    public String tcpHistory = "";

    /** Least share of the packets that a sensor of the row selected on purpose; 1: all. */
    public double samplingProbability = 1;

    /** What the previous revision of this row said; all 0 in the first. */
    public long previousRevision;

    public long previousPackets;

    public long previousOctets;
    public long previousReversePackets;
    public long previousReverseOctets;

    /** True in the first revision of the first window of the flow: a flow was opened. */
    public boolean isOpening;

    /** What names the ends. */
    public Label source = Label.NONE;

    public Label destination = Label.NONE;

    /** TCP payload from the source that was sent again, at the canonical point; at most 2^32 - 1 a window. */
    public long retransmittedOctets;

    public long reverseRetransmittedOctets;

    /** Whether the row is of the flow's first window and says that the attempt was refused, or declared unreachable. */
    public boolean isRefused;

    /** Whether the row is of the flow's first window and says that nobody answered. */
    public boolean isUnanswered;

    /** SYN to the ACK that ends the handshake, at the canonical points; {@link TcpView#UNKNOWN} where it was not seen. */
    public long handshakeMicros = TcpView.UNKNOWN;

    /**
     * {@code LogBuckets} of the handshake's round trip in microseconds, in the row of the flow's first
     * window; {@code NONE} in others, and where none was seen.
     */
    public int handshakeBucket;

    /** As the previous revision stated them; in the first one zero, {@code NONE}, {@link Locality#UNKNOWN} and false. */
    public Label previousSource = Label.NONE;

    public Label previousDestination = Label.NONE;
    public Locality previousLocality = Locality.UNKNOWN;
    public long previousRetransmittedOctets;
    public long previousReverseRetransmittedOctets;

    /** As {@link #missedOctets}, 0 where that is not known. */
    public long previousMissedOctets;

    public boolean wasRefused;
    public boolean wasUnanswered;
    public int previousHandshakeBucket;

    /** What this row tells of the use of the destination's service; of all rows of a flow one at most tells of a use. */
    public ServiceEvidence service = ServiceEvidence.NONE;

    /** Whether a use was told by this row or an older one: the row's octets are a service's. */
    public boolean isInService;

    /** As the previous revision stated them; in the first one {@code NONE} and false. */
    public ServiceEvidence previousService = ServiceEvidence.NONE;

    public boolean wasInService;

    private final List<Sighting> pool = new ArrayList<>();
    private int sightings;

    /** What one observation point saw of one direction in this window. */
    public static final class Sighting {
        public boolean isReverse;
        public boolean isCanonical;
        public String sensorId = "";
        public String interfaceName = "";
        public long sourceMac;
        public long destinationMac;
        public int vlanCount;
        public long vlanStack;

        /** {@link io.parallax.wire.PacketHeader#NO_OVERLAY} outside any. */
        public int overlayId;

        /** {@link io.parallax.wire.MirrorLabels#name} of the mirror session; null for direct capture. */
        public @Nullable String mirrorSession;

        public int ttl;
        public long packets;
        public long octets;

        /** First and last packet here in this window, ns (whole microseconds). */
        public long first;

        public long last;

        /** Union of control bits here in this window. */
        public int controlBits;

        /** Position on the way by TTL: 0 nearest the sender. */
        public int hop;

        /** {@link Disposition#CANONICAL} or the class of duplicates that its packets are. */
        public Disposition disposition = Disposition.CANONICAL;

        /** What the previous revision of the row stated of this point: packets, and as what; 0 packets in the first. */
        public long previousPackets;

        public Disposition previousDisposition = Disposition.CANONICAL;

        /** Whether {@link #tcp} means anything. */
        public boolean isTcp;

        public final TcpView tcp = new TcpView();
    }

    /** Observations of this window that are copies, all classes but {@link Disposition#FOLDED}. */
    public long duplicatePackets() {
        long sum = 0;
        for (long packets : observations) {
            sum += packets;
        }
        return sum - observations[Disposition.CANONICAL.code()] - observations[Disposition.FOLDED.code()];
    }

    /** Observation points in this window, both directions. */
    public List<Sighting> sightings() {
        return pool.subList(0, sightings);
    }

    public void clearSightings() {
        sightings = 0;
    }

    /** By direction, then from the sender on, then by place: however they were found. Sets {@link Sighting#hop}. */
    public void orderSightings() {
        List<Sighting> seen = sightings();
        seen.sort(ORDER);
        int nearest = 0;
        for (int i = 0; i < seen.size(); i++) {
            boolean isFirst = i == 0 || seen.get(i).isReverse != seen.get(i - 1).isReverse;
            nearest = isFirst ? seen.get(i).ttl : nearest;
            seen.get(i).hop = nearest - seen.get(i).ttl;
        }
    }

    /** Room for one more observation point, with the fields of an earlier use in it. */
    public Sighting addSighting() {
        if (sightings == pool.size()) {
            pool.add(new Sighting());
        }
        return pool.get(sightings++);
    }
}
