package io.parallax.model;

import io.parallax.wire.PacketHeader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Headers of one bucket of 5-tuples, as they travel from {@code split-blocks} to {@code meter-flows}: the shuffled element.
 * One per packet costs several times as much (docs/decisions/0002: 290 against 62 ns at 100,000 flows).
 *
 * <p>Little-endian, fixed width, so that the receiver reads in place:
 *
 * <pre>
 *  entry, 104 octets: 5-tuple in canonical order and observation point, once per block
 *    0  hash of realm and 5-tuple
 *    8  address a (16)          24  address b (16)            a = lower address, then port; one-way ICMP: a = sender
 *   40  port a (2) | port b (2) | protocol (1) | family (1) | status (1) | 0
 *   48  source MAC (6) | VLAN tags (1) | mirror: kind (bits 0-2), direction (3-4)
 *   56  destination MAC (6) | TTL (1) | 1: sent by b, 0: sent by a
 *   64  VLAN stack (8)
 *   72  mirror session (4) | overlay id (4)
 *   80  mirror source address (16)
 *   96  index into streams (4) | index into realms (4)
 *
 *  packet, 32 octets
 *    0  capture time, ns (8)
 *    8  entry (4) | IP length (4)
 *   16  TCP sequence number (4) | acknowledgment number (4)
 *   24  window (2) | IP and transport header octets (2) | control bits (2) | evidence (2)
 * </pre>
 *
 * <p>Evidence is 0 for a packet that was seen, and {@link #REPEATED} for one that is the further copy of a flooded frame.
 * Otherwise nothing was seen: it is an {@link IcmpEvidence} code, an ICMP error quoted a packet of the entry's flow at that
 * time, and there is nothing to count.
 *
 * <p>Mutable and reused on both sides. Not thread-safe.
 */
public final class HeaderBlock {

    public static final int ENTRY_HASH = 0;
    public static final int ENTRY_A_HIGH = ENTRY_HASH + Long.BYTES;
    public static final int ENTRY_A_LOW = ENTRY_A_HIGH + Long.BYTES;
    public static final int ENTRY_B_HIGH = ENTRY_A_LOW + Long.BYTES;
    public static final int ENTRY_B_LOW = ENTRY_B_HIGH + Long.BYTES;
    public static final int ENTRY_TUPLE = ENTRY_B_LOW + Long.BYTES;
    public static final int ENTRY_SOURCE_MAC = ENTRY_TUPLE + Long.BYTES;
    public static final int ENTRY_DESTINATION_MAC = ENTRY_SOURCE_MAC + Long.BYTES;
    public static final int ENTRY_VLANS = ENTRY_DESTINATION_MAC + Long.BYTES;
    public static final int ENTRY_OVERLAY = ENTRY_VLANS + Long.BYTES;
    public static final int ENTRY_MIRROR_HIGH = ENTRY_OVERLAY + Long.BYTES;
    public static final int ENTRY_MIRROR_LOW = ENTRY_MIRROR_HIGH + Long.BYTES;
    public static final int ENTRY_STREAM = ENTRY_MIRROR_LOW + Long.BYTES;
    public static final int ENTRY_REALM = ENTRY_STREAM + Integer.BYTES;
    public static final int ENTRY_OCTETS = ENTRY_REALM + Integer.BYTES;

    public static final int PACKET_TIME = 0;
    public static final int PACKET_ENTRY = PACKET_TIME + Long.BYTES;
    public static final int PACKET_OCTETS_IP = PACKET_ENTRY + Integer.BYTES;
    public static final int PACKET_SEQUENCE = PACKET_OCTETS_IP + Integer.BYTES;
    public static final int PACKET_ACKNOWLEDGMENT = PACKET_SEQUENCE + Integer.BYTES;
    public static final int PACKET_WINDOW = PACKET_ACKNOWLEDGMENT + Integer.BYTES;
    public static final int PACKET_OCTETS_HEADER = PACKET_WINDOW + Short.BYTES;
    public static final int PACKET_CONTROL_BITS = PACKET_OCTETS_HEADER + Short.BYTES;
    public static final int PACKET_EVIDENCE = PACKET_CONTROL_BITS + Short.BYTES;
    public static final int PACKET_OCTETS = PACKET_EVIDENCE + Short.BYTES;

    /** {@link #PACKET_EVIDENCE} of a packet with {@link PacketHeader#STATUS_REPEATED}; no code of {@link IcmpEvidence}. */
    public static final int REPEATED = 0xFFFF;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long MAC_MASK = 0xFFFF_FFFF_FFFFL;
    private static final int TTL_SHIFT = 48;
    private static final int MIRROR_SHIFT = 56;
    private static final int MIRROR_KIND_MASK = 0x07;
    private static final int MIRROR_DIRECTION_SHIFT = 3;
    private static final int MIRROR_DIRECTION_MASK = 0x03;

    private static final int FIRST_ENTRIES = 16;
    private static final int FIRST_PACKETS = 64;

    private int bucket;
    private byte[] entries = new byte[FIRST_ENTRIES * ENTRY_OCTETS];
    private byte[] packets = new byte[FIRST_PACKETS * PACKET_OCTETS];
    private int entryCount;
    private int packetCount;
    private int evidenceCount;
    private final List<StreamName> streams = new ArrayList<>();
    private final List<String> realms = new ArrayList<>();

    /** The bucket that all 5-tuples of the block hash to: the key. */
    public int bucket() {
        return bucket;
    }

    public int entryCount() {
        return entryCount;
    }

    /** Packets and evidence. */
    public int packetCount() {
        return packetCount;
    }

    /** Those of {@link #packetCount} that are evidence, which nobody saw as a packet. */
    public int evidenceCount() {
        return evidenceCount;
    }

    /** Streams that entries refer to by index. */
    public List<StreamName> streams() {
        return streams;
    }

    /** Realms that entries refer to by index. */
    public List<String> realms() {
        return realms;
    }

    /** The entries' octets; those beyond {@code entryCount * ENTRY_OCTETS} mean nothing. */
    public byte[] entryOctets() {
        return entries;
    }

    /** The packets' octets; those beyond {@code packetCount * PACKET_OCTETS} mean nothing. */
    public byte[] packetOctets() {
        return packets;
    }

    /** Empty again, for {@code bucket}; with room for that many entries and packets. */
    public void reset(int bucket, int entryRoom, int packetRoom) {
        this.bucket = bucket;
        entryCount = 0;
        packetCount = 0;
        evidenceCount = 0;
        streams.clear();
        realms.clear();
        if (entries.length < entryRoom * ENTRY_OCTETS) {
            entries = new byte[entryRoom * ENTRY_OCTETS];
        }
        if (packets.length < packetRoom * PACKET_OCTETS) {
            packets = new byte[packetRoom * PACKET_OCTETS];
        }
    }

    /** Declares that the octets hold that many entries and packets, some of them evidence: after a copy into them, or to forget the rest. */
    public void filled(int entryCount, int packetCount, int evidenceCount) {
        this.entryCount = entryCount;
        this.packetCount = packetCount;
        this.evidenceCount = evidenceCount;
    }

    public void copyFrom(HeaderBlock other) {
        reset(other.bucket, other.entryCount, other.packetCount);
        System.arraycopy(other.entries, 0, entries, 0, other.entryCount * ENTRY_OCTETS);
        System.arraycopy(other.packets, 0, packets, 0, other.packetCount * PACKET_OCTETS);
        streams.addAll(other.streams);
        realms.addAll(other.realms);
        filled(other.entryCount, other.packetCount, other.evidenceCount);
    }

    public long entryLong(int entry, int field) {
        return (long) LONG.get(entries, entry * ENTRY_OCTETS + field);
    }

    public int entryInt(int entry, int field) {
        return (int) INT.get(entries, entry * ENTRY_OCTETS + field);
    }

    public long packetTime(int packet) {
        return (long) LONG.get(packets, packet * PACKET_OCTETS + PACKET_TIME);
    }

    public int packetInt(int packet, int field) {
        return (int) INT.get(packets, packet * PACKET_OCTETS + field);
    }

    public int packetShort(int packet, int field) {
        return (short) SHORT.get(packets, packet * PACKET_OCTETS + field) & 0xFFFF;
    }

    /** Adds the entry of a flow seen at an observation point; returns its number in this block. */
    public int addEntry(FlowKey key, PacketHeader point, int stream, int realm) {
        int start = entryCount * ENTRY_OCTETS;
        if (start + ENTRY_OCTETS > entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        setKey(start, key);
        LONG.set(
                entries,
                start + ENTRY_SOURCE_MAC,
                point.sourceMac | ((long) point.vlanCount << 48) | ((long) mirrorOf(point) << MIRROR_SHIFT));
        LONG.set(
                entries,
                start + ENTRY_DESTINATION_MAC,
                point.destinationMac | ((long) point.ttl << 48) | (key.isReverse ? 1L << 56 : 0));
        LONG.set(entries, start + ENTRY_VLANS, point.vlanStack);
        LONG.set(entries, start + ENTRY_OVERLAY, (point.mirrorSession & 0xFFFF_FFFFL) | ((long) point.overlayId << 32));
        LONG.set(entries, start + ENTRY_MIRROR_HIGH, point.mirrorSourceHigh);
        LONG.set(entries, start + ENTRY_MIRROR_LOW, point.mirrorSourceLow);
        INT.set(entries, start + ENTRY_STREAM, stream);
        INT.set(entries, start + ENTRY_REALM, realm);
        return entryCount++;
    }

    /**
     * Adds the entry of an aggregate: seen where a flow of {@code other} was seen, between no MAC addresses, since many
     * may belong to it.
     *
     * @return its number in this block
     */
    public int addAggregate(FlowKey key, HeaderBlock other, int entry) {
        int start = entryCount * ENTRY_OCTETS;
        if (start + ENTRY_OCTETS > entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        System.arraycopy(other.entries, entry * ENTRY_OCTETS, entries, start, ENTRY_OCTETS);
        setKey(start, key);
        for (int mac = start + ENTRY_SOURCE_MAC; mac <= start + ENTRY_DESTINATION_MAC; mac += Long.BYTES) {
            LONG.set(entries, mac, (long) LONG.get(entries, mac) & ~MAC_MASK);
        }
        return entryCount++;
    }

    private void setKey(int start, FlowKey key) {
        LONG.set(entries, start + ENTRY_HASH, key.hash);
        LONG.set(entries, start + ENTRY_A_HIGH, key.aHigh);
        LONG.set(entries, start + ENTRY_A_LOW, key.aLow);
        LONG.set(entries, start + ENTRY_B_HIGH, key.bHigh);
        LONG.set(entries, start + ENTRY_B_LOW, key.bLow);
        LONG.set(entries, start + ENTRY_TUPLE, key.tuple);
    }

    private static int mirrorOf(PacketHeader point) {
        return (point.mirrorKind & MIRROR_KIND_MASK)
                | ((point.mirrorDirection & MIRROR_DIRECTION_MASK) << MIRROR_DIRECTION_SHIFT);
    }

    /** {@link PacketHeader#mirrorKind} in the {@link #ENTRY_SOURCE_MAC} word of an entry. */
    public static int mirrorKind(long sourceMacWord) {
        return (int) (sourceMacWord >>> MIRROR_SHIFT) & MIRROR_KIND_MASK;
    }

    /** {@link PacketHeader#mirrorDirection} in the {@link #ENTRY_SOURCE_MAC} word of an entry. */
    public static int mirrorDirection(long sourceMacWord) {
        return (int) (sourceMacWord >>> (MIRROR_SHIFT + MIRROR_DIRECTION_SHIFT)) & MIRROR_DIRECTION_MASK;
    }

    /** Time to live in the {@link #ENTRY_DESTINATION_MAC} word of an entry. */
    public static int ttl(long destinationMacWord) {
        return (int) (destinationMacWord >>> TTL_SHIFT) & 0xFF;
    }

    /** Adds a packet of an entry of this block. */
    public void addPacket(int entry, PacketHeader header) {
        int start = packetCount * PACKET_OCTETS;
        if (start + PACKET_OCTETS > packets.length) {
            packets = Arrays.copyOf(packets, packets.length * 2);
        }
        LONG.set(packets, start + PACKET_TIME, header.timeNanos);
        INT.set(packets, start + PACKET_ENTRY, entry);
        INT.set(packets, start + PACKET_OCTETS_IP, header.octetsIp);
        INT.set(packets, start + PACKET_SEQUENCE, header.tcpSequence);
        INT.set(packets, start + PACKET_ACKNOWLEDGMENT, header.tcpAcknowledgment);
        SHORT.set(packets, start + PACKET_WINDOW, (short) header.tcpWindow);
        SHORT.set(packets, start + PACKET_OCTETS_HEADER, (short) header.octetsHeader);
        // With evidence 0 behind them: what the block held before may have been evidence.
        INT.set(packets, start + PACKET_CONTROL_BITS, header.tcpControlBits & 0xFFFF);
        packetCount++;
    }

    /** Adds a packet of an entry of this block that is the further copy of a flooded frame. */
    public void addRepeat(int entry, PacketHeader header) {
        addPacket(entry, header);
        SHORT.set(packets, (packetCount - 1) * PACKET_OCTETS + PACKET_EVIDENCE, (short) REPEATED);
    }

    /** Adds, as evidence, the packet of an entry of this block that an ICMP error quotes. */
    public void addEvidence(int entry, PacketHeader quoted) {
        addPacket(entry, quoted);
        int start = (packetCount - 1) * PACKET_OCTETS;
        short code = (short) IcmpEvidence.of(quoted.quotedBy).code();
        SHORT.set(packets, start + PACKET_EVIDENCE, code);
        evidenceCount++;
    }
}
