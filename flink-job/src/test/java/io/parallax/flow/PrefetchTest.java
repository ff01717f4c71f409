package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.label.RealmRule;
import io.parallax.model.HeaderBlock;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PrefetchTest {

    private static final int FLOWS = 500;

    /** Known flows, unknown ones that hit the slots of others, and an empty table. */
    @Test
    void readsAndChangesNothing() throws Exception {
        FlowState state = new FlowState();
        Prefetch prefetch = new Prefetch(state);
        HeaderBlock known = block(new BenchmarkTraffic(Spread.EVEN, FLOWS));
        prefetch.fetch(known);
        assertThat(prefetch.read()).as("an empty table").isZero();

        for (int entry = 0; entry < known.entryCount(); entry++) {
            int flow = state.flows().add(known, entry, 0);
            int row = state.windows().addRow(entry, -1);
            state.flows().setRow(flow, row);
            int sighting = state.sightings().findOrAdd(-1, known, entry, 0);
            state.flows().setSighting(flow, sighting);
            int cell = state.windows().cellOf(row, sighting);
            state.windows().setTcpCounts(cell, state.tcp().add(0));
            state.sightings().setTrack(sighting, state.tracks().add());
        }
        byte[] before = written(state);
        prefetch.fetch(known);
        prefetch.fetch(block(new BenchmarkTraffic(Spread.EVEN, 3 * FLOWS)));
        assertThat(written(state)).isEqualTo(before);
        assertThat(prefetch.read()).isNotZero();
    }

    private static byte[] written(FlowState state) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        state.writeTo(new DataOutputStream(octets));
        return octets.toByteArray();
    }

    private static HeaderBlock block(BenchmarkTraffic traffic) throws Exception {
        List<HeaderBatch> batches = new ArrayList<>();
        traffic.open(0, batches::add);
        BlockSplitter splitter = new BlockSplitter(1, Integer.MAX_VALUE);
        HeaderBatchReader reader = new HeaderBatchReader();
        for (HeaderBatch batch : batches) {
            reader.open(batch);
            splitter.add(reader, BenchmarkTraffic.stream(batch), RealmRule.only(BenchmarkTraffic.REALM), 0);
        }
        HeaderBlock block = new HeaderBlock();
        splitter.flush(block::copyFrom);
        return block;
    }
}
