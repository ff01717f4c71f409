package io.parallax.dependency;

import io.parallax.model.DependencyCounts;
import io.parallax.model.DependencyDelta;
import io.parallax.model.DependencyKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A bucket's dependencies, and attempts that are none yet.
 *
 * <p>Deltas wait until their window is over and are then folded window by window, in the order of their keys: what is stated
 * when, and which dependencies had room, is a function of the deltas and not of the order in which they came. Beyond the
 * bound new dependencies are folded into one, {@link DependencyKey#other}; of attempts that are none half as many are kept
 * again, and forgotten when their window can't be revised any more. Not thread-safe.
 */
public final class DependencyTable {

    /** 2: where uses were seen, until when an interface is known. */
    static final int VERSION = 2;

    private static final Comparator<DependencyDelta> ORDER =
            Comparator.comparing((DependencyDelta delta) -> delta.key).thenComparing(delta -> delta.ends);

    private final TreeMap<Long, List<DependencyDelta>> waiting = new TreeMap<>();
    private final TreeMap<DependencyKey, KnownDependency> dependencies = new TreeMap<>();
    private Coverage coverage = new Coverage();

    /** The watermark for which the next look at silent ones is arranged. */
    private long armedFor = Long.MAX_VALUE;

    private int used;
    private long deltasFolded;
    private long attemptsBeyond;

    /** Receives what is to be told. */
    public interface Statements {

        /** @param atNanos event time at which this is known, since the epoch */
        void accept(KnownDependency dependency, Change change, long atNanos);
    }

    public boolean isEmpty() {
        return waiting.isEmpty() && dependencies.isEmpty() && coverage.isEmpty();
    }

    /** Deltas of dependencies that had no room, since the last call. */
    public long takeDeltasFolded() {
        long taken = deltasFolded;
        deltasFolded = 0;
        return taken;
    }

    /** Deltas of attempts that had no room, since the last call. */
    public long takeAttemptsBeyond() {
        long taken = attemptsBeyond;
        attemptsBeyond = 0;
        return taken;
    }

    public void add(DependencyDelta delta, DependencySchedule schedule) {
        if (delta.isMark()) {
            coverage.mark(delta.sensor, delta.windowStart, schedule.endNanos(delta.windowStart), delta.isComplete);
        } else {
            waiting.computeIfAbsent(delta.windowStart, start -> new ArrayList<>())
                    .add(delta);
        }
    }

    /** Folds and states the windows that are over at {@code watermarkMillis}, then looks who has fallen silent. */
    public void advance(DependencySchedule schedule, long watermarkMillis, Statements out) {
        while (!waiting.isEmpty() && schedule.closesAt(waiting.firstKey()) <= watermarkMillis) {
            Map.Entry<Long, List<DependencyDelta>> window = waiting.pollFirstEntry();
            window.getValue().sort(ORDER);
            SortedMap<DependencyKey, KnownDependency> changed = new TreeMap<>();
            for (DependencyDelta delta : window.getValue()) {
                fold(delta, schedule, changed);
            }
            long end = schedule.endNanos(window.getKey());
            changed.values().forEach(dependency -> state(dependency, schedule, end, out));
        }
        look(schedule, watermarkMillis, out);
        forget(schedule, watermarkMillis);
        if (armedFor <= watermarkMillis) {
            armedFor = Long.MAX_VALUE;
        }
    }

    /** Attempts, and what was taken back: nothing of them can change any more. */
    private void forget(DependencySchedule schedule, long watermarkMillis) {
        for (Iterator<KnownDependency> each = dependencies.values().iterator(); each.hasNext(); ) {
            KnownDependency one = each.next();
            if (!one.isUsed() && schedule.settledAt(one.lastWindow()) <= watermarkMillis) {
                each.remove();
                used -= one.isStated() && !one.key().isOther() ? 1 : 0;
            }
        }
    }

    private void fold(DependencyDelta delta, DependencySchedule schedule, Map<DependencyKey, KnownDependency> changed) {
        KnownDependency dependency = dependencies.get(delta.key);
        boolean isUse =
                delta.counts.get(DependencyCounts.ROWS) != 0 || delta.counts.get(DependencyCounts.CONNECTIONS) != 0;
        boolean isAdmitted = dependency != null && (dependency.isStated() || dependency.isUsed());
        if (isUse && !isAdmitted && used >= schedule.mostInBucket()) {
            deltasFolded++;
            dependency = other(delta.key.realm());
        } else if (dependency == null) {
            if (!isUse && dependencies.size() - used >= Math.max(1, schedule.mostInBucket() / 2)) {
                attemptsBeyond++;
                return;
            }
            dependency = new KnownDependency(delta.key);
            dependencies.put(delta.key, dependency);
        }
        dependency.add(delta);
        if (!isAdmitted && !dependency.key().isOther() && dependency.isUsed()) {
            used++;
        }
        changed.put(dependency.key(), dependency);
    }

    private KnownDependency other(String realm) {
        return dependencies.computeIfAbsent(DependencyKey.other(realm), KnownDependency::new);
    }

    private void state(KnownDependency dependency, DependencySchedule schedule, long atNanos, Statements out) {
        dependency.uses().settle(settledBefore(schedule, atNanos));
        if (!dependency.isDirty() || !(dependency.isUsed() || dependency.isStated())) {
            return;
        }
        Change change = dependency.state();
        out.accept(dependency, change, atNanos);
        boolean isWatched = dependency.isUsed()
                && !dependency.isMissed()
                && !dependency.key().isOther();
        dependency.lookAt(
                isWatched
                        ? schedule.isOverAt(schedule.endNanos(dependency.uses().last()))
                        : Long.MAX_VALUE);
    }

    /** Starts of windows before which none can be revised when the window that ends at {@code nanos} is stated. */
    private static long settledBefore(DependencySchedule schedule, long nanos) {
        return nanos - schedule.allowedLateness().toNanos() - 3 * schedule.endNanos(0);
    }

    private void look(DependencySchedule schedule, long watermarkMillis, Statements out) {
        long until = schedule.settledUntil(watermarkMillis);
        long leastUntil = until - schedule.retirement().toNanos();
        SortedMap<String, Long> gone = coverage.goneSince(leastUntil);
        for (KnownDependency dependency : dependencies.values()) {
            if (dependency.lookAt() > watermarkMillis) {
                continue;
            }
            boolean isInSight = gone.isEmpty() || dependency.isInSightWithout(gone.keySet());
            long whole = isInSight ? coverage.wholeSince(until, gone.keySet()) : Long.MAX_VALUE;
            long silentSince = Math.max(schedule.endNanos(dependency.uses().last()), whole);
            long overAt = schedule.isOverAt(whole == Long.MAX_VALUE ? until : silentSince);
            if (whole != Long.MAX_VALUE && overAt <= watermarkMillis) {
                dependency.miss();
                dependency.lookAt(Long.MAX_VALUE);
                out.accept(dependency, Change.disappeared(gone), knownAt(schedule, silentSince, gone));
            } else {
                long nextGone = coverage.firstSilentAfter(leastUntil);
                long goneAt = nextGone == Long.MAX_VALUE ? Long.MAX_VALUE : schedule.isGoneAt(nextGone);
                dependency.lookAt(Math.max(Math.min(overAt, goneAt), watermarkMillis + 1));
            }
        }
    }

    /** When the silence was long enough, and those who could not hear it were gone. */
    private static long knownAt(DependencySchedule schedule, long silentSince, SortedMap<String, Long> gone) {
        long known = silentSince + schedule.silence().toNanos();
        for (long until : gone.values()) {
            known = Math.max(known, until + schedule.retirement().toNanos());
        }
        return known;
    }

    /** The watermark for which a look is to be arranged, or {@code Long.MAX_VALUE} where one is, or nothing is watched. */
    public long arm() {
        long next = Long.MAX_VALUE;
        for (KnownDependency dependency : dependencies.values()) {
            next = Math.min(next, dependency.lookAt());
        }
        if (next >= armedFor) {
            return Long.MAX_VALUE;
        }
        armedFor = next;
        return next;
    }

    public DependencyTable copy() {
        DependencyTable copy = new DependencyTable();
        waiting.forEach((start, deltas) -> copy.waiting.put(
                start,
                new ArrayList<>(deltas.stream().map(DependencyDelta::copy).toList())));
        dependencies.forEach((key, dependency) -> copy.dependencies.put(key, dependency.copy()));
        copy.coverage = coverage.copy();
        copy.armedFor = armedFor;
        copy.used = used;
        copy.deltasFolded = deltasFolded;
        copy.attemptsBeyond = attemptsBeyond;
        return copy;
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(waiting.values().stream().mapToInt(List::size).sum());
        for (List<DependencyDelta> deltas : waiting.values()) {
            for (DependencyDelta delta : deltas) {
                Texts.write(delta, out);
            }
        }
        out.writeInt(dependencies.size());
        for (KnownDependency dependency : dependencies.values()) {
            dependency.writeTo(out);
        }
        coverage.writeTo(out);
        out.writeLong(armedFor);
        out.writeInt(used);
        out.writeLong(deltasFolded);
        out.writeLong(attemptsBeyond);
    }

    /** @throws IOException where the state was written by a newer version */
    public static DependencyTable readFrom(DataInput in) throws IOException {
        int version = in.readByte();
        if (version < 1 || version > VERSION) {
            throw new IOException("dependency table of version %d; this one reads 1 to %d".formatted(version, VERSION));
        }
        DependencyTable read = new DependencyTable();
        for (int i = in.readInt(); i > 0; i--) {
            DependencyDelta delta = Texts.readDelta(in, version);
            read.waiting
                    .computeIfAbsent(delta.windowStart, start -> new ArrayList<>())
                    .add(delta);
        }
        Map<String, String> names = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            KnownDependency dependency = KnownDependency.readFrom(in, version, names);
            read.dependencies.put(dependency.key(), dependency);
        }
        read.coverage = Coverage.readFrom(in, version);
        read.armedFor = in.readLong();
        read.used = in.readInt();
        read.deltasFolded = in.readLong();
        read.attemptsBeyond = in.readLong();
        return read;
    }
}
