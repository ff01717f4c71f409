package io.parallax.wire;

import io.parallax.wire.WireFormatException.Reason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link HeaderBatch} back into single headers.
 *
 * <p>Most readers want {@link #open} and then {@link #next} into one reused header until it answers false. A reader that
 * works per dictionary entry (the Flink job does: an entry's flow has to be looked up once, not once per packet) takes the
 * entries with {@link #entry} first and asks {@link #entryIndex} after each {@link #next}. The packets that ICMP errors quote
 * are no headers of the batch; who wants them as evidence stops behind the headers that {@link #quotationIndex} names and
 * takes each with {@link #quotation}. Nothing is allocated per header.
 * A batch is verified as far as it is read: after the last header the columns have to be used up. Not thread-safe.
 */
public final class HeaderBatchReader {

    /** More headers or entries than this in one batch are refused before anything is allocated for them. */
    private static final int MOST = 1 << 20;

    private final SingleObjectCodec<HeaderBatch> codec = SingleObjectCodec.of(HeaderBatch.getClassSchema());
    private final HeaderBatchChecksum checksum = new HeaderBatchChecksum();
    private final TcpPrediction prediction = new TcpPrediction();
    private final MirrorPrediction mirrorPrediction = new MirrorPrediction();

    private final ColumnReader points = new ColumnReader("observation_points");
    private final ColumnReader entryColumn = new ColumnReader("entries");
    private final ColumnReader times = new ColumnReader("times");
    private final ColumnReader entryIndexes = new ColumnReader("entry_indexes");
    private final ColumnReader ipLengths = new ColumnReader("ip_lengths");
    private final ColumnReader headerLengths = new ColumnReader("header_lengths");
    private final ColumnReader tcpControlBits = new ColumnReader("tcp_control_bits");
    private final ColumnReader tcpSequences = new ColumnReader("tcp_sequences");
    private final ColumnReader tcpAcknowledgments = new ColumnReader("tcp_acknowledgments");
    private final ColumnReader tcpWindows = new ColumnReader("tcp_windows");
    private final ColumnReader mirrorSequences = new ColumnReader("mirror_sequences");
    private final QuotationReader quotations = new QuotationReader();

    private PacketHeader[] pointPool = new PacketHeader[0];
    private PacketHeader[] entryPool = new PacketHeader[0];
    private int entryCount;
    private int headerCount;
    private int remaining;
    private int entryIndex;
    private long time;

    /**
     * Begins the batch in {@code value}.
     *
     * @return the batch's identity; its columns are for this reader
     * @throws WireFormatException if {@code value} is no batch, or its checksum or dictionary is wrong
     */
    public HeaderBatch open(byte @Nullable [] value) throws WireFormatException {
        HeaderBatch batch = codec.decode(value);
        open(batch);
        return batch;
    }

    /**
     * Begins a batch whose Avro frame is decoded already.
     *
     * @throws WireFormatException if its checksum or dictionary is wrong
     */
    public void open(HeaderBatch opened) throws WireFormatException {
        int expected = checksum.of(opened);
        if (opened.getCrc32c() != expected) {
            throw new WireFormatException(
                    Reason.CHECKSUM, "CRC-32C is %08x, the batch says %08x".formatted(expected, opened.getCrc32c()));
        }
        int version = opened.getColumnsVersion();
        if (version < HeaderBatchWriter.COLUMNS_WITHOUT_MIRROR_SEQUENCES
                || version > HeaderBatchWriter.COLUMNS_VERSION) {
            throw inconsistent("columns version " + version + "; this reader knows 1 to 3");
        }
        headerCount = bounded("header_count", opened.getHeaderCount());
        remaining = headerCount;
        entryCount = bounded("entry_count", opened.getEntryCount());
        time = 0;
        readPoints(opened);
        readEntries(opened);
        openColumns(opened);
    }

    private static int bounded(String field, int count) throws WireFormatException {
        if (count < 0 || count > MOST) {
            throw inconsistent("%s is %d; allowed are 0 to %d".formatted(field, count, MOST));
        }
        return count;
    }

    private void openColumns(HeaderBatch opened) throws WireFormatException {
        times.open(opened.getTimes());
        entryIndexes.open(opened.getEntryIndexes());
        ipLengths.open(opened.getIpLengths());
        headerLengths.open(opened.getHeaderLengths());
        tcpControlBits.open(opened.getTcpControlBits());
        tcpSequences.open(opened.getTcpSequences());
        tcpAcknowledgments.open(opened.getTcpAcknowledgments());
        tcpWindows.open(opened.getTcpWindows());
        mirrorSequences.open(opened.getMirrorSequences());
        openQuotations(opened);
    }

    /** Where no checksum covers the column, nothing may be in it. */
    private void openQuotations(HeaderBatch opened) throws WireFormatException {
        boolean hasColumn = opened.getColumnsVersion() > HeaderBatchWriter.COLUMNS_WITHOUT_QUOTATIONS;
        if (!hasColumn && opened.getQuotations().hasRemaining()) {
            throw inconsistent("quotations in columns version " + opened.getColumnsVersion());
        }
        quotations.open(opened.getQuotations(), headerCount);
    }

    private void readPoints(HeaderBatch opened) throws WireFormatException {
        int count = bounded("observation_point_count", opened.getObservationPointCount());
        points.open(opened.getObservationPoints());
        pointPool = withRoomFor(pointPool, count, opened.getObservationPoints().remaining());
        boolean hasMirrorFlags = opened.getColumnsVersion() > HeaderBatchWriter.COLUMNS_WITHOUT_MIRROR_SEQUENCES;
        for (int i = 0; i < count; i++) {
            readPoint(pointPool[i], hasMirrorFlags);
        }
        if (!points.isAtEnd()) {
            throw inconsistent("octets follow the last observation point");
        }
    }

    private void readPoint(PacketHeader point, boolean hasMirrorFlags) throws WireFormatException {
        point.clear();
        point.sourceMac = points.bigEndian(6);
        point.destinationMac = points.bigEndian(6);
        int flags = points.octet();
        point.vlanCount = flags & HeaderBatchWriter.VLAN_COUNT_MASK;
        if (point.vlanCount > PacketHeader.MAX_VLANS) {
            throw inconsistent("an observation point with " + point.vlanCount + " VLAN tags; at most 4 are kept");
        }
        point.vlanStack = points.bigEndian(2 * point.vlanCount);
        if ((flags & HeaderBatchWriter.HAS_OVERLAY) != 0) {
            point.overlayId = (int) points.unsigned();
        }
        if ((flags & HeaderBatchWriter.HAS_MIRROR) != 0) {
            point.mirrorSourceHigh = points.bigEndian(8);
            point.mirrorSourceLow = points.bigEndian(8);
            point.mirrorSession = (int) points.unsigned();
            readMirrorFlags(point, hasMirrorFlags ? points.octet() : 0);
        }
    }

    /** A point whose headers have sequence numbers holds 0 for all of them. */
    private static void readMirrorFlags(PacketHeader point, int flags) {
        point.mirrorKind = flags & HeaderBatchWriter.MIRROR_KIND_MASK;
        point.mirrorDirection =
                flags >>> HeaderBatchWriter.MIRROR_DIRECTION_SHIFT & HeaderBatchWriter.MIRROR_DIRECTION_MASK;
        if ((flags & HeaderBatchWriter.HAS_MIRROR_SEQUENCES) != 0) {
            point.mirrorSequence = 0;
        }
    }

    private void readEntries(HeaderBatch opened) throws WireFormatException {
        entryColumn.open(opened.getEntries());
        entryPool = withRoomFor(entryPool, entryCount, opened.getEntries().remaining());
        mirrorPrediction.clear();
        for (int i = 0; i < entryCount; i++) {
            readEntry(entryPool[i], opened.getObservationPointCount());
            prediction.clear(i);
            if (entryPool[i].mirrorSequence != PacketHeader.NO_SEQUENCE) {
                mirrorPrediction.join(i, entryPool[i]);
            }
        }
        if (!entryColumn.isAtEnd()) {
            throw inconsistent("octets follow the last dictionary entry");
        }
    }

    private void readEntry(PacketHeader entry, int pointCount) throws WireFormatException {
        long point = entryColumn.unsigned();
        if (point < 0 || point >= pointCount) {
            throw inconsistent("observation point %d of %d".formatted(point, pointCount));
        }
        entry.copyFrom(pointPool[(int) point]);
        entry.family = entryColumn.octet();
        entry.protocol = entryColumn.octet();
        entry.ttl = entryColumn.octet();
        entry.status = entryColumn.octet();
        entry.icmpCode = entryColumn.octet();
        boolean isWide = entry.family == PacketHeader.FAMILY_IPV6;
        entry.sourceHigh = isWide ? entryColumn.bigEndian(8) : 0;
        entry.sourceLow = entryColumn.bigEndian(isWide ? 8 : 4);
        entry.destinationHigh = isWide ? entryColumn.bigEndian(8) : 0;
        entry.destinationLow = entryColumn.bigEndian(isWide ? 8 : 4);
        entry.sourcePort = (int) entryColumn.bigEndian(2);
        entry.destinationPort = (int) entryColumn.bigEndian(2);
        entry.etherType = switch (entry.family) {
            case PacketHeader.FAMILY_IPV4 -> 0x0800;
            case PacketHeader.FAMILY_IPV6 -> 0x86DD;
            case PacketHeader.FAMILY_ARP -> 0x0806;
            default -> throw inconsistent("address family " + entry.family + "; allowed are 1, 4 and 6");
        };
    }

    /** A pool of at least {@code count} headers; a count that the column's octets cannot hold is refused first. */
    private static PacketHeader[] withRoomFor(PacketHeader[] pool, int count, int octets) throws WireFormatException {
        if (count > octets) {
            throw inconsistent("%d dictionary entries in %d octets".formatted(count, octets));
        }
        if (count <= pool.length) {
            return pool;
        }
        PacketHeader[] larger = Arrays.copyOf(pool, Math.max(count, pool.length * 2));
        for (int i = pool.length; i < larger.length; i++) {
            larger[i] = new PacketHeader();
        }
        return larger;
    }

    /** Entries of the dictionary. */
    public int entryCount() {
        return entryCount;
    }

    /**
     * What all headers of dictionary entry {@code index} share; time, lengths, TCP and mirror sequence numbers mean nothing
     * in it. A view: valid until the next {@link #open}, not to be written.
     */
    public PacketHeader entry(int index) {
        return entryPool[index];
    }

    /** Dictionary entry of the header that {@link #next} read last. */
    public int entryIndex() {
        return entryIndex;
    }

    /**
     * Reads the next header.
     *
     * @return false after the last one
     * @throws WireFormatException if the columns end early or hold what the counts don't allow
     */
    public boolean next(PacketHeader header) throws WireFormatException {
        if (!advance()) {
            return false;
        }
        header.copyFrom(entryPool[entryIndex]);
        readRow(header);
        if (quotations.count() > 0) {
            int quotation = quotations.of(lastIndex());
            if (quotation >= 0) {
                quotations.restore(quotation, header);
            }
        }
        return true;
    }

    /** Number in the batch of the header that {@link #next} read last. */
    private int lastIndex() {
        return headerCount - remaining - 1;
    }

    /** Headers of the batch that quote a packet; known from {@link #open} on. */
    public int quotationCount() {
        return quotations.count();
    }

    /** Number in the batch, from 0, of the header that quotation {@code quotation} stands in; ascending. */
    public int quotationIndex(int quotation) {
        return quotations.index(quotation);
    }

    /**
     * The packet that the header read last quotes, as a header of its own flow: from the quoted sender to the quoted receiver,
     * at time and observation point of the ICMP error, with {@link PacketHeader#quotedBy}; 0 octets, TTL 0, status 0. It was
     * not seen: it must not be counted.
     *
     * @throws WireFormatException if that header is no ICMP error
     * @throws IllegalStateException if the header read last is not {@link #quotationIndex} of {@code quotation}
     */
    public void quotation(int quotation, PacketHeader quoted) throws WireFormatException {
        if (quotations.index(quotation) != lastIndex()) {
            throw new IllegalStateException("quotation %d stands in header %d, read last was %d"
                    .formatted(quotation, quotations.index(quotation), lastIndex()));
        }
        quoted.copyFrom(entryPool[entryIndex]);
        quoted.timeNanos = time;
        quotations.restore(quotation, quoted);
        quoted.becomeQuoted();
    }

    /**
     * As {@link #next}, but sets only what differs between headers of one entry: time, lengths, TCP numbers (0 for other
     * protocols) and the mirror sequence number, no quotation. For readers that have taken the rest from {@link #entry}.
     */
    public boolean nextInPlace(PacketHeader header) throws WireFormatException {
        if (!advance()) {
            return false;
        }
        readRow(header);
        return true;
    }

    private boolean advance() throws WireFormatException {
        if (remaining == 0) {
            requireUsedUp();
            return false;
        }
        remaining--;
        long number = times.unsigned();
        long zigzag = number >>> 1;
        long delta = zigzag >>> 1 ^ -(zigzag & 1);
        time += (number & 1) == 0 ? delta * HeaderBatchWriter.NANOS_PER_MICRO : delta;
        long index = entryIndexes.unsigned();
        if (index < 0 || index >= entryCount) {
            throw inconsistent("dictionary entry %d of %d".formatted(index, entryCount));
        }
        entryIndex = (int) index;
        return true;
    }

    private void readRow(PacketHeader header) throws WireFormatException {
        header.timeNanos = time;
        header.octetsIp = (int) ipLengths.unsigned();
        header.octetsHeader = (int) headerLengths.unsigned();
        PacketHeader entry = entryPool[entryIndex];
        if (entry.protocol == HeaderBatchWriter.PROTOCOL_TCP && entry.isIp()) {
            header.tcpControlBits = (int) tcpControlBits.unsigned();
            header.tcpSequence = (int) (prediction.sequence(entryIndex) + tcpSequences.signed());
            header.tcpAcknowledgment = (int) (prediction.acknowledgment(entryIndex) + tcpAcknowledgments.signed());
            header.tcpWindow = (int) (prediction.window(entryIndex) + tcpWindows.signed());
            prediction.update(entryIndex, header);
        } else {
            header.tcpControlBits = 0;
            header.tcpSequence = 0;
            header.tcpAcknowledgment = 0;
            header.tcpWindow = 0;
        }
        header.mirrorSequence =
                entry.mirrorSequence == PacketHeader.NO_SEQUENCE ? PacketHeader.NO_SEQUENCE : readMirrorSequence();
    }

    private long readMirrorSequence() throws WireFormatException {
        int sequence = (int) (mirrorPrediction.expected(entryIndex) + mirrorSequences.signed());
        mirrorPrediction.update(entryIndex, sequence);
        return Integer.toUnsignedLong(sequence);
    }

    private void requireUsedUp() throws WireFormatException {
        boolean isUsedUp = times.isAtEnd()
                && entryIndexes.isAtEnd()
                && ipLengths.isAtEnd()
                && headerLengths.isAtEnd()
                && tcpControlBits.isAtEnd()
                && tcpSequences.isAtEnd()
                && tcpAcknowledgments.isAtEnd()
                && tcpWindows.isAtEnd()
                && mirrorSequences.isAtEnd();
        if (!isUsedUp) {
            throw inconsistent("octets follow the last header of the columns");
        }
    }

    private static WireFormatException inconsistent(String explanation) {
        return new WireFormatException(Reason.INCONSISTENT_COLUMNS, explanation);
    }
}
