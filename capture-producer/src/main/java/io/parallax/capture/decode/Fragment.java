package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/** What IPv4's and IPv6's fragment fields have in common. */
final class Fragment {

    private Fragment() {}

    /** Marks a fragment: a first one has its transport header, a later one ends here. */
    static Layer read(Cursor cursor, PacketHeader header, int identification, boolean later) {
        header.fragmentIdentification = identification;
        header.status |= PacketHeader.STATUS_FRAGMENT;
        if (!later) {
            return Layer.TRANSPORT;
        }
        header.status |= PacketHeader.STATUS_LATER_FRAGMENT;
        if (IpProtocol.hasPorts(header)) {
            header.status |= PacketHeader.STATUS_PORTS_UNKNOWN;
        }
        return cursor.end(Outcome.DECODED_LATER_FRAGMENT);
    }
}
