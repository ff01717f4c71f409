package io.parallax.flow;

import io.parallax.label.RealmRule;
import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.model.LinkListener;
import io.parallax.model.StreamName;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.WireFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Splits batches of headers into blocks by bucket of the (realm, 5-tuple) hash.
 *
 * <p>A batch's dictionary entry is placed once, at its first packet; each further packet of it is one copy of 32 octets.
 * A packet that an ICMP error quotes follows the error as evidence, in the bucket of its own 5-tuple and not counted as a
 * header. Blocks gather over several batches until they are worth sending ({@link #flushFull}) or have to go ({@link #flush}: before
 * a watermark or a checkpoint). Nothing is allocated per packet. Not thread-safe.
 */
public final class BlockSplitter {

    private static final int MARKS = 3;

    /** Has heard nothing, so that it corrects nothing. */
    private static final StreamClock UNDOUBTED = new StreamClock(Long.MAX_VALUE);

    private final int packetsPerBlock;
    private final HeaderBlock[] blocks;
    private final StreamShares counted;

    /** Of the open batch alone, until it is known to be sound. */
    private final StreamShares shares;

    private final int[] marks;
    private final FlowKey key = new FlowKey();
    private final PacketHeader header = new PacketHeader();
    private final PacketHeader quoted = new PacketHeader();

    /**
     * Of the open batch, per dictionary entry: its bucket, and its number in the bucket's block plus one, negative for an
     * entry of repeats; 0 before.
     */
    private int[] buckets = new int[0];

    private int[] placed = new int[0];

    /** Of the open batch, per dictionary entry that was placed: the listener wants each of its headers. */
    private boolean[] isHeard = new boolean[0];

    private final LinkListener listener;
    private StreamClock clock = UNDOUBTED;
    private RealmRule rule = RealmRule.only("");
    private String streamRealm = "";
    private long streamRealmHash;
    private long nonIpHeaders;

    /**
     * A splitter with empty blocks.
     *
     * @param buckets number of keys; at least the job's greatest parallelism
     * @param packetsPerBlock a block of that many packets is worth sending
     */
    public BlockSplitter(int buckets, int packetsPerBlock) {
        this(buckets, packetsPerBlock, new StreamShares(Long.MAX_VALUE));
    }

    /** As above; every header is also counted in {@code shares}. */
    public BlockSplitter(int buckets, int packetsPerBlock, StreamShares shares) {
        this(buckets, packetsPerBlock, shares, LinkListener.DEAF);
    }

    /** As above; {@code listener} hears what is said on the links. */
    public BlockSplitter(int buckets, int packetsPerBlock, StreamShares shares, LinkListener listener) {
        this.listener = listener;
        this.counted = shares;
        this.shares = shares.another();
        this.marks = new int[MARKS * buckets];
        this.packetsPerBlock = packetsPerBlock;
        this.blocks = new HeaderBlock[buckets];
        for (int bucket = 0; bucket < buckets; bucket++) {
            blocks[bucket] = new HeaderBlock();
            blocks[bucket].reset(bucket, 0, 0);
        }
    }

    /** The bucket of a key with that hash. The hash's low bits pick the slot in a bucket's table, so its high ones here. */
    public static int bucketOf(long hash, int buckets) {
        return (int) (((hash >>> 32) * buckets) >>> 32);
    }

    /** As {@link #add(HeaderBatchReader, StreamName, RealmRule, int, StreamClock)}, of a stream whose clock nobody doubts. */
    public void add(HeaderBatchReader reader, StreamName stream, RealmRule realms, int skip)
            throws WireFormatException {
        add(reader, stream, realms, skip, UNDOUBTED);
    }

    /**
     * Adds the open batch of {@code reader} to the blocks, but for its first {@code skip} headers and what they
     * quote.
     *
     * @param heard tells the times of the packets; it has heard the batch
     * @throws WireFormatException if the batch contradicts itself although its checksum holds; nothing of it was added then
     */
    public void add(HeaderBatchReader reader, StreamName stream, RealmRule realms, int skip, StreamClock heard)
            throws WireFormatException {
        long nonIpBefore = nonIpHeaders;
        mark();
        try {
            addAll(reader, stream, realms, skip, heard);
            counted.take(shares);
            listener.take();
        } catch (WireFormatException e) {
            takeBack();
            nonIpHeaders = nonIpBefore;
            throw e;
        }
    }

    private void mark() {
        for (int bucket = 0; bucket < blocks.length; bucket++) {
            marks[MARKS * bucket] = blocks[bucket].entryCount();
            marks[MARKS * bucket + 1] = blocks[bucket].packetCount();
            marks[MARKS * bucket + 2] = blocks[bucket].evidenceCount();
        }
    }

    private void takeBack() {
        for (int bucket = 0; bucket < blocks.length; bucket++) {
            blocks[bucket].filled(marks[MARKS * bucket], marks[MARKS * bucket + 1], marks[MARKS * bucket + 2]);
        }
        shares.clear();
        listener.discard();
    }

    private void addAll(HeaderBatchReader reader, StreamName stream, RealmRule realms, int skip, StreamClock heard)
            throws WireFormatException {
        int entries = reader.entryCount();
        if (placed.length < entries) {
            placed = new int[Math.max(entries, placed.length * 2)];
            buckets = new int[placed.length];
            isHeard = new boolean[placed.length];
        }
        Arrays.fill(placed, 0, entries, 0);
        clock = heard;
        shares.open(stream);
        listener.open(stream);
        rule = realms;
        streamRealm = realms.of(stream);
        streamRealmHash = FlowKey.realmHash(streamRealm);
        for (int i = 0; i < skip; i++) {
            reader.nextInPlace(header);
            shares.replayed(header.timeNanos);
        }
        int next = skip;
        for (int quotation = 0; quotation < reader.quotationCount(); quotation++) {
            int index = reader.quotationIndex(quotation);
            if (index >= skip) {
                addHeaders(reader, index + 1 - next, stream);
                reader.quotation(quotation, quoted);
                quoted.timeNanos = clock.corrected(quoted.timeNanos);
                addQuoted(stream, reader.entry(reader.entryIndex()));
                next = index + 1;
            }
        }
        addHeaders(reader, Integer.MAX_VALUE, stream);
    }

    private void addHeaders(HeaderBatchReader reader, int most, StreamName stream) throws WireFormatException {
        for (int left = most; left > 0 && reader.nextInPlace(header); left--) {
            header.timeNanos = clock.corrected(header.timeNanos);
            shares.received(header.timeNanos);
            int entry = reader.entryIndex();
            if (placed[entry] == 0 && !place(reader.entry(entry), entry, stream)) {
                nonIpHeaders++;
                shares.nonIp(header.timeNanos);
                hear(reader.entry(entry), listener.isOfLink(reader.entry(entry)));
                continue;
            }
            if (isHeard[entry]) {
                hear(reader.entry(entry), true);
            }
            HeaderBlock block = blocks[buckets[entry]];
            if (placed[entry] > 0) {
                block.addPacket(placed[entry] - 1, header);
            } else {
                block.addRepeat(-placed[entry] - 1, header);
            }
        }
    }

    private void hear(PacketHeader point, boolean isWanted) {
        if (isWanted) {
            listener.hear(point, header.timeNanos, rule.of(point, streamRealm));
        }
    }

    /** An entry for each: the quoted packet's flow need not be in the batch, nor was it seen where the error was. */
    private void addQuoted(StreamName stream, PacketHeader error) {
        String realm = rule.of(error, streamRealm);
        key.of(quoted, realmHash(realm));
        HeaderBlock block = blocks[bucketOf(key.hash, blocks.length)];
        int entry = block.addEntry(key, quoted, indexOf(block.streams(), stream), indexOf(block.realms(), realm));
        block.addEvidence(entry, quoted);
    }

    private long realmHash(String realm) {
        return realm.equals(streamRealm) ? streamRealmHash : FlowKey.realmHash(realm);
    }

    private boolean place(PacketHeader point, int entry, StreamName stream) {
        if (!point.isIp()) {
            return false;
        }
        String realm = rule.of(point, streamRealm);
        key.of(point, realmHash(realm));
        int bucket = bucketOf(key.hash, blocks.length);
        HeaderBlock block = blocks[bucket];
        buckets[entry] = bucket;
        isHeard[entry] = listener.isOfLink(point);
        int number = 1 + block.addEntry(key, point, indexOf(block.streams(), stream), indexOf(block.realms(), realm));
        placed[entry] = point.has(PacketHeader.STATUS_REPEATED) ? -number : number;
        return true;
    }

    private static <T> int indexOf(List<T> names, T name) {
        int last = names.size() - 1;
        if (last >= 0 && names.get(last) == name) {
            return last;
        }
        int index = names.indexOf(name);
        if (index < 0) {
            names.add(name);
            return last + 1;
        }
        return index;
    }

    /** Hands over the blocks that are worth sending. */
    public void flushFull(Consumer<HeaderBlock> out) {
        flush(packetsPerBlock, out);
    }

    /** Hands over every block that holds anything. */
    public void flush(Consumer<HeaderBlock> out) {
        flush(1, out);
    }

    private void flush(int least, Consumer<HeaderBlock> out) {
        for (HeaderBlock block : blocks) {
            if (block.packetCount() >= least) {
                out.accept(block);
                block.reset(block.bucket(), 0, 0);
            }
        }
    }

    /** Headers without an IP packet in them (ARP) since this object was made. */
    public long nonIpHeaders() {
        return nonIpHeaders;
    }
}
