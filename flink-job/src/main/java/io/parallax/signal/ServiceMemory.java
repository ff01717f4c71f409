package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What {@link ServiceDetector} remembers of a host: services that it offers and uses, those of administration apart. */
final class ServiceMemory implements Memory {

    private static final int VERSION = 1;

    /** Of a host of which nothing more is heard, learning is kept: a job of the week comes back within eight days. */
    private static final long LEARNT_NANOS = TimeUnit.DAYS.toNanos(8);

    /** Entries of each table: offered, offered for administration, used, used for administration. */
    private static final int[] MOST = {24, 8, 48, 16};

    private static final int USED = 2;
    private static final int ADMINISTRATION = 1;
    private static final long NANOS_OF_HOUR = TimeUnit.HOURS.toNanos(1);

    private final ServiceTable[] tables = new ServiceTable[MOST.length];

    /** When learning began, ns. */
    private long since = Long.MIN_VALUE;

    private long lastHeard = Long.MIN_VALUE;

    /** Of the virtual machine that held the address last; 0: none was known. */
    private int owner;

    ServiceMemory() {
        begin();
    }

    private void begin() {
        for (int i = 0; i < MOST.length; i++) {
            tables[i] = new ServiceTable(MOST[i]);
        }
    }

    /** An address that another machine holds now has to be learnt anew. */
    void hear(FlowFact fact) {
        String address = fact.isOut() ? fact.source() : fact.destination();
        int holder = fact.hostName().equals(address) ? 0 : fact.hostName().hashCode();
        if (holder != 0 && owner != 0 && holder != owner) {
            begin();
            since = Long.MIN_VALUE;
        }
        owner = holder == 0 ? owner : holder;
        since = since == Long.MIN_VALUE ? fact.time() : since;
        lastHeard = Math.max(lastHeard, fact.time());
    }

    ServiceTable table(boolean isUsed, boolean isAdministration) {
        return tables[(isUsed ? USED : 0) + (isAdministration ? ADMINISTRATION : 0)];
    }

    static int hour(long time) {
        return (int) Math.floorDiv(time, NANOS_OF_HOUR);
    }

    /** Since learning began, hours. */
    double watchedHours(long time) {
        return (time - since) / (double) NANOS_OF_HOUR;
    }

    @Override
    public long due() {
        return NEVER;
    }

    /** Learning lasts: it ends eight days after the host was last heard of. */
    @Override
    public long expires() {
        return lastHeard == Long.MIN_VALUE ? Long.MIN_VALUE : lastHeard + LEARNT_NANOS;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(since);
        out.writeLong(lastHeard);
        out.writeInt(owner);
        for (ServiceTable table : tables) {
            table.writeTo(out);
        }
    }

    static ServiceMemory read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("memory of services is of version %d, not %d".formatted(version, VERSION));
        }
        ServiceMemory memory = new ServiceMemory();
        memory.since = in.readLong();
        memory.lastHeard = in.readLong();
        memory.owner = in.readInt();
        for (int i = 0; i < MOST.length; i++) {
            memory.tables[i] = ServiceTable.readFrom(MOST[i], in);
        }
        return memory;
    }
}
