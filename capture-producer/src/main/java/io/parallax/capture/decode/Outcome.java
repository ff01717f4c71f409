package io.parallax.capture.decode;

import java.util.Locale;

/**
 * What became of one frame; every frame has exactly one.
 *
 * <p>Truncated and malformed are told apart: <em>truncated</em> means that octets which the frame had on the wire were not
 * captured, <em>malformed</em> that the octets contradict themselves however many were captured.
 */
public enum Outcome {
    /** An IP header, with its ports where its protocol has some. */
    DECODED(true),

    /** A fragment with an offset above zero: complete, its ports are in another frame. */
    DECODED_LATER_FRAGMENT(true),

    /** An IP header and ports; the snap length cut what follows them in the transport header. */
    DECODED_TRANSPORT_CUT_OFF(true),

    /** An IP header; the snap length cut the transport header, or an IPv6 extension header, before the ports. */
    DECODED_PORTS_CUT_OFF(true),

    /** An IP header whose length leaves no room for its transport header, or whose TCP offset or extensions are impossible. */
    DECODED_TRANSPORT_MALFORMED(true),

    /** The innermost valid IP header; the tunnel behind it holds none: ARP, a bridge's frame, a damaged or cut off header. */
    DECODED_TUNNEL_WITHOUT_IP(true),

    /** The IP header of the tunnel that would have been one more than {@link DecodeOptions#maxEncapsulations}. */
    DECODED_TUNNEL_TOO_DEEP(true),

    /** An ARP request or reply between IPv4 addresses. */
    ARP(true),

    /** A frame that carries neither IP nor ARP between IPv4 addresses. */
    NON_IP(false),

    /** The snap length cut the link header, the ARP message or the IP header itself. */
    TRUNCATED(false),

    /** The frame was on the wire too short for its link header, or has an impossible type or more than 64 layers. */
    MALFORMED_LINK(false),

    /** An IP header of another version, or with lengths that cannot be. */
    MALFORMED_IP(false),

    /** A link type that is not opened. */
    UNSUPPORTED_LINK_TYPE(false),

    /** A mirror packet from an address that {@link DecodeOptions#mirrorSenders} does not name. */
    MIRROR_SENDER_REFUSED(false);

    private final boolean publishesHeader;
    private final String label = name().toLowerCase(Locale.ROOT);

    Outcome(boolean publishesHeader) {
        this.publishesHeader = publishesHeader;
    }

    /** True if the decoded header goes into a batch; the frame is only counted otherwise. */
    public boolean publishesHeader() {
        return publishesHeader;
    }

    /** The name in ledgers and reports: lower case with underscores. */
    public String label() {
        return label;
    }
}
