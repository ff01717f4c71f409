package io.parallax.capture.spool;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A folder in memory that loses in a power cut what a real one may lose.
 *
 * <p>Of each file on its own, a beginning of the writes since its last sync survives, the last of them torn at any octet;
 * the file may also have grown by zeros that were never written. Each making and removal of a file since the last sync of
 * the folder survives or not, whatever became of the others. The end of the process loses nothing.
 */
final class SimulatedDisk implements Disk {

    private static final int MAX_STRAY_ZEROS = 200;

    private static final class Inode {
        byte[] live = {};
        byte[] durable = {};
        final List<Change> unsynced = new ArrayList<>();

        void apply(Change change) {
            live = change.apply(live);
            unsynced.add(change);
        }
    }

    /** A write or truncation; {@code torn} applies its first so many octets. */
    private interface Change {
        byte[] apply(byte[] content, int torn);

        int octets();

        default byte[] apply(byte[] content) {
            return apply(content, octets());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Write(byte[] written, long offset) implements Change {
        @Override
        public byte[] apply(byte[] content, int torn) {
            byte[] result = Arrays.copyOf(content, (int) Math.max(content.length, offset + torn));
            System.arraycopy(written, 0, result, (int) offset, torn);
            return result;
        }

        @Override
        public int octets() {
            return written.length;
        }
    }

    private record Truncate(long size) implements Change {
        @Override
        public byte[] apply(byte[] content, int torn) {
            return torn == 0 ? content : Arrays.copyOf(content, (int) Math.min(content.length, size));
        }

        @Override
        public int octets() {
            return 1;
        }
    }

    /** A file made, or with no inode removed. */
    private record Entry(String name, @Nullable Inode inode) {}

    private Map<String, Inode> live = new HashMap<>();
    private Map<String, Inode> durable = new HashMap<>();
    private final List<Entry> unsyncedEntries = new ArrayList<>();
    private int boots;
    private @Nullable String fault;
    private volatile @Nullable CountDownLatch stall;
    private int tornWriteOctets;

    /** The power goes and comes back. Files that were open are of no use any more. */
    synchronized void cutPower(Random chance) {
        boots++;
        for (Entry entry : unsyncedEntries) {
            if (chance.nextBoolean()) {
                put(durable, entry);
            }
        }
        unsyncedEntries.clear();
        for (Inode inode : durable.values()) {
            crash(inode, chance);
        }
        live = new HashMap<>(durable);
    }

    private static void crash(Inode inode, Random chance) {
        int survivors = chance.nextInt(inode.unsynced.size() + 1);
        for (int i = 0; i < survivors; i++) {
            inode.durable = inode.unsynced.get(i).apply(inode.durable);
        }
        if (survivors < inode.unsynced.size()) {
            Change torn = inode.unsynced.get(survivors);
            inode.durable = torn.apply(inode.durable, chance.nextInt(torn.octets() + 1));
            if (chance.nextInt(4) == 0) {
                inode.durable = Arrays.copyOf(inode.durable, inode.durable.length + chance.nextInt(MAX_STRAY_ZEROS));
            }
        }
        inode.unsynced.clear();
        inode.live = inode.durable;
    }

    /** The process ends with kill -9: the system keeps what it was given. */
    synchronized void kill() {
        boots++;
    }

    /** Every operation fails from now on; null: none does. */
    synchronized void failWith(@Nullable String reason) {
        fault = reason;
    }

    /** The next write ends in the middle, as on a disk that runs full. */
    synchronized void tearNextWriteAt(int octets) {
        tornWriteOctets = octets;
    }

    /** Writes and syncs do not return before the latch is down. */
    void stallUntil(CountDownLatch latch) {
        stall = latch;
    }

    synchronized void flipBit(String name, int octet) {
        Inode inode = requireNonNull(live.get(name));
        inode.live = inode.live.clone();
        inode.live[octet] ^= 1;
    }

    synchronized long size(String name) {
        return requireNonNull(live.get(name)).live.length;
    }

    private static void put(Map<String, Inode> folder, Entry entry) {
        if (entry.inode() == null) {
            folder.remove(entry.name());
        } else {
            folder.put(entry.name(), entry.inode());
        }
    }

    private void change(Entry entry) {
        put(live, entry);
        unsyncedEntries.add(entry);
    }

    private void throwIfFaulty() throws IOException {
        if (fault != null) {
            throw new IOException(fault);
        }
    }

    private void waitOutStall() {
        CountDownLatch latch = stall;
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void lock() {}

    @Override
    public synchronized List<String> list() throws IOException {
        throwIfFaulty();
        return List.copyOf(live.keySet());
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        throwIfFaulty();
        Inode inode = live.get(name);
        if (inode == null) {
            inode = new Inode();
            change(new Entry(name, inode));
        }
        return new SimulatedFile(inode, boots);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        throwIfFaulty();
        change(new Entry(name, null));
    }

    @Override
    public synchronized void syncFolder() throws IOException {
        throwIfFaulty();
        unsyncedEntries.forEach(entry -> put(durable, entry));
        unsyncedEntries.clear();
    }

    @Override
    public void close() {}

    private final class SimulatedFile implements DiskFile {

        private final Inode inode;
        private final int boot;

        SimulatedFile(Inode inode, int boot) {
            this.inode = inode;
            this.boot = boot;
        }

        private void throwIfUnusable() throws IOException {
            throwIfFaulty();
            if (boot != boots) {
                throw new IllegalStateException("the process that had opened it is gone");
            }
        }

        @Override
        public void write(ByteBuffer octets, long offset) throws IOException {
            waitOutStall();
            synchronized (SimulatedDisk.this) {
                throwIfUnusable();
                byte[] content = new byte[tornWriteOctets > 0 ? tornWriteOctets : octets.remaining()];
                octets.get(content);
                inode.apply(new Write(content, offset));
                if (tornWriteOctets > 0) {
                    tornWriteOctets = 0;
                    throw new IOException("No space left on device");
                }
            }
        }

        @Override
        public void read(ByteBuffer octets, long offset) throws IOException {
            synchronized (SimulatedDisk.this) {
                throwIfUnusable();
                int count = (int) Math.min(octets.remaining(), inode.live.length - offset);
                if (count > 0) {
                    octets.put(inode.live, (int) offset, count);
                }
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimulatedDisk.this) {
                throwIfUnusable();
                return inode.live.length;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                throwIfUnusable();
                inode.apply(new Truncate(size));
            }
        }

        @Override
        public void sync() throws IOException {
            waitOutStall();
            synchronized (SimulatedDisk.this) {
                throwIfUnusable();
                inode.durable = inode.live;
                inode.unsynced.clear();
            }
        }

        @Override
        public void close() {}
    }
}
