package io.parallax.wire;

/**
 * One parsed packet header and the place where it was seen: what the decoder writes, the batch carries and the job
 * meters.
 *
 * <p>Mutable and reused, so that nothing is allocated per packet: whoever keeps one copies it. Plain public fields, since
 * every stage of the hot path reads most of them. Numbers are unsigned unless a unit says otherwise. Addresses are 128
 * bits in two longs; an IPv4 address is the low 32 bits of {@code low} with the rest zero, and {@link #family} tells it
 * from an IPv6 address of the same bits.
 */
public final class PacketHeader {

    /** {@link #family} of a header that is neither IPv4 nor IPv6: only {@link #etherType} describes it. */
    public static final int FAMILY_NONE = 0;

    public static final int FAMILY_IPV4 = 4;
    public static final int FAMILY_IPV6 = 6;

    /** {@link #family} of ARP: the addresses are sender and target protocol address, {@link #protocol} the operation. */
    public static final int FAMILY_ARP = 1;

    /** The transport header was cut off, or the first fragment is not known: ports are 0 and mean "not known". */
    public static final int STATUS_PORTS_UNKNOWN = 1;

    /** The snap length cut the frame inside a header that was to be read. */
    public static final int STATUS_TRUNCATED = 1 << 1;

    /** A fragment, first or later. */
    public static final int STATUS_FRAGMENT = 1 << 2;

    /** A fragment with an offset above zero: its ports are those of its first fragment, or unknown. */
    public static final int STATUS_LATER_FRAGMENT = 1 << 3;

    /** An ICMP or ICMPv6 message without a counterpart type: its flow has one direction (Community ID v1). */
    public static final int STATUS_ONE_WAY = 1 << 4;

    /**
     * A further copy of a flooded frame: octet for octet one that the same interface received at most {@link #REPEATED_WITHIN_NANOS} before. Only who
     * has the octets can tell; the packet was sent once.
     */
    public static final int STATUS_REPEATED = 1 << 5;

    /** How long after the first copy of a flooded frame a further one comes at most, ns: microseconds as a rule. */
    public static final long REPEATED_WITHIN_NANOS = 1_000_000;

    /** {@link #overlayId} outside any overlay. */
    public static final int NO_OVERLAY = -1;

    /** As many VLAN tags as {@link #vlanStack} holds; deeper stacks keep the outermost four. */
    public static final int MAX_VLANS = 4;

    /** Capture time, nanoseconds since the epoch. IPFIX observationTimeNanoseconds (325). */
    public long timeNanos;

    /** 48 bits, 0 where the link type has no address. IPFIX sourceMacAddress (56). */
    public long sourceMac;

    /** 48 bits, 0 where the link type has no address. IPFIX destinationMacAddress (80). */
    public long destinationMac;

    /** VLAN tags in {@link #vlanStack}, 0 to {@link #MAX_VLANS}. */
    public int vlanCount;

    /** VLAN identifiers, 16 bits each, outermost in the highest bits of those in use. IPFIX dot1qVlanId (243). */
    public long vlanStack;

    /** VXLAN or GENEVE network identifier, or {@link #NO_OVERLAY}. IPFIX layer2SegmentId (351). */
    public int overlayId;

    /** {@link #mirrorKind} of a header that no mirror session brought. */
    public static final int MIRROR_NONE = 0;

    /** Transparent Ethernet over GRE, as a distributed switch's encapsulated remote mirroring sends it. */
    public static final int MIRROR_GRE = 1;

    public static final int MIRROR_ERSPAN_1 = 2;
    public static final int MIRROR_ERSPAN_2 = 3;
    public static final int MIRROR_ERSPAN_3 = 4;

    /** {@link #mirrorDirection} where neither key nor header tells it. */
    public static final int DIRECTION_UNKNOWN = 0;

    /** Sent by the mirrored port's VM. IPFIX flowDirection (61) ingress: into the switch. */
    public static final int DIRECTION_SENT = 1;

    /** Delivered to the mirrored port's VM. */
    public static final int DIRECTION_DELIVERED = 2;

    /** {@link #mirrorSequence} of a session without sequence numbers. */
    public static final long NO_SEQUENCE = -1;

    /** MIRROR_ number: the innermost mirror encapsulation that was opened. */
    public int mirrorKind;

    /** DIRECTION_ number of the mirrored frame, seen from the mirrored port. */
    public int mirrorDirection;

    /** GRE sequence number of the mirror packet, 32 unsigned bits, or {@link #NO_SEQUENCE}. */
    public long mirrorSequence = NO_SEQUENCE;

    /** Identification of the mirror packet's outer IPv4 header, 0 for IPv6; stays in the producer. */
    public int mirrorIdentification;

    /** Mirror encapsulations that were opened; above 1 the frame is a mirror of a mirror. Stays in the producer. */
    public int mirrorDepth;

    /** Outer source address of the mirror session that brought this header; both words 0 without one. */
    public long mirrorSourceHigh;

    public long mirrorSourceLow;

    /** GRE key or ERSPAN session id, 0 without a mirror session. */
    public int mirrorSession;

    /** EtherType of the innermost header that was decoded. IPFIX ethernetType (256). */
    public int etherType;

    /** {@link #FAMILY_IPV4}, {@link #FAMILY_IPV6}, {@link #FAMILY_ARP} or {@link #FAMILY_NONE}. */
    public int family;

    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;

    /** IPv4 protocol, or next header after the IPv6 extension headers. IPFIX protocolIdentifier (4). */
    public int protocol;

    /** Transport port; ICMP: the type, as Community ID v1 has it. IPFIX sourceTransportPort (7). */
    public int sourcePort;

    /** Transport port; ICMP: the counterpart type, or the code where there is none. IPFIX destinationTransportPort (11). */
    public int destinationPort;

    /** ICMP code, 0 for other protocols. IPFIX icmpCodeIPv4 (177), icmpCodeIPv6 (179). */
    public int icmpCode;

    /** Time to live or hop limit. IPFIX ipTTL (192). */
    public int ttl;

    /** STATUS_ bits. */
    public int status;

    /**
     * IPv4 total length, or IPv6 payload length plus 40, from the header and not from what was captured; where the field
     * is 0 (segmentation offload, jumbogram) the octets from the IP header to the end of the original frame. 0 for
     * non-IP. IPFIX ipTotalLength (224).
     */
    public int octetsIp;

    /** Octets from the start of the IP header to the transport payload; TCP payload = octetsIp - octetsHeader. */
    public int octetsHeader;

    /** TCP sequence number, as 32 unsigned bits in an int. IPFIX tcpSequenceNumber (184). */
    public int tcpSequence;

    /** TCP acknowledgment number, as 32 unsigned bits in an int. IPFIX tcpAcknowledgementNumber (185). */
    public int tcpAcknowledgment;

    /** TCP window as on the wire, not scaled. IPFIX tcpWindowSize (186). */
    public int tcpWindow;

    /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128, AE 256; 0 for other protocols. IPFIX tcpControlBits (6). */
    public int tcpControlBits;

    /** IPv4 identification, or that of an IPv6 fragment; 0 for other IPv6 packets. Stays in the producer. */
    public int fragmentIdentification;

    /** In {@link #quotedBy}: the error is one of ICMPv6. */
    public static final int QUOTED_BY_ICMPV6 = 1 << 16;

    /**
     * Address family of the packet that this ICMP error quotes, 0 where it is no error or the quotation says too little to
     * name a flow. The quoted fields mean something only where it is not 0; they name the flow as that packet's own header
     * would, its sender first.
     */
    public int quotedFamily;

    public long quotedSourceHigh;
    public long quotedSourceLow;
    public long quotedDestinationHigh;
    public long quotedDestinationLow;
    public int quotedProtocol;

    /** As {@link #sourcePort}. */
    public int quotedSourcePort;

    /** As {@link #destinationPort}. */
    public int quotedDestinationPort;

    /**
     * Of a quoted packet that stands as a header of its own: type &lt;&lt; 8 | code of the ICMP error that quotes it, for
     * ICMPv6 plus {@link #QUOTED_BY_ICMPV6}. 0: a packet that was seen. IPFIX icmpTypeCodeIPv4 (32), icmpTypeCodeIPv6 (139).
     */
    public int quotedBy;

    /** Back to "nothing known", as before decoding; the capture time stays. */
    public void clear() {
        sourceMac = 0;
        destinationMac = 0;
        vlanCount = 0;
        vlanStack = 0;
        overlayId = NO_OVERLAY;
        mirrorSourceHigh = 0;
        mirrorSourceLow = 0;
        mirrorSession = 0;
        mirrorKind = MIRROR_NONE;
        mirrorDirection = DIRECTION_UNKNOWN;
        mirrorSequence = NO_SEQUENCE;
        mirrorIdentification = 0;
        mirrorDepth = 0;
        etherType = 0;
        clearNetwork();
    }

    /** Forgets network and transport layer, so that an inner header can be decoded over an outer one. */
    public void clearNetwork() {
        family = FAMILY_NONE;
        sourceHigh = 0;
        sourceLow = 0;
        destinationHigh = 0;
        destinationLow = 0;
        protocol = 0;
        sourcePort = 0;
        destinationPort = 0;
        icmpCode = 0;
        ttl = 0;
        status = 0;
        octetsIp = 0;
        octetsHeader = 0;
        tcpSequence = 0;
        tcpAcknowledgment = 0;
        tcpWindow = 0;
        tcpControlBits = 0;
        fragmentIdentification = 0;
        quotedFamily = FAMILY_NONE;
        quotedBy = 0;
    }

    /** Takes over every field of {@code other} that means something. */
    public void copyFrom(PacketHeader other) {
        timeNanos = other.timeNanos;
        sourceMac = other.sourceMac;
        destinationMac = other.destinationMac;
        vlanCount = other.vlanCount;
        vlanStack = other.vlanStack;
        overlayId = other.overlayId;
        mirrorSourceHigh = other.mirrorSourceHigh;
        mirrorSourceLow = other.mirrorSourceLow;
        mirrorSession = other.mirrorSession;
        mirrorKind = other.mirrorKind;
        mirrorDirection = other.mirrorDirection;
        mirrorSequence = other.mirrorSequence;
        mirrorIdentification = other.mirrorIdentification;
        mirrorDepth = other.mirrorDepth;
        etherType = other.etherType;
        family = other.family;
        sourceHigh = other.sourceHigh;
        sourceLow = other.sourceLow;
        destinationHigh = other.destinationHigh;
        destinationLow = other.destinationLow;
        protocol = other.protocol;
        sourcePort = other.sourcePort;
        destinationPort = other.destinationPort;
        icmpCode = other.icmpCode;
        ttl = other.ttl;
        status = other.status;
        octetsIp = other.octetsIp;
        octetsHeader = other.octetsHeader;
        tcpSequence = other.tcpSequence;
        tcpAcknowledgment = other.tcpAcknowledgment;
        tcpWindow = other.tcpWindow;
        tcpControlBits = other.tcpControlBits;
        fragmentIdentification = other.fragmentIdentification;
        quotedFamily = other.quotedFamily;
        quotedBy = other.quotedBy;
        if (other.quotedFamily != FAMILY_NONE) {
            copyQuotation(other);
        }
    }

    /** Apart, so that the packets that quote none, nearly all, do not pay for it. */
    private void copyQuotation(PacketHeader other) {
        quotedSourceHigh = other.quotedSourceHigh;
        quotedSourceLow = other.quotedSourceLow;
        quotedDestinationHigh = other.quotedDestinationHigh;
        quotedDestinationLow = other.quotedDestinationLow;
        quotedProtocol = other.quotedProtocol;
        quotedSourcePort = other.quotedSourcePort;
        quotedDestinationPort = other.quotedDestinationPort;
    }

    /**
     * Makes this header, which quotes a packet, one of that packet's flow: from the quoted sender to the quoted receiver, seen
     * when and where the ICMP error was. No octets, no TTL, no status: all of that was the error's.
     */
    void becomeQuoted() {
        int family = quotedFamily;
        int by = IcmpError.quotedBy(this);
        clearNetwork();
        this.family = family;
        sourceHigh = quotedSourceHigh;
        sourceLow = quotedSourceLow;
        destinationHigh = quotedDestinationHigh;
        destinationLow = quotedDestinationLow;
        protocol = quotedProtocol;
        sourcePort = quotedSourcePort;
        destinationPort = quotedDestinationPort;
        quotedBy = by;
        mirrorSequence = NO_SEQUENCE;
    }

    /** True for IPv4 and IPv6. */
    public boolean isIp() {
        return family >= FAMILY_IPV4;
    }

    public boolean has(int statusBit) {
        return (status & statusBit) != 0;
    }
}
