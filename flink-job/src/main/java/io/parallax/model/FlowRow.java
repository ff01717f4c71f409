package io.parallax.model;

import java.util.ArrayList;
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

    /** Packets that other observation points than the canonical ones saw in this window. */
    public long duplicatePackets;

    /** Packets at observation points beyond those that are told apart, part of no total. */
    public long foldedPackets;

    /** What the previous revision of this row said; all 0 in the first. */
    public long previousRevision;

    public long previousPackets;

    public long previousOctets;
    public long previousReversePackets;
    public long previousReverseOctets;

    /** True in the first revision of the first window of the flow: a flow was opened. */
    public boolean isOpening;

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
    }

    /** Observation points in this window, both directions. */
    public List<Sighting> sightings() {
        return pool.subList(0, sightings);
    }

    public void clearSightings() {
        sightings = 0;
    }

    /** Room for one more observation point, with the fields of an earlier use in it. */
    public Sighting addSighting() {
        if (sightings == pool.size()) {
            pool.add(new Sighting());
        }
        return pool.get(sightings++);
    }
}
