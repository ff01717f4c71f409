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
                "Counts each packet once, in the flow and window it belongs to; names the ends; states flows per window.",
                "`flow-table`, keyed by bucket: flows, windows, sightings, names; `inventory`, broadcast; one timer per bucket");
        purpose(
                "accumulate-matrix",
                "Adds up what flows changed, per pair of entities at each level.",
                "`matrix-cells`, keyed by realm, level and window: cells of the windows that may still change; timers");
        purpose(
                "accumulate-matrix-hourly",
                "Adds up what changed in the stated cells of windows, per hour.",
                "`matrix-cells`, keyed by realm, level and hour: cells of the hours that may still change; timers");
        purpose(
                "reconcile-ledger",
                "Sets the ledger's rows against what became of the headers, per interface and window.",
                "`accounts`, keyed by interface: counts and ledger rows of the windows that may still change; timers");
        purpose(
                "estimate-segments",
                "Estimates clock offset and delay between capture interfaces from copies of packets; adds up loss.",
                "`segment-table`, keyed by bucket of interface pairs: samples of the windows that are open; timers");
        purpose(
                "mark-coverage",
                "Tells every bucket of dependencies which windows of which interface were captured whole.",
                NONE);
        purpose(
                "trace-dependencies",
                "Adds up who uses which service of whom, and tells what is new, changed or gone.",
                "`dependency-table`, keyed by bucket: dependencies, what was captured whole, open windows; timers");
        purpose(
                "detect-flows",
                "Hears what hosts do, in the order of time, and tells what is worth attention.",
                "`watch`, keyed by bucket of hosts: facts that wait, what each detector knows of a host, open signals; timers");
        purpose(
                "detect-neighbours",
                "Hears what is said on links (ARP, neighbour discovery, DHCP servers), and tells what is worth attention.",
                "`watch`, keyed by bucket of addresses: facts that wait, what each detector knows of an address, open signals; timers");
        purpose(
                "detect-dependencies",
                "Weighs dependencies that disappeared, and tells what is worth attention.",
                "`open-signal`, `came-back` and `forget-at`, keyed by dependency: of those that disappeared, 35 days; timers");
        purpose("tell-sensors", "Turns accounts of interfaces into facts for detectors.", NONE);
        purpose("tell-mirrors", "Turns what the ledger says of mirror sessions into facts for detectors.", NONE);
        purpose(
                "detect-sensors",
                "Hears what became of packets at each interface and mirror session, and tells what is worth attention.",
                "`watch`, keyed by bucket of interfaces: facts that wait, what each detector knows of an interface, open signals; timers");
        purpose("tell-segments", "Turns segments into facts for detectors.", NONE);
        purpose(
                "detect-segments",
                "Hears of loss, delay and clocks between interfaces, and tells what is worth attention.",
                "`watch`, keyed by bucket of interface pairs: facts that wait, what each detector knows of a pair, open signals; timers");
        purpose(
                "raise-signals",
                "Brings signals in the order of event time, takes back what is common, and marks what is beyond the alert budget.",
                "`waiting`, `claims`, `held`, `agenda`, `within-budget` and `budget`, keyed by realm; timers");
        purpose(
                "read-inventory",
                "Reads `inventory` and `neighbours`, from their first record.",
                "offsets per partition");
        purpose(
                "decode-inventory",
                "Refuses entries that can't be used; the others go to every subtask of meter-flows.",
                NONE);
        purpose("read-ledger", "Reads `capture-ledger`.", "offsets per partition");
        purpose("decode-ledger", "Decodes the ledger; refuses what can't be decoded.", NONE);
        purpose("publish-flows", "Upserts to topic `flows`, at least once.", NONE);
        purpose("publish-matrix", "Upserts to topic `matrix`, at least once.", NONE);
        purpose("publish-matrix-hourly", "Upserts to topic `matrix-hourly`, at least once.", NONE);
        purpose("publish-segments", "Upserts to topic `segments`, at least once.", NONE);
        purpose("publish-dependencies", "Upserts to topic `dependencies`, at least once.", NONE);
        purpose("publish-dependency-changes", "Appends to topic `dependency-changes`, at least once.", NONE);
        purpose("publish-signals", "Upserts to topic `signals`, at least once.", NONE);
        purpose("publish-completeness", "Upserts to topic `completeness`, at least once.", NONE);
        purpose("publish-dead-letters", "Appends to topic `dead-letters`, at least once.", NONE);
        table("flows", "flows");
        table("matrix", "matrix");
        table("matrix-hourly", "matrix_hourly");
        table("completeness", "completeness");
        table("segments", "segments");
        table("dependencies", "dependencies");
        table("dependency-changes", "dependency_changes");
        table("signals", "signals");
        table("dead-letters", "dead_letters");
        table("ledger", "ledger");
        table("inventory", "inventory");
        purpose(
                "maintain-tables",
                "Merges small files of the tables and forgets their old states, in a thread beside; only with `--tables`.",
                NONE);
    }

    private TopologyDocument() {}

    private static void purpose(String step, String what, String state) {
        PURPOSES.put(step, new Purpose(what, state));
    }

    private static void table(String step, String table) {
        purpose(
                "sort-" + step,
                "Makes rows of table `%s`, and sorts what a checkpoint writes; only with `--tables`.".formatted(table),
                NONE);
        purpose(
                "keep-" + step,
                "Iceberg table `%s`; only with `--tables`.".formatted(table),
                "files not yet committed");
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
