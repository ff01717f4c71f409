package io.parallax.model;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the account of one interface and window: what a step of the job counted since its last entry, or one row of
 * the capture ledger. The entries of an account add up, in any order. Mutable: steps gather in it.
 */
public final class AccountEntry {

    private static final int DISPOSITIONS = Disposition.values().length;

    public final String sensorId;
    public final String interfaceName;

    /** Start of the window, or any time in it, ns since the epoch. */
    public final long windowStartNanos;

    /** Null in an entry of the job's own counts. */
    public final @Nullable LedgerCounts ledger;

    /** Headers that were read for the first time. */
    public long received;

    /** Headers that never came. */
    public long missing;

    /**
     * Growth of the account's revision: by the same amount in the end, however what is counted was cut into entries.
     */
    public long revision;

    private final long[] packets;

    /** An entry that says nothing yet. */
    public AccountEntry(String sensorId, String interfaceName, long windowStartNanos, @Nullable LedgerCounts ledger) {
        this(sensorId, interfaceName, windowStartNanos, ledger, new long[DISPOSITIONS]);
    }

    private AccountEntry(
            String sensorId,
            String interfaceName,
            long windowStartNanos,
            @Nullable LedgerCounts ledger,
            long[] packets) {
        this.sensorId = sensorId;
        this.interfaceName = interfaceName;
        this.windowStartNanos = windowStartNanos;
        this.ledger = ledger;
        this.packets = packets;
    }

    /** Change of what ended as {@code disposition}. */
    public long packets(Disposition disposition) {
        return packets[disposition.code()];
    }

    public void addPackets(Disposition disposition, long more) {
        packets[disposition.code()] += more;
    }

    /** The interface, as the key of its accounts. */
    public String stream() {
        return sensorId + "/" + interfaceName;
    }

    /** Takes over what another entry of the same interface and window counted. */
    public void add(AccountEntry other) {
        received += other.received;
        missing += other.missing;
        revision += other.revision;
        for (int code = 0; code < DISPOSITIONS; code++) {
            packets[code] += other.packets[code];
        }
    }

    public AccountEntry copy() {
        AccountEntry copy = new AccountEntry(sensorId, interfaceName, windowStartNanos, ledger, packets.clone());
        copy.received = received;
        copy.missing = missing;
        copy.revision = revision;
        return copy;
    }

    /** Writes the entry; a disposition that it does not name costs nothing. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeUTF(sensorId);
        out.writeUTF(interfaceName);
        out.writeLong(windowStartNanos);
        out.writeLong(received);
        out.writeLong(missing);
        out.writeLong(revision);
        int named = 0;
        for (int code = 0; code < DISPOSITIONS; code++) {
            named |= packets[code] == 0 ? 0 : 1 << code;
        }
        out.writeShort(named);
        for (int code = 0; code < DISPOSITIONS; code++) {
            if (packets[code] != 0) {
                out.writeLong(packets[code]);
            }
        }
        out.writeBoolean(ledger != null);
        if (ledger != null) {
            ledger.writeTo(out);
        }
    }

    public static AccountEntry readFrom(DataInput in) throws IOException {
        String sensorId = in.readUTF();
        String interfaceName = in.readUTF();
        long windowStartNanos = in.readLong();
        long received = in.readLong();
        long missing = in.readLong();
        long revision = in.readLong();
        long[] packets = new long[DISPOSITIONS];
        int named = in.readShort();
        for (int code = 0; code < DISPOSITIONS; code++) {
            packets[code] = (named & 1 << code) == 0 ? 0 : in.readLong();
        }
        LedgerCounts ledger = in.readBoolean() ? LedgerCounts.readFrom(in) : null;
        AccountEntry entry = new AccountEntry(sensorId, interfaceName, windowStartNanos, ledger, packets);
        entry.received = received;
        entry.missing = missing;
        entry.revision = revision;
        return entry;
    }
}
