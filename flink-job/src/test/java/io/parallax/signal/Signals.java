package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What one detector says of facts made by hand. */
final class Signals {

    private Signals() {}

    static List<Raised> of(Detector<FlowFact, ?> detector, Tuning tuning, List<FlowFact> facts) {
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(FlowFactCodec.INSTANCE, List.of(detector), tuning));
        List<Raised> signals = new ArrayList<>();
        facts.forEach(watch::add);
        watch.advance(Long.MAX_VALUE, signals::add);
        return signals;
    }

    static List<Raised> of(Detector<FlowFact, ?> detector, List<FlowFact> facts) {
        return of(detector, Tuning.DEFAULT, facts);
    }

    /** As {@link #of}, but everything is written and read again after each few facts. */
    static List<Raised> restored(Detector<FlowFact, ?> detector, List<FlowFact> facts) {
        WatchRules<FlowFact> rules = new WatchRules<>(FlowFactCodec.INSTANCE, List.of(detector), Tuning.DEFAULT);
        List<FlowFact> sorted =
                facts.stream().sorted(Comparator.comparingLong(FlowFact::time)).toList();
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(rules);
        List<Raised> signals = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            watch.add(sorted.get(i));
            if (i % 7 == 0) {
                watch = reread(watch);
                watch.configure(rules);
                watch.advance(sorted.get(i).time() - 1, signals::add);
            }
        }
        watch.advance(Long.MAX_VALUE, signals::add);
        return signals;
    }

    private static Watch<FlowFact> reread(Watch<FlowFact> watch) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            watch.writeTo(new DataOutputStream(octets));
            return Watch.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
        } catch (IOException e) {
            throw new UncheckedIOException("octets in memory can be read", e);
        }
    }

    /** All that is told, on one line. */
    static String text(Raised signal) {
        return "%s %s #%d %d-%d %s"
                .formatted(
                        signal.state(),
                        signal.id(),
                        signal.revision(),
                        signal.since(),
                        signal.until(),
                        signal.finding());
    }

    static int octets(Memory memory) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            memory.writeTo(new DataOutputStream(octets));
        } catch (IOException e) {
            throw new UncheckedIOException("octets in memory can be written", e);
        }
        return octets.size();
    }

    /** When the first one was raised, ms since the beginning of {@link Steps}. */
    static long firstMillis(List<Raised> signals) {
        return (signals.get(0).detectedAt() - Steps.BEGIN_NANOS) / 1_000_000;
    }
}
