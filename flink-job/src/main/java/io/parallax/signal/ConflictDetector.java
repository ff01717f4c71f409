package io.parallax.signal;

import io.parallax.model.NeighbourFact;
import io.parallax.wire.Addresses;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Two interfaces that claim one address in turn: somebody forges answers, or two hosts were given the same address. What
 * changes hands once, or there and back, is a move.
 */
public final class ConflictDetector implements Detector<NeighbourFact, ConflictMemory> {

    static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Copies of one message at several sensors, and the two answers to one question, are this near to each other. */
    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long NANOS_PER_DAY = TimeUnit.DAYS.toNanos(1);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** VRRP and CARP (RFC 9568), HSRP versions 1 and 2: MAC addresses that belong to a group of routers and not to one. */
    private static final long[] VIRTUAL = {0x0000_5E00_0100L, 0x0000_5E00_0200L, 0x0000_0C07_AC00L, 0x0000_0C9F_F000L};

    private static final long[] VIRTUAL_MASKS = {~0xFFL, ~0xFFL, ~0xFFL, ~0xFFFL};

    static final Parameter CHANGES = new Parameter(
            "least_changes",
            3,
            2,
            100,
            "there, back and there again: a failover is one change, with its return two (RFC 5227, section 2.4: a conflict is a claim by another host while one still defends)");

    static final Parameter SPAN = new Parameter(
            "span_seconds",
            300,
            10,
            86_400,
            "hosts confirm a neighbour in use every 15 to 45 s (RFC 4861, section 6.3.2), so that its owner is heard several times");

    static final Parameter USUAL = new Parameter(
            "usual_changes_per_day",
            1,
            0.01,
            100,
            "an address that changes hands once a day is one of a busy pool; assumed");

    static final Profile PROFILE = new Profile(
            "address-conflict",
            "an address that two interfaces claim in turn (spoofing, duplicate)",
            List.of("T1557.002"),
            "Changes of the MAC address that claims an IP address within a VLAN, none more than 300 s after the one before:"
                    + " as arpwatch's flip flop, but a third change is waited for, since one is a move and two a failover and"
                    + " its return (RFC 5227 on conflicts). Spoofing is named where one claimant only ever answers; where"
                    + " both ask in that name, two hosts have a duplicate address. p is the tail of a Poisson"
                    + " distribution of usual changes.",
            "The owner is heard beside the forger: a forger whose victim is silent, or who forges the frame's source address"
                    + " too, is not found. Virtual MAC addresses of VRRP, CARP and HSRP are nobody's. A bond that answers"
                    + " with several MAC addresses (balance-alb) looks alike. A move keeps its MAC address.",
            "At most 1e-8 for each address and 5 min, if changes of usual addresses are independent and one a day.",
            TimeUnit.MINUTES.toNanos(10),
            256,
            List.of(CHANGES, SPAN, USUAL));

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(NeighbourFact fact) {
        return fact.isSender() && fact.isClaim() && !isVirtual(fact.mac());
    }

    private static boolean isVirtual(long mac) {
        for (int i = 0; i < VIRTUAL.length; i++) {
            if ((mac & VIRTUAL_MASKS[i]) == VIRTUAL[i]) {
                return true;
            }
        }
        return false;
    }

    @Override
    public ConflictMemory begin() {
        return new ConflictMemory();
    }

    @Override
    public ConflictMemory read(DataInput in) throws IOException {
        return ConflictMemory.readFrom(in);
    }

    @Override
    public void observe(NeighbourFact fact, ConflictMemory memory, Tuning tuning, Findings findings) {
        memory.heardAt = Math.max(memory.heardAt, fact.time());
        int holder = memory.holder(fact.vlan());
        int claimant = memory.find(fact.mac(), fact.vlan());
        boolean isChange = holder >= 0 && claimant != holder;
        if (isChange && SweepMemory.isWithin(GUARD_NANOS, memory.lastChange, fact.time())) {
            count(fact, claimant, memory);
            return;
        }
        long otherMac = isChange ? memory.macs[holder] : 0;
        claimant = claimant < 0 ? memory.add(fact.mac(), fact.vlan(), fact.time()) : claimant;
        memory.lasts[claimant] = fact.time();
        count(fact, claimant, memory);
        if (isChange) {
            change(fact.time(), memory, tuning);
            int other = memory.find(otherMac, fact.vlan());
            if (other >= 0) {
                judge(fact, claimant, other, memory, tuning, findings);
            }
        }
    }

    private static void count(NeighbourFact fact, int claimant, ConflictMemory memory) {
        if (claimant >= 0) {
            memory.claims[claimant]++;
            memory.questions[claimant] += fact.isQuestion() ? 1 : 0;
        }
    }

    private static void change(long time, ConflictMemory memory, Tuning tuning) {
        long span = (long) (tuning.get(PROFILE, SPAN) * NANOS_PER_SECOND);
        if (!SweepMemory.isWithin(span, memory.lastChange, time)) {
            memory.changes = 0;
            memory.firstChange = time;
        }
        memory.lastChange = time;
        memory.changes++;
    }

    private static void judge(
            NeighbourFact fact, int one, int other, ConflictMemory memory, Tuning tuning, Findings findings) {
        if (memory.changes < tuning.get(PROFILE, CHANGES)) {
            return;
        }
        int intruder = isIntruder(one, other, memory) ? one : other;
        findings.report(finding(fact, intruder, intruder == one ? other : one, memory, tuning));
    }

    /** Of two claimants: one that never asks in that name beside one that does; else the later one. */
    private static boolean isIntruder(int one, int other, ConflictMemory memory) {
        boolean asks = memory.questions[one] > 0;
        boolean otherAsks = memory.questions[other] > 0;
        return asks == otherAsks ? memory.firsts[one] > memory.firsts[other] : otherAsks;
    }

    private static Finding finding(NeighbourFact fact, int intruder, int owner, ConflictMemory memory, Tuning tuning) {
        boolean isForged = memory.questions[intruder] == 0;
        String mac = Addresses.mac(memory.macs[intruder]);
        Map<String, Double> figures = new TreeMap<>();
        figures.put("claims", (double) memory.claims[intruder]);
        figures.put("claims_of_the_other", (double) memory.claims[owner]);
        String sentence =
                "%s and %s claim %s in turn: it changed %d times within %.0f s; %s claimed it %d times and %s."
                        .formatted(
                                Addresses.mac(memory.macs[owner]),
                                mac,
                                fact.sender(),
                                memory.changes,
                                (fact.time() - memory.firstChange) / NANOS_PER_SECOND,
                                mac,
                                memory.claims[intruder],
                                isForged ? "asked for nobody in that name" : "also asks for others in that name");
        return new Finding(
                Integer.toString(fact.vlan()),
                fact.realm(),
                fact.sender(),
                mac,
                isForged ? "T1557.002" : "",
                memory.firstChange,
                fact.time(),
                memory.changes,
                tuning.get(PROFILE, CHANGES),
                evidence(fact.time(), memory, tuning),
                isForged ? Severity.HIGH : Severity.MEDIUM,
                figures,
                List.of(),
                sentence);
    }

    /** Logarithm of 1/p: the tail of a Poisson distribution is at most its first term where far fewer are usual. */
    private static double evidence(long time, ConflictMemory memory, Tuning tuning) {
        double seconds = Math.max(tuning.get(PROFILE, SPAN), (time - memory.firstChange) / NANOS_PER_SECOND);
        double usual = tuning.get(PROFILE, USUAL) * seconds * NANOS_PER_SECOND / NANOS_PER_DAY;
        double evidence = 0;
        for (int i = 1; i <= memory.changes; i++) {
            evidence += Math.log(i / usual);
        }
        return Math.max(0, evidence);
    }

    @Override
    public void elapse(String subject, long time, ConflictMemory memory, Tuning tuning, Findings findings) {
        // nothing follows from silence
    }
}
