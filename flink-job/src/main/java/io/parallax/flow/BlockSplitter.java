package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
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
 * Blocks gather over several batches until they are worth sending ({@link #flushFull}) or have to go ({@link #flush}: before
 * a watermark or a checkpoint). Nothing is allocated per packet. Not thread-safe.
 */
public final class BlockSplitter {

    private final int packetsPerBlock;
    private final HeaderBlock[] blocks;
    private final FlowKey key = new FlowKey();
    private final PacketHeader header = new PacketHeader();

    /** Of the open batch, per dictionary entry: its bucket, and its number in the bucket's block plus one, 0 before. */
    private int[] buckets = new int[0];

    private int[] placed = new int[0];
    private long nonIpHeaders;

    /**
     * A splitter with empty blocks.
     *
     * @param buckets number of keys; at least the job's greatest parallelism
     * @param packetsPerBlock a block of that many packets is worth sending
     */
    public BlockSplitter(int buckets, int packetsPerBlock) {
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

    /**
     * Adds the open batch of {@code reader} to the blocks, but for its first {@code skip} headers.
     *
     * @throws WireFormatException if the batch contradicts itself although its checksum holds; what was added before the
     *     contradiction stays added
     */
    public void add(HeaderBatchReader reader, StreamName stream, String realm, int skip) throws WireFormatException {
        int entries = reader.entryCount();
        if (placed.length < entries) {
            placed = new int[Math.max(entries, placed.length * 2)];
            buckets = new int[placed.length];
        }
        Arrays.fill(placed, 0, entries, 0);
        long realmHash = FlowKey.realmHash(realm);
        for (int i = 0; i < skip; i++) {
            reader.nextInPlace(header);
        }
        while (reader.nextInPlace(header)) {
            int entry = reader.entryIndex();
            if (placed[entry] == 0 && !place(reader.entry(entry), entry, stream, realm, realmHash)) {
                nonIpHeaders++;
                continue;
            }
            blocks[buckets[entry]].addPacket(placed[entry] - 1, header);
        }
    }

    private boolean place(PacketHeader point, int entry, StreamName stream, String realm, long realmHash) {
        if (!point.isIp()) {
            return false;
        }
        key.of(point, realmHash);
        int bucket = bucketOf(key.hash, blocks.length);
        HeaderBlock block = blocks[bucket];
        buckets[entry] = bucket;
        placed[entry] =
                1 + block.addEntry(key, point, indexOf(block.streams(), stream), indexOf(block.realms(), realm));
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
