package io.parallax.wire;

import io.parallax.wire.WireFormatException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads what {@link QuotationWriter} wrote, all of it at once: quotations are few, and none takes more room here than a few
 * times its octets, whatever the column claims.
 */
final class QuotationReader {

    /** Words a quotation: source address, destination address, and what {@link #word} packs. */
    private static final int WIDTH = 5;

    private static final int FIRST_QUOTATIONS = 16;
    private static final int PROTOCOL_SHIFT = 32;
    private static final int FAMILY_SHIFT = 40;

    private final ColumnReader octets = new ColumnReader("quotations");
    private int[] indexes = new int[FIRST_QUOTATIONS];
    private long[] words = new long[FIRST_QUOTATIONS * WIDTH];
    private int count;
    private int upcoming;

    /**
     * Begins a batch.
     *
     * @throws WireFormatException if the column names a header that the batch does not have or an address family that no
     *     error quotes, or ends early
     */
    void open(ByteBuffer column, int headerCount) throws WireFormatException {
        octets.open(column);
        count = 0;
        upcoming = 0;
        long next = 0;
        while (!octets.isAtEnd()) {
            long between = octets.unsigned();
            if (between < 0 || between >= headerCount - next) {
                throw inconsistent("a quotation in a header behind the last of " + headerCount);
            }
            append((int) (next + between));
            next += between + 1;
        }
    }

    private void append(int index) throws WireFormatException {
        if (count == indexes.length) {
            indexes = Arrays.copyOf(indexes, count * 2);
            words = Arrays.copyOf(words, words.length * 2);
        }
        indexes[count] = index;
        long family = octets.octet();
        if (family != PacketHeader.FAMILY_IPV4 && family != PacketHeader.FAMILY_IPV6) {
            throw inconsistent("a quoted packet of address family " + family + "; allowed are 4 and 6");
        }
        boolean isWide = family == PacketHeader.FAMILY_IPV6;
        long protocol = octets.octet();
        int start = count * WIDTH;
        words[start] = isWide ? octets.bigEndian(8) : 0;
        words[start + 1] = octets.bigEndian(isWide ? 8 : 4);
        words[start + 2] = isWide ? octets.bigEndian(8) : 0;
        words[start + 3] = octets.bigEndian(isWide ? 8 : 4);
        words[start + 4] = word(family, protocol, octets.bigEndian(4));
        count++;
    }

    private static long word(long family, long protocol, long ports) {
        return family << FAMILY_SHIFT | protocol << PROTOCOL_SHIFT | ports;
    }

    int count() {
        return count;
    }

    /** Number of the header that quotation {@code quotation} stands in. */
    int index(int quotation) {
        return indexes[quotation];
    }

    /** The quotation of header {@code index}, -1 if it has none; the headers have to be asked for in their order. */
    int of(int index) {
        while (upcoming < count && indexes[upcoming] < index) {
            upcoming++;
        }
        return upcoming < count && indexes[upcoming] == index ? upcoming : -1;
    }

    /**
     * Sets the quoted fields of {@code header}, whose quotation it is, as the decoder did.
     *
     * @throws WireFormatException if that header is no ICMP error of the quoted packet's family
     */
    void restore(int quotation, PacketHeader header) throws WireFormatException {
        int start = quotation * WIDTH;
        long word = words[start + 4];
        int family = (int) (word >>> FAMILY_SHIFT);
        if (family != header.family || !IcmpError.quotes(header)) {
            throw inconsistent("header %d is no ICMP error of family %d and yet quotes a packet"
                    .formatted(indexes[quotation], family));
        }
        header.quotedFamily = family;
        header.quotedSourceHigh = words[start];
        header.quotedSourceLow = words[start + 1];
        header.quotedDestinationHigh = words[start + 2];
        header.quotedDestinationLow = words[start + 3];
        header.quotedProtocol = (int) (word >>> PROTOCOL_SHIFT) & 0xFF;
        header.quotedSourcePort = (int) (word >>> Short.SIZE) & 0xFFFF;
        header.quotedDestinationPort = (int) word & 0xFFFF;
    }

    private static WireFormatException inconsistent(String explanation) {
        return new WireFormatException(Reason.INCONSISTENT_COLUMNS, explanation);
    }
}
