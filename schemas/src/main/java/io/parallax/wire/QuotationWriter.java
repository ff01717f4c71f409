package io.parallax.wire;

import java.nio.ByteBuffer;

/**
 * The column of the packets that ICMP errors quote: few headers have one, so it names those that do and is empty where none
 * does.
 *
 * <pre>
 *  quotations   per quotation: headers between this one's and the one's before, the first: before it (varint)
 *                              | family 1 | protocol 1 | source address | destination address
 *                              | source port 2 | destination port 2
 *       addresses: 4 octets for IPv4, 16 for IPv6
 * </pre>
 */
final class QuotationWriter {

    /** Room for some twenty; an error is one packet in thousands, or else one in few. */
    private static final int FIRST_OCTETS = 512;

    private final ColumnWriter octets = new ColumnWriter(FIRST_OCTETS);
    private int next;

    /**
     * Adds what {@code header}, the batch's header number {@code index}, quotes.
     *
     * @throws IllegalArgumentException if the header is no ICMP error of the family that it quotes
     */
    void add(int index, PacketHeader header) {
        if (header.quotedFamily != header.family || !IcmpError.quotes(header)) {
            throw new IllegalArgumentException(
                    "a header of family %d, protocol %d, port %d quotes a packet of family %d"
                            .formatted(header.family, header.protocol, header.sourcePort, header.quotedFamily));
        }
        octets.unsigned(index - next);
        octets.octet(header.quotedFamily);
        octets.octet(header.quotedProtocol);
        address(header.quotedFamily, header.quotedSourceHigh, header.quotedSourceLow);
        address(header.quotedFamily, header.quotedDestinationHigh, header.quotedDestinationLow);
        octets.bigEndian(header.quotedSourcePort, 2);
        octets.bigEndian(header.quotedDestinationPort, 2);
        next = index + 1;
    }

    private void address(int family, long high, long low) {
        if (family == PacketHeader.FAMILY_IPV6) {
            octets.bigEndian(high, 8);
        }
        octets.bigEndian(low, family == PacketHeader.FAMILY_IPV6 ? 8 : 4);
    }

    int length() {
        return octets.length();
    }

    /** A view of what was written; valid until the next write or reset. */
    ByteBuffer view() {
        return octets.view();
    }

    void reset() {
        octets.reset();
        next = 0;
    }
}
