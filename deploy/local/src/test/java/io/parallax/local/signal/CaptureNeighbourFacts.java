package io.parallax.local.signal;

import io.parallax.capture.source.CaptureFile;
import io.parallax.flow.BlockSplitter;
import io.parallax.flow.StreamShares;
import io.parallax.label.RealmRule;
import io.parallax.local.scenario.EncodedStream;
import io.parallax.local.scenario.HeaderStream;
import io.parallax.local.scenario.Recordings;
import io.parallax.model.NeighbourFact;
import io.parallax.signal.NeighbourFacts;
import io.parallax.wire.HeaderBatchReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The facts about neighbours that captures hold, without broker and job: through producer and splitter as they are. */
public final class CaptureNeighbourFacts {

    private static final String REALM = "default";
    private static final int HEADERS_PER_BATCH = 1_000;

    private CaptureNeighbourFacts() {}

    /**
     * Facts in the order in which they are told.
     *
     * @param captures of one or several interfaces
     */
    public static List<NeighbourFact> of(List<CaptureFile> captures) throws Exception {
        List<NeighbourFact> facts = new ArrayList<>();
        for (HeaderStream stream : Recordings.read(captures)) {
            NeighbourFacts neighbours = new NeighbourFacts();
            BlockSplitter splitter = new BlockSplitter(1, 1, new StreamShares(Long.MAX_VALUE), neighbours);
            HeaderBatchReader reader = new HeaderBatchReader();
            EncodedStream encoded = stream.encoded(new Random(0), HEADERS_PER_BATCH, HEADERS_PER_BATCH);
            for (byte[] batch : encoded.batches()) {
                reader.open(batch);
                splitter.add(reader, stream.name(), RealmRule.only(REALM), 0);
                splitter.flush(block -> {});
            }
            neighbours.flush(told -> facts.addAll(told.facts()));
        }
        facts.sort(NeighbourFact.order());
        return facts;
    }
}
