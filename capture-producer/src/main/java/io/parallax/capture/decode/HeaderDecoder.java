package io.parallax.capture.decode;

import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;

/**
 * Decodes frames, one layer after the other, down to the transport header.
 *
 * <p>Total: any octets give exactly one {@link Outcome}, none an exception, and no octet outside the frame is read.
 * Allocation-free, iterative and bounded in time. One thread uses a decoder; its state does not outlive a call.
 *
 * <p>Layers are visited in a loop and each says which follows, so a tunnel is one more layer that leads back to an earlier
 * one. The header is that of the innermost IP packet; what happens where a tunnel has none, {@link Encapsulations} knows.
 */
public final class HeaderDecoder {

    /** A frame has four or five; only a hostile one has more than a dozen. */
    private static final int MAX_LAYERS = 64;

    private final Cursor cursor = new Cursor();
    private final Encapsulations encapsulations;

    /** Opens everything, takes mirror packets from anyone. */
    public HeaderDecoder() {
        this(DecodeOptions.DEFAULTS);
    }

    public HeaderDecoder(DecodeOptions options) {
        this(options, outer -> {});
    }

    /**
     * A decoder whose tunnels may be fragmented.
     *
     * @param firstFragments takes the outer header where a tunnel was opened in the first fragment of a datagram, before
     *     {@link #decode} returns with the inner one: {@link FragmentTable#learn}, so that the later fragments, which stay on the
     *     outer header's flow, find their ports
     */
    public HeaderDecoder(DecodeOptions options, HeaderSink firstFragments) {
        this.encapsulations = new Encapsulations(options, firstFragments);
    }

    /**
     * Fills {@code header} from {@code frame}. Its fields mean something only if {@link Outcome#publishesHeader()}; the
     * capture time is always set.
     */
    public Outcome decode(Frame frame, PacketHeader header) {
        header.timeNanos = frame.timeNanos;
        forgetTunnels(frame, header);
        cursor.start(frame);
        encapsulations.start();
        Layer layer = readUsual(LinkType.first(cursor, frame.linkType), header);
        for (int i = 0; i < MAX_LAYERS; i++) {
            if (layer == Layer.END) {
                return encapsulations.settle(cursor.outcome(), header);
            }
            layer = read(layer, header);
        }
        return encapsulations.settle(Outcome.MALFORMED_LINK, header);
    }

    /**
     * Clears what no later layer writes in any case. Ethernet writes all addresses and tags, IP all network and transport
     * fields: to clear those first as well was measured at up to 8 ns a packet (docs/benchmarks/decode.md).
     */
    private static void forgetTunnels(Frame frame, PacketHeader header) {
        header.overlayId = PacketHeader.NO_OVERLAY;
        header.quotedFamily = PacketHeader.FAMILY_NONE;
        if (header.mirrorKind != PacketHeader.MIRROR_NONE || frame.linkType != LinkType.ETHERNET) {
            header.clear();
        }
    }

    /**
     * The layers of nearly every frame in a straight line, which the compiler makes one piece of code of: what the loop would
     * do without its turns.
     */
    private Layer readUsual(Layer first, PacketHeader header) {
        Layer layer = first;
        if (layer == Layer.ETHERNET) {
            layer = Ethernet.read(cursor, header);
        }
        if (layer == Layer.VLAN_TAG) {
            layer = VlanTag.read(cursor, header);
        }
        if (layer == Layer.IPV4) {
            layer = Ipv4.read(cursor, header);
        } else if (layer == Layer.IPV6) {
            layer = Ipv6.read(cursor, header);
        }
        return layer == Layer.TRANSPORT ? Transport.read(cursor, header, encapsulations) : layer;
    }

    private Layer read(Layer layer, PacketHeader header) {
        return switch (layer) {
            case ETHERNET -> Ethernet.read(cursor, header);
            case LLC -> Llc.read(cursor, header);
            case VLAN_TAG -> VlanTag.read(cursor, header);
            case COOKED -> LinuxCooked.read(cursor, header);
            case COOKED_2 -> LinuxCooked.read2(cursor, header);
            case RAW_IP -> RawIp.read(cursor, header);
            case HOST_LOOPBACK -> Loopback.readHostOrder(cursor, header);
            case NETWORK_LOOPBACK -> Loopback.readNetworkOrder(cursor, header);
            case PPP -> Ppp.read(cursor, header);
            case CISCO_HDLC -> CiscoHdlc.read(cursor, header);
            case ARP -> Arp.read(cursor, header);
            case IPV4 -> Ipv4.read(cursor, header);
            case IPV6 -> Ipv6.read(cursor, header);
            case TRANSPORT -> Transport.read(cursor, header, encapsulations);
            case MPLS -> Mpls.read(cursor, header);
            case PPPOE -> Pppoe.read(cursor, header);
            case BACKBONE_TAG -> BackboneTag.read(cursor);
            case VN_TAG -> VnTag.read(cursor, header);
            case GRE -> Gre.read(cursor, header, encapsulations);
            case VXLAN -> Vxlan.read(cursor, header, encapsulations);
            case VXLAN_GPE -> VxlanGpe.read(cursor, header, encapsulations);
            case GENEVE -> Geneve.read(cursor, header, encapsulations);
            case IPV4_IN_IP -> Tunnel.readDirect(cursor, header, encapsulations, EtherType.IPV4);
            case IPV6_IN_IP -> Tunnel.readDirect(cursor, header, encapsulations, EtherType.IPV6);
            case MPLS_IN_IP -> Tunnel.readDirect(cursor, header, encapsulations, EtherType.MPLS);
            case END -> Layer.END;
        };
    }
}
