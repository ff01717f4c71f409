package io.parallax.local.signal;

import io.parallax.capture.source.CaptureFile;
import io.parallax.model.Fact;
import io.parallax.model.FlowFact;
import io.parallax.signal.Detectors;
import io.parallax.signal.Raised;
import io.parallax.signal.Tuning;
import io.parallax.signal.Watch;
import io.parallax.signal.WatchRules;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Signals of captures, without broker and job: through producer, flow table and detectors as they are. Nothing is named, set
 * or learnt.
 *
 * @param facts about flows that detectors heard
 * @param signals each as it stands in the end
 */
public record CaptureSignals(List<FlowFact> facts, Collection<Raised> signals) {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int ROOM = 1 << 20;

    /** @param captures of one or several interfaces */
    public static CaptureSignals of(List<CaptureFile> captures) throws Exception {
        List<FlowFact> facts = CaptureFacts.of(captures, WINDOW);
        Map<String, Raised> signals = new LinkedHashMap<>();
        raise(facts, Detectors.flowRules(Tuning.DEFAULT), signals);
        raise(CaptureNeighbourFacts.of(captures), Detectors.neighbourRules(Tuning.DEFAULT), signals);
        return new CaptureSignals(facts, signals.values());
    }

    private static <F extends Fact> void raise(List<F> facts, WatchRules<F> rules, Map<String, Raised> signals) {
        Watch<F> watch = new Watch<>();
        watch.configure(
                new WatchRules<>(rules.codec(), rules.detectors(), rules.tuning(), ROOM, WatchRules.MOST_EPISODES));
        facts.forEach(watch::add);
        watch.advance(Long.MAX_VALUE, signal -> signals.put(signal.id(), signal));
    }
}
