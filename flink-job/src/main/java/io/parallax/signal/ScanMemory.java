package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ScanDetector} remembers of a host: endpoints that answered it (a mark: the handshake was completed), endpoints
 * that did not, a walk over hosts and one for each of a few hosts that it tried several ports of.
 */
final class ScanMemory implements Memory {

    private static final int VERSION = 2;

    /** More than the services that all but proxies and crawlers use; of theirs the latest are known. */
    private static final int MOST_GOOD = 128;

    private static final int MOST_FAILED = 64;

    /** Hosts whose ports are scanned at the same time; a scan of more shows as one over hosts. */
    static final int MOST_FOCUSES = 4;

    private static final ScanWalk[] NONE = {};

    /** Services that were used are known for a day after the host was last heard of. */
    private static final long LEARNT_NANOS = TimeUnit.HOURS.toNanos(24);

    /** A host of which nothing is known but one or two failures, as the sources of a spoofed flood are. */
    private static final long STRANGER_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final int STRANGER_FAILURES = 2;

    final RecentSet good;
    final RecentSet failed;
    final ScanWalk wide = new ScanWalk();
    final LinearCount hosts = new LinearCount();
    final LinearCount ports = new LinearCount();

    /** Above zero: answers to this host would be seen. */
    int sight;

    /** Above zero: handshakes are missed, as where a sensor takes samples or began in their midst. */
    int gaps;

    private ScanWalk[] focuses = NONE;
    private long lastHeard = Long.MIN_VALUE;
    private boolean isKnown;

    ScanMemory() {
        this(new RecentSet(MOST_GOOD), new RecentSet(MOST_FAILED));
    }

    private ScanMemory(RecentSet good, RecentSet failed) {
        this.good = good;
        this.failed = failed;
    }

    void hear(long time) {
        lastHeard = Math.max(lastHeard, time);
    }

    void learn(int endpoint) {
        good.put(endpoint);
        isKnown = true;
    }

    /** The walk of the host, null: it has none. */
    @Nullable
    ScanWalk focus(int host) {
        for (ScanWalk focus : focuses) {
            if (focus.host == host) {
                return focus;
            }
        }
        return null;
    }

    /** The walk of the host, in place of the least if need be; null: all are raised. */
    @Nullable
    ScanWalk focusOn(int host) {
        ScanWalk focus = focus(host);
        if (focus != null) {
            return focus;
        }
        @Nullable ScanWalk least = null;
        for (ScanWalk each : focuses()) {
            if (!each.isRaised && (least == null || each.evidence < least.evidence)) {
                least = each;
            }
        }
        if (least != null) {
            least.begin();
            least.host = host;
        }
        return least;
    }

    private ScanWalk[] focuses() {
        if (focuses.length == 0) {
            focuses = new ScanWalk[MOST_FOCUSES];
            for (int i = 0; i < MOST_FOCUSES; i++) {
                focuses[i] = new ScanWalk();
            }
        }
        return focuses;
    }

    void passTo(long time, double natsPerHour, long quietNanos) {
        wide.passTo(time, natsPerHour, quietNanos);
        for (ScanWalk focus : focuses) {
            focus.passTo(time, natsPerHour, quietNanos);
        }
    }

    void failWide(FlowFact fact, double nats) {
        if (wide.isSpent()) {
            wide.begin();
        }
        if (wide.failures == 0) {
            hosts.clear();
            ports.clear();
        }
        wide.fail(fact, nats);
        hosts.add(Endpoints.ofHost(fact.destination()));
        ports.add(Endpoints.of("", fact.protocol(), Endpoints.isIcmp(fact) ? 0 : fact.destinationPort()));
    }

    /** The scan of a host is told by itself: neither its failures nor its ports belong to the walk over hosts. */
    void tellApart(ScanWalk focus) {
        focus.returnTo(wide);
        ports.clear();
    }

    @Override
    public long due() {
        return NEVER;
    }

    /** Services known are learning and stay for a day; without them it is forgotten in an hour, or a day if it failed more. */
    @Override
    public long expires() {
        if (lastHeard == Long.MIN_VALUE) {
            return Long.MIN_VALUE;
        }
        boolean isStranger = !isKnown && wide.failures <= STRANGER_FAILURES;
        return lastHeard + (isStranger ? STRANGER_NANOS : LEARNT_NANOS);
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(lastHeard);
        out.writeBoolean(isKnown);
        out.writeByte(sight);
        out.writeByte(gaps);
        good.writeTo(out);
        failed.writeTo(out);
        wide.writeTo(out);
        out.writeBoolean(wide.failures > 0);
        if (wide.failures > 0) {
            hosts.writeTo(out);
            ports.writeTo(out);
        }
        out.writeByte(focuses.length);
        for (ScanWalk focus : focuses) {
            focus.writeTo(out);
        }
    }

    static ScanMemory read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("memory of scans is of version %d, not %d".formatted(version, VERSION));
        }
        long lastHeard = in.readLong();
        boolean isKnown = in.readBoolean();
        int sight = in.readByte();
        int gaps = in.readByte();
        ScanMemory memory = new ScanMemory(RecentSet.readFrom(MOST_GOOD, in), RecentSet.readFrom(MOST_FAILED, in));
        memory.lastHeard = lastHeard;
        memory.isKnown = isKnown;
        memory.sight = sight;
        memory.gaps = gaps;
        memory.wide.readFrom(in);
        if (in.readBoolean()) {
            memory.hosts.readFrom(in);
            memory.ports.readFrom(in);
        }
        if (in.readUnsignedByte() > 0) {
            for (ScanWalk focus : memory.focuses()) {
                focus.readFrom(in);
            }
        }
        return memory;
    }
}
