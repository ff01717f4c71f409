package io.parallax.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes docs/20-topology.md from the graph that {@link ParallaxJob} builds. What a step is for is said here, once. */
final class TopologyDocument {

    private record Purpose(String what, String state) {}

    private static final String NONE = "none";
    private static final Map<String, Purpose> PURPOSES = new LinkedHashMap<>();

    static {
        purpose(
                "read-headers",
                "Reads `packet-headers`; each stream's low watermark becomes the watermark.",
                "offsets per partition");
        purpose(
                "split-blocks",
                "Drops repeated batches, splits the others into blocks by bucket of the (realm, 5-tuple) hash; refuses what"
                        + " can't be decoded.",
                "`stream-positions`, operator state (union): epoch, sequence and low watermark per stream;"
                        + " `heard-streams`, likewise: clock and silence per stream");
        purpose(
                "meter-flows",
                "Counts each packet once, in the flow and window it belongs to; states flows per window.",
                "`flow-table`, keyed by bucket: flows, windows, sightings; one timer per bucket");
        purpose(
                "accumulate-matrix",
                "Adds up what flows changed, per pair of addresses and of subnets.",
                "keyed: cells of the windows that may still change; timers");
        purpose(
                "reconcile-ledger",
                "Sets the ledger's rows against what became of the headers, per interface and window.",
                "`accounts`, keyed by interface: counts and ledger rows of the windows that may still change; timers");
        purpose(
                "estimate-segments",
                "Estimates clock offset and delay between capture interfaces from copies of packets; adds up loss.",
                "`segment-table`, keyed by bucket of interface pairs: samples of the windows that are open; timers");
        purpose("read-ledger", "Reads `capture-ledger`.", "offsets per partition");
        purpose("decode-ledger", "Decodes the ledger; refuses what can't be decoded.", NONE);
        purpose("publish-flows", "Upserts to topic `flows`, at least once.", NONE);
        purpose("publish-matrix", "Upserts to topic `matrix`, at least once.", NONE);
        purpose("publish-segments", "Upserts to topic `segments`, at least once.", NONE);
        purpose("publish-completeness", "Upserts to topic `completeness`, at least once.", NONE);
        purpose("publish-dead-letters", "Appends to topic `dead-letters`, at least once.", NONE);
        purpose("keep-flows", "Parquet table `flows`; only with `--tables`.", "files not yet committed");
        purpose("keep-matrix", "Parquet table `matrix`; only with `--tables`.", "files not yet committed");
        purpose("keep-completeness", "Parquet table `completeness`; only with `--tables`.", "files not yet committed");
        purpose("keep-segments", "Parquet table `segments`; only with `--tables`.", "files not yet committed");
        purpose("keep-dead-letters", "Parquet table `dead_letters`; only with `--tables`.", "files not yet committed");
        purpose("keep-ledger", "Parquet table `ledger`; only with `--tables`.", "files not yet committed");
    }

    private TopologyDocument() {}

    private static void purpose(String step, String what, String state) {
        PURPOSES.put(step, new Purpose(what, state));
    }

    static Set<String> described() {
        return PURPOSES.keySet();
    }

    /** As they are described, which is as the data flows; one that nobody described comes last. */
    private static List<String> inOrder(Topology topology) throws Exception {
        List<String> described = new ArrayList<>(PURPOSES.keySet());
        List<String> steps = new ArrayList<>(topology.steps());
        steps.sort(Comparator.comparingInt(
                        (String step) -> described.contains(step) ? described.indexOf(step) : described.size())
                .thenComparing(Comparator.naturalOrder()));
        return steps;
    }

    static String of(Topology topology) throws Exception {
        StringBuilder page = new StringBuilder("""
                # The job's topology

                Generated from the graph that `ParallaxJob` builds by `TopologyTest`; do not edit. After a change:
                `mvn -pl flink-job -am test -Dtest=TopologyTest -Dsurefire.failIfNoSpecifiedTests=false -Dparallax.update-docs=true`.

                A thick arrow is a shuffle by key. A thin arrow stays in the thread of the step before (chained), a dotted one
                crosses to another task of the same instance. Names on arrows are side outputs.

                ```mermaid
                flowchart LR
                """);
        for (String step : inOrder(topology)) {
            page.append("    %s[%s]\n".formatted(step, step));
        }
        List<String> order = inOrder(topology);
        List<Topology.Way> ways = new ArrayList<>(topology.ways());
        ways.sort(Comparator.comparingInt((Topology.Way way) -> order.indexOf(way.from()))
                .thenComparingInt(way -> order.indexOf(way.to())));
        for (Topology.Way way : ways) {
            String arrow = way.isShuffled() ? "==>" : way.isChained() ? "-->" : "-.->";
            String name = way.output().isEmpty() ? "" : "|" + way.output() + "|";
            page.append("    %s %s%s %s\n".formatted(way.from(), arrow, name, way.to()));
        }
        page.append("""
                ```

                A step's name is also its uid, its scope in [metrics](50-metrics.md), and its anchor here. State is found by uid
                when a job starts from a savepoint: a step may be added or removed, a name may not change.

                | step | uid | what it does | state |
                |---|---|---|---|
                """);
        for (String step : order) {
            Purpose purpose = PURPOSES.getOrDefault(step, new Purpose("?", "?"));
            page.append("| <a id=\"%s\"></a>%s | `%s` | %s | %s |\n"
                    .formatted(step, step, step, purpose.what(), purpose.state()));
        }
        return page.toString();
    }
}
