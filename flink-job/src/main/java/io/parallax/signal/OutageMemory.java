package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What {@link OutageDetector} remembers of a host: services of it that were used. */
final class OutageMemory implements Memory {

    /** Of more services the one of which nothing was heard for longest makes room. */
    static final int MOST_SERVICES = 6;

    private static final int VERSION = 1;
    private static final int FEW = 2;

    /** Who uses a service weekly knows it the next week. */
    private static final long LEARNT_NANOS = TimeUnit.DAYS.toNanos(8);

    private final List<OutageService> services = new ArrayList<>(FEW);

    /** The service of that fingerprint, or null: it was never used. */
    @Nullable
    OutageService find(int print) {
        for (int i = 0; i < services.size(); i++) {
            if (services.get(i).print == print) {
                return services.get(i);
            }
        }
        return null;
    }

    OutageService add(int print, long time) {
        if (services.size() == MOST_SERVICES) {
            int oldest = 0;
            for (int i = 1; i < services.size(); i++) {
                oldest = services.get(i).lastHeard() < services.get(oldest).lastHeard() ? i : oldest;
            }
            services.remove(oldest);
        }
        OutageService service = new OutageService(print, time);
        services.add(service);
        return service;
    }

    @Override
    public long due() {
        return NEVER;
    }

    /** Learning lasts: it ends eight days after one of its services was last heard of. */
    @Override
    public long expires() {
        long last = Long.MIN_VALUE;
        for (int i = 0; i < services.size(); i++) {
            last = Math.max(last, services.get(i).lastHeard() + LEARNT_NANOS);
        }
        return last;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeByte(services.size());
        for (OutageService service : services) {
            service.writeTo(out);
        }
    }

    static OutageMemory read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("memory of outages is of version %d, not %d".formatted(version, VERSION));
        }
        OutageMemory memory = new OutageMemory();
        for (int i = in.readUnsignedByte(); i > 0; i--) {
            memory.services.add(OutageService.readFrom(in));
        }
        return memory;
    }
}
