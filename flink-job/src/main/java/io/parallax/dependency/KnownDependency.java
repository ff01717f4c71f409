package io.parallax.dependency;

import io.parallax.model.DependencyCounts;
import io.parallax.model.DependencyDelta;
import io.parallax.model.DependencyEnds;
import io.parallax.model.DependencyKey;
import io.parallax.sketch.LogBuckets;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of one client entity's use of one service, since it was first seen. Attempts that came to nothing are kept
 * beside; alone they are no dependency. Sums: any order of the same deltas ends in the same values. Not thread-safe.
 */
public final class KnownDependency {

    private final DependencyKey key;
    private final DependencyCounts counts;
    private final Uses uses;
    private final DistinctAddresses clients;
    private final Map<Integer, Long> handshakes = new TreeMap<>();

    /** Start of the last window in which it was seen at an interface, by interface; uses that were taken back included. */
    private final Map<String, Long> places = new TreeMap<>();

    private long revision;

    /** Newest window of any delta, attempts included. */
    private long lastWindow = Uses.NEVER;

    private boolean isDirty;

    /** What was told of it. */
    private boolean isStated;

    private long statedRows;
    private DependencyEnds statedEnds = DependencyEnds.UNKNOWN;
    private long missedSince = Uses.NEVER;

    /** The watermark at which to look whether it has disappeared. */
    private long lookAt = Long.MAX_VALUE;

    KnownDependency(DependencyKey key) {
        this(key, new DependencyCounts(), new Uses(), new DistinctAddresses());
    }

    private KnownDependency(DependencyKey key, DependencyCounts counts, Uses uses, DistinctAddresses clients) {
        this.key = key;
        this.counts = counts;
        this.uses = uses;
        this.clients = clients;
    }

    public DependencyKey key() {
        return key;
    }

    /** Value of a {@link DependencyCounts} field. */
    public long count(int field) {
        return counts.get(field);
    }

    public long revision() {
        return revision;
    }

    public Uses uses() {
        return uses;
    }

    public long clients() {
        return clients.count();
    }

    public boolean isMissed() {
        return missedSince != Uses.NEVER;
    }

    /** Seen share of the octets known to have passed, 0 to 1; NaN where none passed. */
    public double coverage() {
        double seen = counts.get(DependencyCounts.OCTETS) + counts.get(DependencyCounts.REVERSE_OCTETS);
        double passed = seen + counts.get(DependencyCounts.MISSED_OCTETS);
        return passed > 0 ? seen / passed : Double.NaN;
    }

    /** Handshakes that were timed. */
    public long handshakes() {
        return handshakes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Microseconds that {@code share} of the handshakes took at most, within 2 %; only where there are any. */
    public long handshakeMicros(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * handshakes()));
        long passed = 0;
        for (Map.Entry<Integer, Long> bucket : handshakes.entrySet()) {
            passed += bucket.getValue();
            if (passed >= rank) {
                return LogBuckets.valueOf(bucket.getKey());
            }
        }
        throw new IllegalStateException("no handshake was timed");
    }

    void add(DependencyDelta delta) {
        counts.add(delta.counts);
        uses.add(delta.windowStart, delta.ends, delta.counts.get(DependencyCounts.ROWS));
        clients.addAll(delta.clients);
        Tallies.addAll(handshakes, delta.handshakes);
        delta.places.forEach(place -> places.merge(place, delta.windowStart, Math::max));
        revision += delta.revision;
        lastWindow = Math.max(lastWindow, delta.windowStart);
        isDirty = true;
    }

    boolean isUsed() {
        return counts.get(DependencyCounts.ROWS) > 0;
    }

    boolean isStated() {
        return isStated;
    }

    /** Its last use was seen at an interface that is not among {@code gone}. */
    boolean isInSightWithout(Set<String> gone) {
        return places.entrySet().stream()
                .anyMatch(place -> place.getValue() >= uses.last() && !gone.contains(place.getKey()));
    }

    boolean isDirty() {
        return isDirty;
    }

    long lastWindow() {
        return lastWindow;
    }

    long lookAt() {
        return lookAt;
    }

    void lookAt(long watermarkMillis) {
        lookAt = watermarkMillis;
    }

    /** What has changed since it was stated last, {@link Change#NONE} if nothing worth telling; states it. */
    Change state() {
        Change change = change();
        isDirty = false;
        isStated = true;
        statedRows = counts.get(DependencyCounts.ROWS);
        statedEnds = uses.ends();
        forgetPlaces();
        if (missedSince != uses.last()) {
            missedSince = Uses.NEVER;
        }
        return change;
    }

    /** Where it was last seen is what tells whether it could be seen now. */
    private void forgetPlaces() {
        places.values().removeIf(window -> window < uses.last());
    }

    private Change change() {
        if (key.isOther()) {
            return Change.NONE;
        }
        if (!isUsed()) {
            return statedRows > 0 ? Change.RETRACTED : Change.NONE;
        }
        if (statedRows <= 0) {
            return Change.NEW;
        }
        if (isMissed() && missedSince != uses.last()) {
            return Change.RETURNED;
        }
        String difference = Change.difference(statedEnds, uses.ends());
        return difference.isEmpty() ? Change.NONE : Change.changed(difference);
    }

    void miss() {
        missedSince = uses.last();
        revision++;
    }

    KnownDependency copy() {
        KnownDependency copy = new KnownDependency(key, counts.copy(), uses.copy(), clients.copy());
        copy.handshakes.putAll(handshakes);
        copy.places.putAll(places);
        copy.revision = revision;
        copy.lastWindow = lastWindow;
        copy.isDirty = isDirty;
        copy.isStated = isStated;
        copy.statedRows = statedRows;
        copy.statedEnds = statedEnds;
        copy.missedSince = missedSince;
        copy.lookAt = lookAt;
        return copy;
    }

    void writeTo(DataOutput out) throws IOException {
        Texts.write(key, out);
        counts.writeTo(out);
        uses.writeTo(out);
        clients.writeTo(out);
        Texts.writeHandshakes(handshakes, out);
        out.writeInt(places.size());
        for (Map.Entry<String, Long> place : places.entrySet()) {
            out.writeUTF(place.getKey());
            out.writeLong(place.getValue());
        }
        out.writeLong(revision);
        out.writeLong(lastWindow);
        out.writeBoolean(isDirty);
        out.writeBoolean(isStated);
        out.writeLong(statedRows);
        Texts.write(statedEnds, out);
        out.writeLong(missedSince);
        out.writeLong(lookAt);
    }

    /**
     * @param version of the table that it stands in; 1 knew no places
     * @param names one text for each interface, shared by all
     */
    static KnownDependency readFrom(DataInput in, int version, Map<String, String> names) throws IOException {
        KnownDependency read = new KnownDependency(
                Texts.readKey(in), DependencyCounts.readFrom(in), Uses.readFrom(in), DistinctAddresses.readFrom(in));
        Texts.readHandshakes(read.handshakes, in);
        for (int i = version == 1 ? 0 : in.readInt(); i > 0; i--) {
            read.places.put(names.computeIfAbsent(in.readUTF(), name -> name), in.readLong());
        }
        read.revision = in.readLong();
        read.lastWindow = in.readLong();
        read.isDirty = in.readBoolean();
        read.isStated = in.readBoolean();
        read.statedRows = in.readLong();
        read.statedEnds = Texts.readEnds(in);
        read.missedSince = in.readLong();
        read.lookAt = in.readLong();
        return read;
    }
}
