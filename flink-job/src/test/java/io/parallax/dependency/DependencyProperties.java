package io.parallax.dependency;

import static io.parallax.dependency.UseRows.vm;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.DependencyDelta;
import io.parallax.model.FlowRow;
import io.parallax.model.Label;
import io.parallax.model.Locality;
import io.parallax.model.ServiceEvidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever revisions flows go through, and in whatever order deltas come, dependencies say what the last revisions say. */
final class DependencyProperties {

    private static final DependencySchedule SCHEDULE =
            new DependencySchedule(10, Duration.ofSeconds(60), Duration.ofSeconds(300), Duration.ofHours(1), 100);
    private static final List<Label> LABELS =
            List.of(Label.unattributed("blue"), vm("web", "esx1"), vm("web", "esx2"), vm("app", "esx1"));

    @Property(tries = 300)
    void theLastRevisionsAreAllThatCounts(@ForAll long seed) {
        Random random = new Random(seed);
        List<DependencyDelta> all = new ArrayList<>();
        List<DependencyDelta> last = new ArrayList<>();
        for (int flow = 0; flow < 6; flow++) {
            UseRows rows = new UseRows(11 + random.nextInt(2), 10L * random.nextInt(3));
            for (int revision = random.nextInt(4); revision >= 0; revision--) {
                state(rows, random);
                all.addAll(deltas(rows.row()));
            }
            last.addAll(deltas(alone(rows.row())));
        }
        Map<String, String> expected = used(last);
        assertThat(used(all)).isEqualTo(expected);
        Collections.shuffle(all, random);
        assertThat(used(all)).isEqualTo(expected);
    }

    private static void state(UseRows rows, Random random) {
        rows.state(
                ServiceEvidence.ofCode(random.nextInt(ServiceEvidence.values().length)),
                LABELS.get(random.nextInt(LABELS.size())),
                LABELS.get(random.nextInt(LABELS.size())),
                Locality.ofCode(random.nextInt(3)));
    }

    /** As if the last revision had been the only one. */
    private static FlowRow alone(FlowRow row) {
        row.previousRevision = 0;
        row.previousService = ServiceEvidence.NONE;
        row.wasInService = false;
        return row;
    }

    private static List<DependencyDelta> deltas(FlowRow row) {
        List<DependencyDelta> out = new ArrayList<>();
        DependencyDeltas deltas = new DependencyDeltas();
        deltas.add(row);
        deltas.flush(out::add);
        return out;
    }

    /** What is stated of dependencies that are in use in the end; revisions differ, they count how often it was revised. */
    private static Map<String, String> used(List<DependencyDelta> deltas) {
        DependencyTable table = new DependencyTable();
        deltas.forEach(delta -> table.add(delta.copy(), SCHEDULE));
        Map<String, String> stated = new TreeMap<>();
        table.advance(SCHEDULE, 30_000, (known, change, at) -> {
            String text = "%s %d %d %d %d %d %d %d %d %s %d %d %f"
                    .formatted(
                            known.uses().ends(),
                            known.count(0),
                            known.count(1),
                            known.count(2),
                            known.count(3),
                            known.count(4),
                            known.count(5),
                            known.count(6),
                            known.count(8),
                            known.uses().first() + "-" + known.uses().last(),
                            known.clients(),
                            known.handshakes(),
                            known.coverage());
            if (known.isUsed()) {
                stated.put(known.key().toString(), text);
            } else {
                stated.remove(known.key().toString());
            }
        });
        return stated;
    }
}
