package io.parallax.capture.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far one stream's accounts had come when its process died: a small mapped file that outlives it.
 *
 * <p>After every record that the spool has taken, the counts up to that record are written here. What a killed process read
 * and did not hand to the spool is gone; the interface's own counters say how much that was. The next process reads this,
 * and states it in two rows: {@link #settle}.
 *
 * <p>A mapped page survives {@code kill -9} (it belongs to the kernel), not a power cut; but then the interface's counters
 * begin at 0 as well, which the boot id tells. Two slots take turns, and the newer whole one counts, so that a death in the
 * middle of a write costs one write. Thread-safe: the lane begins and rebases, the spool's thread writes.
 *
 * <pre>
 *  slot: serial 8 | counters' identity 8 | boot epoch 8 | last second 8 | interface frames when capture began 8
 *        | counts up to the last batch taken, 8 each | counts of all rows taken, 8 each | CRC-32C 4
 * </pre>
 */
public final class Books implements AutoCloseable {

    private static final int HEAD = 5 * Long.BYTES;
    private static final int SLOT = HEAD + 2 * Tally.COUNTS * Long.BYTES + Integer.BYTES;

    private static final byte[] LAYOUT = Tally.layout().getBytes(StandardCharsets.UTF_8);

    private final FileChannel channel;
    private final MappedByteBuffer map;
    private final ByteBuffer slot = ByteBuffer.allocate(SLOT);
    private final @Nullable State left;
    private long serial;

    private long countersIdentity;
    private long bootEpoch;
    private long lastSecond;
    private long framesAtStart;
    private Tally batched = new Tally();
    private Tally rowed = new Tally();

    /**
     * What a process left.
     *
     * @param countersIdentity tells one life of the interface's counters from another
     * @param lastSecond of the last row or batch, seconds since the epoch
     */
    private record State(
            long serial,
            long countersIdentity,
            long bootEpoch,
            long lastSecond,
            long framesAtStart,
            Tally batched,
            Tally rowed) {

        /** The interface's count up to which rows speak. */
        long framesAtRow() {
            return framesAtStart + rowed.interfaceFrames();
        }
    }

    /**
     * What is to be stated of a process that died.
     *
     * @param bootEpoch its boot epoch
     * @param rows one of kind recovered, where it had handed over more than its rows said, and one of kind gap
     */
    public record Settlement(long bootEpoch, List<LedgerRow> rows) {}

    private Books(FileChannel channel, MappedByteBuffer map) {
        this.channel = channel;
        this.map = map;
        State first = read(0);
        State second = read(1);
        this.left = first == null || (second != null && second.serial() > first.serial()) ? second : first;
        this.serial = left == null ? 0 : left.serial();
    }

    /** Opens the books of a stream, or begins them. */
    public static Books open(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            return new Books(channel, channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * SLOT));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private @Nullable State read(int index) {
        ByteBuffer in = map.slice(index * SLOT, SLOT);
        byte[] octets = new byte[SLOT];
        in.get(0, octets);
        if (in.getInt(SLOT - Integer.BYTES) != crcOf(octets) || in.getLong(0) == 0) {
            return null;
        }
        return new State(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                Tally.readFrom(in),
                Tally.readFrom(in));
    }

    /** Over the names of the counts too: a build that counts otherwise does not take these for its own. */
    private static int crcOf(byte[] octets) {
        CRC32C crc = new CRC32C();
        crc.update(LAYOUT);
        crc.update(octets, 0, SLOT - Integer.BYTES);
        return (int) crc.getValue();
    }

    /**
     * What the process before this one left open, and begins the books of this one.
     *
     * <p>Call it before the interface is opened: frames that pass between its counter and the opening are then found
     * missing later, never counted twice.
     *
     * @param identity tells one life of the interface's counters from another: another boot or a new interface of the same
     *     name begins at 0
     * @param interfaceFrames the interface's count now
     */
    public synchronized Optional<Settlement> settle(
            long identity, long interfaceFrames, long newBootEpoch, long nowSecond) {
        Optional<Settlement> settlement =
                left == null ? Optional.empty() : Optional.of(settlementOf(left, identity, interfaceFrames, nowSecond));
        countersIdentity = identity;
        bootEpoch = newBootEpoch;
        lastSecond = nowSecond;
        framesAtStart = interfaceFrames;
        return settlement;
    }

    private static Settlement settlementOf(State state, long identity, long interfaceFrames, long nowSecond) {
        List<LedgerRow> rows = new ArrayList<>();
        Tally open = state.batched().minus(state.rowed()).withoutInterface();
        // Decoded, and in no batch that the spool has: what was held for a first fragment.
        open.shed(Shed.PROCESS_DIED, Math.max(0, open.promised() - open.published() - open.shed()));
        if (open.accounted() > 0 || open.published() > 0) {
            rows.add(row(state, 1, LedgerRow.Kind.RECOVERED, open, "in the spool when its process died"));
        }
        // Both rows of a death bear the same second whenever they are stated: a second statement replaces the first.
        int seconds = (int) Math.max(1, Math.min(Integer.MAX_VALUE, nowSecond - state.lastSecond()));
        if (state.countersIdentity() != identity || interfaceFrames < state.framesAtRow()) {
            rows.add(row(
                    state, seconds, LedgerRow.Kind.GAP, new Tally(), "the interface's counters began anew: no count"));
        } else if (interfaceFrames > state.framesAtRow()) {
            long passed = interfaceFrames - state.framesAtStart();
            Tally gap = new Tally();
            gap.interfaceFrames(interfaceFrames - state.framesAtRow());
            gap.lost(Math.max(
                    0, passed - state.batched().accounted() - state.rowed().lost()));
            rows.add(row(
                    state,
                    seconds,
                    LedgerRow.Kind.GAP,
                    gap,
                    "no process captured, or it died before it could hand over"));
        }
        return new Settlement(state.bootEpoch(), rows);
    }

    private static LedgerRow row(State state, int seconds, LedgerRow.Kind kind, Tally tally, String note) {
        return new LedgerRow(state.lastSecond(), seconds, kind, tally, true, 0, List.of(), note);
    }

    /** The spool has a batch: everything up to {@code total} is safe. */
    public synchronized void batchTaken(Tally total, long second) {
        batched = total;
        lastSecond = Math.max(lastSecond, second);
        write();
    }

    /**
     * The interface went and came back, and counts from anew.
     *
     * @param reported interface frames that the ledger has booked so far, whatever the interface
     */
    public synchronized void rebase(long identity, long interfaceFrames, long reported) {
        countersIdentity = identity;
        framesAtStart = interfaceFrames - reported;
    }

    /** The spool has what there was to state of the process before. */
    public synchronized void settlementTaken() {
        write();
    }

    /** The spool has a row. */
    public synchronized void rowTaken(LedgerRow row) {
        rowed.add(row.tally());
        write();
    }

    private void write() {
        serial++;
        slot.clear();
        slot.putLong(serial)
                .putLong(countersIdentity)
                .putLong(bootEpoch)
                .putLong(lastSecond)
                .putLong(framesAtStart);
        batched.writeTo(slot);
        rowed.writeTo(slot);
        slot.putInt(crcOf(slot.array()));
        map.put((int) (serial % 2) * SLOT, slot.array());
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
