package io.parallax.signal;

import io.parallax.model.Facts;
import io.parallax.model.FlowFact;
import io.parallax.model.FlowRow;
import io.parallax.model.FlowStep;
import io.parallax.model.Label;
import io.parallax.wire.Addresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes facts of what flows do, for the hosts at both ends, and gathers them by bucket until somebody takes them away. Not
 * thread-safe.
 */
public final class FlowFacts {

    /** Texts of addresses that are kept: making one costs more than all the rest. */
    private static final int MOST_TEXTS = 65_536;

    private final long windowNanos;
    private final Map<Integer, List<FlowFact>> gathered = new TreeMap<>();
    private final Map<Place, String> texts = new HashMap<>();

    private record Place(int family, long high, long low) {}

    /** @param windowNanos length of a row's window, ns */
    public FlowFacts(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    public void add(FlowStep step) {
        String source = text(step.family, step.sourceHigh, step.sourceLow);
        String destination = text(step.family, step.destinationHigh, step.destinationLow);
        for (int end = 0; end < 2; end++) {
            add(new FlowFact(
                    step.kind,
                    end == 0,
                    step.time,
                    step.realm,
                    source,
                    destination,
                    name(step.source, source),
                    name(step.destination, destination),
                    step.protocol,
                    step.sourcePort,
                    step.destinationPort,
                    step.flowId,
                    step.flowStart,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0));
        }
    }

    /** Adds what a revision of a row changes; nothing of an aggregate, which is about no host. */
    public void add(FlowRow row) {
        boolean isAggregate = row.prefixLength != FlowRow.NO_AGGREGATE;
        boolean isSame = row.packets == row.previousPackets
                && row.reversePackets == row.previousReversePackets
                && row.octets == row.previousOctets
                && row.reverseOctets == row.previousReverseOctets;
        if (isAggregate || isSame) {
            return;
        }
        String source = text(row.family, row.sourceHigh, row.sourceLow);
        String destination = text(row.family, row.destinationHigh, row.destinationLow);
        boolean isFirst = row.previousRevision == 0;
        for (int end = 0; end < 2; end++) {
            add(new FlowFact(
                    FlowFact.Kind.VOLUME,
                    end == 0,
                    row.windowStart + windowNanos,
                    row.realm,
                    source,
                    destination,
                    name(row.source, source),
                    name(row.destination, destination),
                    row.protocol,
                    row.sourcePort,
                    row.destinationPort,
                    row.flowId,
                    row.flowStart,
                    row.packets - row.previousPackets,
                    row.octets - row.previousOctets,
                    row.reversePackets - row.previousReversePackets,
                    row.reverseOctets - row.previousReverseOctets,
                    isFirst ? row.transportOctets : 0,
                    isFirst ? row.reverseTransportOctets : 0));
        }
    }

    private static String name(Label label, String address) {
        return label.isAttributed() ? label.virtualMachine() : address;
    }

    private void add(FlowFact fact) {
        int bucket = Facts.bucketOf(fact.subject());
        gathered.computeIfAbsent(bucket, number -> new ArrayList<>()).add(fact);
    }

    private String text(int family, long high, long low) {
        if (texts.size() > MOST_TEXTS) {
            texts.clear();
        }
        return texts.computeIfAbsent(new Place(family, high, low), at -> Addresses.ip(family, high, low));
    }

    /** Passes on what was gathered since the last call; nobody else changes it afterwards. */
    public void flush(Consumer<Facts<FlowFact>> out) {
        gathered.forEach((bucket, facts) -> out.accept(new Facts<>(bucket, facts)));
        gathered.clear();
    }
}
