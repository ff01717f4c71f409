package io.parallax.signal;

import io.parallax.model.NeighbourFact;
import io.parallax.model.NeighbourFact.Kind;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A host that looks for others on its own link: it asks all for addresses that nobody has. A sequential test on the outcome of
 * first contacts, as {@link #PROFILE} says; on a link an answer takes a millisecond, so a verdict takes a fraction of a second.
 */
public final class SweepDetector implements Detector<NeighbourFact, SweepMemory> {

    /** An answer comes within a millisecond or two; a busy or sleeping host gets a hundred times that. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** A question that comes again so much later is another one, and not another sensor's copy of the first. */
    static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Who was a neighbour, or a router, is one for so long. */
    static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);

    /** A missing answer alone may be one that no sensor saw, so it counts for a short time. */
    private static final long SILENCE_COUNTS_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Failures further apart are told as those of two runs. */
    private static final long RUN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long OUTCOME_COUNTS_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    static final Parameter EVIDENCE = new Parameter(
            "least_evidence",
            Math.log(1e6),
            Math.log(10),
            60,
            "Wald: at most one sequence of outcomes in a million that are a usual host's passes 10^6 (Jung et al. 2004 take 10^2 for an external host, of which there are more)");

    static final Parameter SILENT = new Parameter(
            "silent_ratio",
            2,
            1,
            10,
            "a scanner's contact fails with 0.8 (Jung et al. 2004), a usual one's answer goes unseen with 0.4 at most: half of the links not captured");

    static final Parameter ABSENT = new Parameter(
            "absent_ratio", 4, 1, 100, "0.8 against 0.2: success and failure of first contacts in Jung et al. 2004");

    static final Profile PROFILE = new Profile(
            "neighbour-sweep",
            "a host that looks for others on its link (ARP, neighbour discovery)",
            List.of("T1018"),
            "Sequential probability ratio test on first contacts (threshold random walk: Jung, Paxson, Berger, Balakrishnan,"
                    + " 2004), of addresses asked for by broadcast (Whyte, van Oorschot, Kranakis: address resolution shows"
                    + " scans within a site, 2005). A contact without an answer within 0.2 s counts 2:1 for 10 s, and only"
                    + " where the host's answers are seen at all; one asked for again counts 4:1, as nobody asks again who"
                    + " was answered; an answer counts 1:4. Neighbours of the last hour are no first contacts, so that an"
                    + " outage of theirs is no sweep.",
            "The interfaces of the host's own hypervisor are captured, or retries are waited for (about 1 s). A MAC address"
                    + " that forwards packets of others, that sends router advertisements or answers of a DHCP server asks"
                    + " on behalf of others: it is left alone, as are the roles router, dhcp, scanner and monitoring."
                    + " Where nearly all addresses answer, a sweep looks like monitoring and is not found. Entities are"
                    + " addresses.",
            "At most 1e-6 for each sequence of first contacts of a host whose contacts fail with at most 0.2, where failures"
                    + " are independent.",
            TimeUnit.MINUTES.toNanos(10),
            1_024,
            List.of(EVIDENCE, SILENT, ABSENT));

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(NeighbourFact fact) {
        if (!fact.isSender()) {
            return fact.isAnswer();
        }
        return fact.isForwarding()
                || fact.kind() == Kind.ROUTER_ADVERTISEMENT
                || fact.kind() == Kind.DHCP_ANSWER
                || (fact.isQuestion() && fact.isToAll());
    }

    @Override
    public SweepMemory begin() {
        return new SweepMemory();
    }

    @Override
    public SweepMemory read(DataInput in) throws IOException {
        return SweepMemory.readFrom(in);
    }

    @Override
    public void observe(NeighbourFact fact, SweepMemory memory, Tuning tuning, Findings findings) {
        memory.heardAt = Math.max(memory.heardAt, fact.time());
        if (!fact.isSender()) {
            answered(fact, memory);
        } else if (!fact.isQuestion() || fact.isForwarding()) {
            memory.routedAt = fact.time();
        } else if (ask(fact, memory)) {
            judge(fact.subject(), fact.time(), memory, tuning, findings);
        }
    }

    private static void answered(NeighbourFact fact, SweepMemory memory) {
        memory.answeredAt = fact.time();
        int place = memory.find(fact.number());
        if (place < 0) {
            memory.add(fact.number(), fact.time(), SweepMemory.KNOWN);
        } else if (memory.states[place] == SweepMemory.KNOWN) {
            memory.since[place] = fact.time();
        } else {
            memory.states[place] = SweepMemory.ANSWERED;
        }
    }

    /** Whether that showed that somebody is not there. */
    private static boolean ask(NeighbourFact fact, SweepMemory memory) {
        int place = memory.find(fact.number());
        if (place < 0) {
            memory.add(fact.number(), fact.time(), SweepMemory.WAITING);
            memory.asked++;
            return false;
        }
        byte state = memory.states[place];
        boolean isAgain = fact.time() - memory.since[place] >= AGAIN_NANOS;
        if (state > SweepMemory.SILENT || !isAgain) {
            return false;
        }
        if (state == SweepMemory.WAITING) {
            failed(memory, memory.since[place], fact.time());
        }
        memory.states[place] = SweepMemory.ABSENT;
        return true;
    }

    private static void failed(SweepMemory memory, long askedAt, long time) {
        if (!SweepMemory.isWithin(RUN_NANOS, memory.lastFailure, time)) {
            memory.firstFailure = askedAt;
            memory.failed = 0;
            memory.asked = askedSince(memory, askedAt);
        }
        memory.lastFailure = time;
        memory.failed++;
    }

    private static int askedSince(SweepMemory memory, long time) {
        int count = 0;
        for (int i = 0; i < memory.size; i++) {
            count += memory.since[i] >= time && memory.states[i] != SweepMemory.KNOWN ? 1 : 0;
        }
        return count;
    }

    @Override
    public void elapse(String subject, long time, SweepMemory memory, Tuning tuning, Findings findings) {
        boolean isNew = false;
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < memory.size; i++) {
            if (memory.states[i] == SweepMemory.WAITING && memory.since[i] + PATIENCE_NANOS <= time) {
                memory.states[i] = SweepMemory.SILENT;
                latest = Math.max(latest, memory.since[i] + PATIENCE_NANOS);
                failed(memory, memory.since[i], memory.since[i] + PATIENCE_NANOS);
                isNew = true;
            }
        }
        if (isNew) {
            judge(subject, latest, memory, tuning, findings);
        }
    }

    private void judge(String subject, long time, SweepMemory memory, Tuning tuning, Findings findings) {
        double evidence = evidence(time, memory, tuning);
        double least = tuning.get(PROFILE, EVIDENCE);
        if (evidence < least || SweepMemory.isWithin(REMEMBERED_NANOS, memory.routedAt, time)) {
            return;
        }
        String host = subject.substring(subject.lastIndexOf(' ') + 1);
        if (tuning.is(host, Tuning.ROUTER)
                || tuning.is(host, Tuning.DHCP)
                || tuning.is(host, Tuning.SCANNER)
                || tuning.is(host, Tuning.MONITORING)) {
            return;
        }
        findings.report(finding(subject, host, time, memory, evidence, least));
    }

    private static double evidence(long time, SweepMemory memory, Tuning tuning) {
        double silent = silentCounts(time, memory) ? Math.log(tuning.get(PROFILE, SILENT)) : 0;
        double absent = Math.log(tuning.get(PROFILE, ABSENT));
        double sum = 0;
        for (int i = 0; i < memory.size; i++) {
            if (isFailure(i, time, memory)) {
                sum += memory.states[i] == SweepMemory.ABSENT ? absent : silent;
            } else if (memory.states[i] == SweepMemory.ANSWERED && time - memory.since[i] <= OUTCOME_COUNTS_NANOS) {
                sum -= absent;
            }
        }
        return sum;
    }

    private static boolean silentCounts(long time, SweepMemory memory) {
        return SweepMemory.isWithin(REMEMBERED_NANOS, memory.answeredAt, time);
    }

    private static boolean isFailure(int place, long time, SweepMemory memory) {
        long age = time - memory.since[place];
        return switch (memory.states[place]) {
            case SweepMemory.SILENT -> age <= SILENCE_COUNTS_NANOS && silentCounts(time, memory);
            case SweepMemory.ABSENT -> age <= OUTCOME_COUNTS_NANOS;
            default -> false;
        };
    }

    private static Finding finding(
            String subject, String host, long time, SweepMemory memory, double evidence, double least) {
        long since = Memory.NEVER;
        int failures = 0;
        for (int i = 0; i < memory.size; i++) {
            if (isFailure(i, time, memory)) {
                since = Math.min(since, memory.since[i]);
                failures++;
            }
        }
        boolean isOneRun =
                2 * memory.failed >= failures; // or a slow sweep, of which the memory holds far more than the last run
        since = isOneRun ? memory.firstFailure : since;
        int asked = isOneRun ? memory.asked : askedSince(memory, since);
        int failed = isOneRun ? memory.failed : failures;
        Map<String, Double> figures = new TreeMap<>();
        figures.put("asked", (double) asked);
        figures.put("unanswered", (double) failed);
        String sentence =
                "%s asked all on its link for %d addresses that it had not been in touch with, within %.1f s; %d of them did not answer."
                        .formatted(host, asked, (time - since) / NANOS_PER_SECOND, failed);
        return new Finding(
                "",
                subject.substring(0, subject.lastIndexOf(' ')),
                host,
                "",
                "T1018",
                since,
                time,
                evidence,
                least,
                evidence,
                Severity.MEDIUM,
                figures,
                List.of(),
                sentence);
    }
}
