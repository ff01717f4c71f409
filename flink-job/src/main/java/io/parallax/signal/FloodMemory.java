package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The services of a host that are asked for most, and how their attempts go. When there are more than there is room for, the
 * one asked for least makes room and the new one takes over its count (Metwally, Agrawal, El Abbadi, "Efficient computation of
 * frequent and top-k elements in data streams", ICDT 2005): a scan of many ports does not push out what is in use.
 */
public final class FloodMemory implements Memory {

    static final int MOST_SERVICES = 6;

    private static final int VERSION = 1;

    /** The usual rate of a service is of use for so long after it was last asked for. */
    private static final long MEMORABLE_NANOS = TimeUnit.DAYS.toNanos(1);

    /** A service that was never asked for at a rate worth knowing is forgotten sooner. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final double LEAST_MEMORABLE_RATE = 1;

    private final FloodService[] services = new FloodService[MOST_SERVICES];
    private int size;
    private long blindUntil = Long.MIN_VALUE;

    /** Data came without an answer: answers of the host pass where no sensor is. */
    void missAnswers(long until) {
        blindUntil = Math.max(blindUntil, until);
    }

    void seeAnswers() {
        blindUntil = Long.MIN_VALUE;
    }

    boolean isBlind(long time) {
        return time < blindUntil;
    }

    /** The service, with room made for it if need be. */
    FloodService take(int protocol, int port, long time) {
        for (int i = 0; i < size; i++) {
            FloodService service = services[i];
            if (service.port == port && service.protocol == protocol) {
                return service;
            }
        }
        if (size < MOST_SERVICES) {
            FloodService added = new FloodService(protocol, port, time);
            services[size++] = added;
            return added;
        }
        int least = 0;
        for (int i = 1; i < size; i++) {
            if (services[i].heardAt(time) < services[least].heardAt(time)) {
                least = i;
            }
        }
        FloodService added = new FloodService(protocol, port, time);
        added.heard = services[least].heardAt(time);
        services[least] = added;
        return added;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(blindUntil);
        out.writeByte(size);
        for (int i = 0; i < size; i++) {
            services[i].writeTo(out);
        }
    }

    static FloodMemory read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("memory of floods has version " + version + ", known is " + VERSION);
        }
        FloodMemory memory = new FloodMemory();
        memory.blindUntil = in.readLong();
        memory.size = in.readUnsignedByte();
        for (int i = 0; i < memory.size; i++) {
            memory.services[i] = FloodService.read(in);
        }
        return memory;
    }

    @Override
    public long due() {
        return NEVER;
    }

    @Override
    public long expires() {
        long latest = blindUntil;
        for (int i = 0; i < size; i++) {
            boolean isMemorable = services[i].usualPerSecond >= LEAST_MEMORABLE_RATE;
            latest = Math.max(latest, services[i].heardTime + (isMemorable ? MEMORABLE_NANOS : IDLE_NANOS));
        }
        return latest;
    }
}
