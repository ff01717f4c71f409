package io.parallax.local.signal;

import io.parallax.capture.source.CaptureFile;
import io.parallax.flow.MeterSettings;
import io.parallax.local.scenario.EncodedStream;
import io.parallax.local.scenario.HeaderStream;
import io.parallax.local.scenario.Interleaving;
import io.parallax.local.scenario.Recordings;
import io.parallax.model.FlowFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The facts that detectors hear of captures, without broker and job: through producer and flow table as they are. */
public final class CaptureFacts {

    private static final int HEADERS_PER_BATCH = 1_000;

    private CaptureFacts() {}

    /**
     * Facts in the order in which they are told. Nothing is named: entities are addresses.
     *
     * @param captures of one or several interfaces
     * @param window length of the meter's windows
     */
    public static List<FlowFact> of(List<CaptureFile> captures, Duration window) throws Exception {
        List<EncodedStream> streams = new ArrayList<>();
        for (HeaderStream stream : Recordings.read(captures)) {
            streams.add(stream.encoded(new Random(0), HEADERS_PER_BATCH, HEADERS_PER_BATCH));
        }
        List<FlowFact> facts = new ArrayList<>();
        MeterSettings settings =
                new MeterSettings(window.toNanos(), Duration.ofMinutes(10).toNanos());
        new Interleaving(settings, 0)
                .tellingTo(told -> facts.addAll(told.facts()))
                .run(streams);
        facts.sort(FlowFact.order());
        return facts;
    }
}
