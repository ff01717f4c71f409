package io.parallax.wire;

import java.util.Set;
import java.util.TreeSet;

/**
 * Packs headers of one stream into {@link HeaderBatch} records.
 *
 * <p>What repeats from packet to packet of a flow (addresses, ports, TTL, MACs, VLANs) goes into a dictionary once per
 * batch; a packet is then a time delta, a dictionary index, two lengths and, for TCP, what its flow did not predict. A
 * column of like numbers also compresses better than rows do: docs/benchmarks/wire.md. Nothing is allocated per header.
 * Not thread-safe.
 *
 * <pre>
 *  observation_points   per entry: source MAC 6 | destination MAC 6 | flags 1 | VLAN id 2 each
 *                                  | overlay id (varint)? | mirror source 16, session (varint), mirror flags 1?
 *       flags: bits 0-2 VLAN tags, bit 3 overlay id follows, bit 4 mirror session follows
 *       mirror flags: bits 0-2 MIRROR_ kind, bits 3-4 DIRECTION_, bit 5 the headers have sequence numbers
 *  entries              per entry: observation point (varint) | family 1 | protocol 1 | TTL 1 | status 1 | ICMP code 1
 *                                  | source address | destination address | source port 2 | destination port 2
 *       addresses: 4 octets for IPv4 and ARP, else 16
 *  times                per header: bit 0 set: nanoseconds, else microseconds; rest: zigzag delta (varint)
 *  entry_indexes, ip_lengths, header_lengths                        per header: varint
 *  tcp_control_bits                                                 per TCP header: varint
 *  tcp_sequences, tcp_acknowledgments, tcp_windows                  per TCP header: zigzag difference (varint)
 *  mirror_sequences                                                 per header with one: zigzag difference (varint)
 *  quotations                                                       per header with one: {@link QuotationWriter}
 * </pre>
 *
 * <p>Version 1 of the columns had no mirror flags and no mirror sequences, versions 1 and 2 no quotations; readers still
 * take both.
 */
public final class HeaderBatchWriter {

    /** All packets, as far as the sensor could: {@code sampling_method} of most streams. */
    public static final String SAMPLING_NONE = "none";

    /** Every Nth frame. */
    public static final String SAMPLING_COUNT = "count";

    /** Whole flows by {@link FlowHash}, the same ones on every sensor. */
    public static final String SAMPLING_FLOW_HASH = "flow_hash";

    static final int COLUMNS_WITHOUT_MIRROR_SEQUENCES = 1;
    static final int COLUMNS_WITHOUT_QUOTATIONS = 2;
    static final int COLUMNS_VERSION = 3;
    static final int PROTOCOL_TCP = 6;
    static final int VLAN_COUNT_MASK = 0x07;
    static final int HAS_OVERLAY = 1 << 3;
    static final int HAS_MIRROR = 1 << 4;
    static final int MIRROR_KIND_MASK = 0x07;
    static final int MIRROR_DIRECTION_SHIFT = 3;
    static final int MIRROR_DIRECTION_MASK = 0x03;
    static final int HAS_MIRROR_SEQUENCES = 1 << 5;
    static final int NANOS_PER_MICRO = 1_000;

    private static final Set<String> SAMPLING_METHODS = Set.of(SAMPLING_NONE, SAMPLING_COUNT, SAMPLING_FLOW_HASH);
    private static final int FIRST_COLUMN_OCTETS = 16 * 1024;
    private static final long MAC_MASK = 0xFFFF_FFFF_FFFFL;

    private static final int ENTRY_WIDTH = 11;
    private static final int POINT_WIDTH = 6;

    private final String sensorId;
    private final String interfaceName;
    private final int lane;
    private final long bootEpoch;
    private final int snapLength;
    private final double samplingProbability;
    private final String samplingMethod;

    private final KeyDictionary entryKeys = new KeyDictionary(ENTRY_WIDTH);
    private final KeyDictionary pointKeys = new KeyDictionary(POINT_WIDTH);
    private final long[] entryKey = new long[ENTRY_WIDTH];
    private final long[] pointKey = new long[POINT_WIDTH];
    private final TcpPrediction prediction = new TcpPrediction();
    private final MirrorPrediction mirrorPrediction = new MirrorPrediction();

    private final ColumnWriter points = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter entries = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter times = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter entryIndexes = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter ipLengths = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter headerLengths = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter tcpControlBits = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter tcpSequences = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter tcpAcknowledgments = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter tcpWindows = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final ColumnWriter mirrorSequences = new ColumnWriter(FIRST_COLUMN_OCTETS);
    private final QuotationWriter quotations = new QuotationWriter();

    private final SingleObjectCodec<HeaderBatch> codec = SingleObjectCodec.of(HeaderBatch.getClassSchema());
    private final HeaderBatchChecksum checksum = new HeaderBatchChecksum();

    private long nextSequence;
    private int count;
    private long previousTime;
    private long firstTime;
    private long lastTime;

    /**
     * A writer at sequence 0 of a new epoch.
     *
     * @param bootEpoch start of the process, milliseconds since the epoch
     * @param snapLength octets captured of a frame at most; 0: not known
     * @param samplingProbability share of the packets selected, above 0 up to 1
     * @param samplingMethod how they were selected, one of the SAMPLING_ names
     * @throws IllegalArgumentException if the sampling method is none of them
     */
    public HeaderBatchWriter(
            String sensorId,
            String interfaceName,
            int lane,
            long bootEpoch,
            int snapLength,
            double samplingProbability,
            String samplingMethod) {
        if (!SAMPLING_METHODS.contains(samplingMethod)) {
            throw new IllegalArgumentException("sampling method \"" + samplingMethod + "\"; allowed are "
                    + String.join(", ", new TreeSet<>(SAMPLING_METHODS)));
        }
        this.sensorId = sensorId;
        this.interfaceName = interfaceName;
        this.lane = lane;
        this.bootEpoch = bootEpoch;
        this.snapLength = snapLength;
        this.samplingProbability = samplingProbability;
        this.samplingMethod = samplingMethod;
    }

    /** Headers in the batch that is being filled. */
    public int count() {
        return count;
    }

    /** Octets the batch takes so far, uncompressed, without the few of its frame. */
    public int octets() {
        return points.length()
                + entries.length()
                + times.length()
                + entryIndexes.length()
                + ipLengths.length()
                + headerLengths.length()
                + tcpControlBits.length()
                + tcpSequences.length()
                + tcpAcknowledgments.length()
                + tcpWindows.length()
                + mirrorSequences.length()
                + quotations.length();
    }

    /** Name of the stream, as {@link Topics#streamId} builds it. */
    public String streamId() {
        return Topics.streamId(sensorId, interfaceName, lane);
    }

    /**
     * Adds a copy of {@code header} to the batch.
     *
     * @throws IllegalArgumentException if the header has no addresses ({@link PacketHeader#FAMILY_NONE}), or quotes a packet
     *     and is no ICMP error; nothing of it was added
     */
    public void add(PacketHeader header) {
        if (header.family == PacketHeader.FAMILY_NONE) {
            throw new IllegalArgumentException("a header of address family 0; allowed are 1 (ARP), 4 and 6");
        }
        if (header.quotedFamily != PacketHeader.FAMILY_NONE) {
            quotations.add(count, header);
        }
        addTime(header.timeNanos);
        int entry = entryOf(header);
        entryIndexes.unsigned(entry);
        ipLengths.unsigned(header.octetsIp);
        headerLengths.unsigned(header.octetsHeader);
        if (header.protocol == PROTOCOL_TCP && header.isIp()) {
            addTcp(entry, header);
        }
        if (header.mirrorSequence != PacketHeader.NO_SEQUENCE) {
            addMirrorSequence(entry, header);
        }
        count++;
    }

    private void addTime(long timeNanos) {
        if (count == 0) {
            previousTime = 0;
            firstTime = timeNanos;
            lastTime = timeNanos;
        }
        long delta = timeNanos - previousTime;
        long micros = delta / NANOS_PER_MICRO;
        boolean isWholeMicros = micros * NANOS_PER_MICRO == delta;
        long number = isWholeMicros ? micros : delta;
        times.unsigned((((number << 1) ^ (number >> 63)) << 1) | (isWholeMicros ? 0 : 1));
        previousTime = timeNanos;
        firstTime = Math.min(firstTime, timeNanos);
        lastTime = Math.max(lastTime, timeNanos);
    }

    private void addTcp(int entry, PacketHeader header) {
        tcpControlBits.unsigned(header.tcpControlBits);
        tcpSequences.signed(header.tcpSequence - prediction.sequence(entry));
        tcpAcknowledgments.signed(header.tcpAcknowledgment - prediction.acknowledgment(entry));
        tcpWindows.signed(header.tcpWindow - prediction.window(entry));
        prediction.update(entry, header);
    }

    private void addMirrorSequence(int entry, PacketHeader header) {
        int sequence = (int) header.mirrorSequence;
        mirrorSequences.signed(sequence - mirrorPrediction.expected(entry));
        mirrorPrediction.update(entry, sequence);
    }

    private int entryOf(PacketHeader header) {
        long[] key = entryKey;
        key[0] = header.sourceHigh;
        key[1] = header.sourceLow;
        key[2] = header.destinationHigh;
        key[3] = header.destinationLow;
        key[4] = ((long) header.family << 56)
                | ((header.protocol & 0xFFL) << 48)
                | ((header.ttl & 0xFFL) << 40)
                | ((header.status & 0xFFL) << 32)
                | ((header.sourcePort & 0xFFFFL) << 16)
                | (header.destinationPort & 0xFFFFL);
        key[5] = (header.sourceMac & MAC_MASK) | ((long) header.vlanCount << 48) | ((header.icmpCode & 0xFFL) << 56);
        key[6] = (header.destinationMac & MAC_MASK) | ((long) mirrorFlags(header) << 48);
        key[7] = header.vlanStack;
        key[8] = ((long) header.overlayId << 32) | (header.mirrorSession & 0xFFFF_FFFFL);
        key[9] = header.mirrorSourceHigh;
        key[10] = header.mirrorSourceLow;
        int found = entryKeys.add(key);
        if (found >= 0) {
            return found;
        }
        writeEntry(header);
        prediction.clear(~found);
        if (header.mirrorSequence != PacketHeader.NO_SEQUENCE) {
            mirrorPrediction.join(~found, header);
        }
        return ~found;
    }

    private static int mirrorFlags(PacketHeader header) {
        return (header.mirrorKind & MIRROR_KIND_MASK)
                | ((header.mirrorDirection & MIRROR_DIRECTION_MASK) << MIRROR_DIRECTION_SHIFT)
                | (header.mirrorSequence == PacketHeader.NO_SEQUENCE ? 0 : HAS_MIRROR_SEQUENCES);
    }

    private void writeEntry(PacketHeader header) {
        entries.unsigned(pointOf(header));
        entries.octet(header.family);
        entries.octet(header.protocol);
        entries.octet(header.ttl);
        entries.octet(header.status);
        entries.octet(header.icmpCode);
        writeAddress(header.family, header.sourceHigh, header.sourceLow);
        writeAddress(header.family, header.destinationHigh, header.destinationLow);
        entries.bigEndian(header.sourcePort, 2);
        entries.bigEndian(header.destinationPort, 2);
    }

    private void writeAddress(int family, long high, long low) {
        if (family == PacketHeader.FAMILY_IPV6) {
            entries.bigEndian(high, 8);
            entries.bigEndian(low, 8);
        } else {
            entries.bigEndian(low, 4);
        }
    }

    private int pointOf(PacketHeader header) {
        long[] key = pointKey;
        key[0] = (header.sourceMac & MAC_MASK) | ((long) header.vlanCount << 48);
        System.arraycopy(entryKey, 6, key, 1, POINT_WIDTH - 1);
        int found = pointKeys.add(key);
        if (found < 0) {
            writePoint(header);
            return ~found;
        }
        return found;
    }

    private void writePoint(PacketHeader header) {
        int mirrorFlags = mirrorFlags(header);
        boolean isMirrored =
                (header.mirrorSourceHigh | header.mirrorSourceLow) != 0 || (header.mirrorSession | mirrorFlags) != 0;
        boolean hasOverlay = header.overlayId != PacketHeader.NO_OVERLAY;
        points.bigEndian(header.sourceMac, 6);
        points.bigEndian(header.destinationMac, 6);
        points.octet(header.vlanCount | (hasOverlay ? HAS_OVERLAY : 0) | (isMirrored ? HAS_MIRROR : 0));
        points.bigEndian(header.vlanStack, 2 * header.vlanCount);
        if (hasOverlay) {
            points.unsigned(header.overlayId & 0xFFFF_FFFFL);
        }
        if (isMirrored) {
            points.bigEndian(header.mirrorSourceHigh, 8);
            points.bigEndian(header.mirrorSourceLow, 8);
            points.unsigned(header.mirrorSession & 0xFFFF_FFFFL);
            points.octet(mirrorFlags);
        }
    }

    /**
     * The batch in single-object encoding; the writer then begins the next one, at the following sequence.
     *
     * @param lowWatermarkNanos no later header of this stream is earlier, nanoseconds since the epoch
     * @param endOfStream true when nothing follows
     */
    public byte[] finish(long lowWatermarkNanos, boolean endOfStream) {
        HeaderBatch batch = HeaderBatch.newBuilder()
                .setSensorId(sensorId)
                .setInterfaceName(interfaceName)
                .setLane(lane)
                .setBootEpoch(bootEpoch)
                .setFirstSequence(nextSequence)
                .setHeaderCount(count)
                .setFirstTimeNanoseconds(count == 0 ? lowWatermarkNanos : firstTime)
                .setLastTimeNanoseconds(count == 0 ? lowWatermarkNanos : lastTime)
                .setLowWatermarkNanoseconds(lowWatermarkNanos)
                .setEndOfStream(endOfStream)
                .setSamplingProbability(samplingProbability)
                .setSamplingMethod(samplingMethod)
                .setSnapLength(snapLength)
                .setColumnsVersion(COLUMNS_VERSION)
                .setObservationPointCount(pointKeys.size())
                .setObservationPoints(points.view())
                .setEntryCount(entryKeys.size())
                .setEntries(entries.view())
                .setTimes(times.view())
                .setEntryIndexes(entryIndexes.view())
                .setIpLengths(ipLengths.view())
                .setHeaderLengths(headerLengths.view())
                .setTcpControlBits(tcpControlBits.view())
                .setTcpSequences(tcpSequences.view())
                .setTcpAcknowledgments(tcpAcknowledgments.view())
                .setTcpWindows(tcpWindows.view())
                .setMirrorSequences(mirrorSequences.view())
                .setQuotations(quotations.view())
                .setCrc32c(0)
                .build();
        batch.setCrc32c(checksum.of(batch));
        byte[] encoded = codec.encode(batch);
        nextSequence += count;
        clear();
        return encoded;
    }

    private void clear() {
        count = 0;
        entryKeys.clear();
        pointKeys.clear();
        mirrorPrediction.clear();
        quotations.reset();
        for (ColumnWriter column : new ColumnWriter[] {
            points,
            entries,
            times,
            entryIndexes,
            ipLengths,
            headerLengths,
            tcpControlBits,
            tcpSequences,
            tcpAcknowledgments,
            tcpWindows,
            mirrorSequences
        }) {
            column.reset();
        }
    }
}
