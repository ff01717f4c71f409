package io.parallax.dependency;

import io.parallax.model.DependencyCounts;
import io.parallax.model.DependencyDelta;
import io.parallax.model.DependencyEnds;
import io.parallax.model.DependencyKey;
import io.parallax.model.FlowRow;
import io.parallax.model.Label;
import io.parallax.model.Locality;
import io.parallax.model.ServiceEvidence;
import io.parallax.sketch.LogBuckets;
import io.parallax.wire.Addresses;
import io.parallax.wire.Topics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Adds up what revisions of flow rows change in dependencies, until somebody takes it away. A revision takes back, under the
 * names that the previous one gave, exactly what that one stated, and states anew. Not thread-safe.
 */
public final class DependencyDeltas {

    private final Map<Group, DependencyDelta> deltas = new LinkedHashMap<>();

    private final Map<String, Map<String, String>> places = new HashMap<>();

    private record Group(DependencyKey key, DependencyEnds ends, long windowStart) {}

    public void add(FlowRow row) {
        boolean is = row.service != ServiceEvidence.NONE || row.isInService;
        boolean was = row.previousService != ServiceEvidence.NONE || row.wasInService;
        if (!is && !was) {
            return;
        }
        DependencyKey before = key(row, row.previousSource, row.previousDestination);
        DependencyKey now = key(row, row.source, row.destination);
        boolean isSame = is && was && before.equals(now);
        if (was) {
            DependencyDelta delta =
                    delta(row, before, row.previousSource, row.previousDestination, row.previousLocality);
            takeBack(row, delta);
            delta.revision += isSame ? 0 : row.revision;
        }
        if (is) {
            DependencyDelta delta = delta(row, now, row.source, row.destination, row.locality);
            state(row, delta);
            delta.revision += isSame ? row.revision - row.previousRevision : row.revision;
        }
    }

    private static DependencyKey key(FlowRow row, Label source, Label destination) {
        return new DependencyKey(
                row.realm,
                entity(source, row.family, row.sourceHigh, row.sourceLow),
                entity(destination, row.family, row.destinationHigh, row.destinationLow),
                row.protocol,
                row.destinationPort);
    }

    private static String entity(Label label, int family, long high, long low) {
        return label.isAttributed() ? label.virtualMachine() : Addresses.ip(family, high, low);
    }

    private DependencyDelta delta(FlowRow row, DependencyKey key, Label source, Label destination, Locality locality) {
        DependencyEnds ends = DependencyEnds.of(source, destination, locality.label());
        DependencyDelta delta =
                deltas.computeIfAbsent(new Group(key, ends, row.windowStart), group -> new DependencyDelta());
        delta.bucket = key.bucket(DependencyDelta.BUCKETS);
        delta.key = key;
        delta.ends = ends;
        delta.windowStart = row.windowStart;
        return delta;
    }

    private void state(FlowRow row, DependencyDelta delta) {
        count(delta, row.service, 1);
        if (row.isInService) {
            use(
                    row,
                    delta,
                    1,
                    row.packets,
                    row.octets,
                    row.reversePackets,
                    row.reverseOctets,
                    Math.max(0, row.missedOctets),
                    row.handshakeBucket);
        }
    }

    private void takeBack(FlowRow row, DependencyDelta delta) {
        count(delta, row.previousService, -1);
        if (row.wasInService) {
            use(
                    row,
                    delta,
                    -1,
                    row.previousPackets,
                    row.previousOctets,
                    row.previousReversePackets,
                    row.previousReverseOctets,
                    row.previousMissedOctets,
                    row.previousHandshakeBucket);
        }
    }

    private static void count(DependencyDelta delta, ServiceEvidence evidence, int sign) {
        if (evidence != ServiceEvidence.NONE) {
            delta.counts.add(DependencyCounts.fieldOf(evidence), sign);
        }
    }

    private void use(
            FlowRow row,
            DependencyDelta delta,
            int sign,
            long packets,
            long octets,
            long reversePackets,
            long reverseOctets,
            long missedOctets,
            int handshakeBucket) {
        delta.counts.add(DependencyCounts.ROWS, sign);
        delta.counts.add(DependencyCounts.PACKETS, sign * packets);
        delta.counts.add(DependencyCounts.OCTETS, sign * octets);
        delta.counts.add(DependencyCounts.REVERSE_PACKETS, sign * reversePackets);
        delta.counts.add(DependencyCounts.REVERSE_OCTETS, sign * reverseOctets);
        delta.counts.add(DependencyCounts.MISSED_OCTETS, sign * missedOctets);
        if (sign > 0) {
            row.sightings().forEach(seen -> delta.places.add(place(seen.sensorId, seen.interfaceName)));
        }
        Tallies.add(delta.clients, Addresses.ip(row.family, row.sourceHigh, row.sourceLow), sign);
        if (handshakeBucket != LogBuckets.NONE) {
            Tallies.add(delta.handshakes, handshakeBucket, sign);
        }
    }

    /** As accounts name it. Kept, since making the text costs more than adding it. */
    private String place(String sensor, String card) {
        Map<String, String> cards = places.computeIfAbsent(sensor, name -> new HashMap<>());
        return cards.computeIfAbsent(card, name -> Topics.streamId(sensor, name, 0));
    }

    /** Passes on what was added up since the last call; nobody else changes it afterwards. */
    public void flush(Consumer<DependencyDelta> out) {
        for (DependencyDelta delta : deltas.values()) {
            if (delta.revision > 0 || !delta.counts.isZero()) {
                out.accept(delta);
            }
        }
        deltas.clear();
    }
}
