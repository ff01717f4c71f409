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
 * one.
 */
public final class HeaderDecoder {

    /** A frame has four or five; only a hostile one has more than a dozen. */
    private static final int MAX_LAYERS = 64;

    private final Cursor cursor = new Cursor();

    /**
     * Fills {@code header} from {@code frame}. Its fields mean something only if {@link Outcome#publishesHeader()}; the
     * capture time is always set.
     */
    public Outcome decode(Frame frame, PacketHeader header) {
        header.timeNanos = frame.timeNanos;
        header.clear();
        cursor.start(frame);
        Layer layer = LinkType.first(cursor, frame.linkType);
        for (int i = 0; i < MAX_LAYERS; i++) {
            if (layer == Layer.END) {
                return cursor.outcome();
            }
            layer = read(layer, header);
        }
        return Outcome.MALFORMED_LINK;
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
            case TRANSPORT -> Transport.read(cursor, header);
            case END -> Layer.END;
        };
    }
}
