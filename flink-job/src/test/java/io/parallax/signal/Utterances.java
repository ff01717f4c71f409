package io.parallax.signal;

import io.parallax.model.NeighbourFact;
import io.parallax.model.NeighbourFact.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What neighbours say, made by hand: hosts 10.0.0.N whose MAC address ends in N, times in milliseconds since
 * {@link Steps#BEGIN_NANOS}.
 */
final class Utterances {

    static final long MACS = 0x0200_0000_0000L;
    private static final int NETWORK = 0x0A00_0000;

    final List<NeighbourFact> facts = new ArrayList<>();

    static String host(int number) {
        return "10.0.%d.%d".formatted(number >> 8, number & 0xFF);
    }

    /** To all: who has {@code target}? */
    Utterances ask(long millis, int sender, int target) {
        return say(Kind.REQUEST, true, millis, sender, sender, target, true, false);
    }

    /** The same by a host that forwards for others. */
    Utterances askAsRouter(long millis, int sender, int target) {
        return say(Kind.REQUEST, true, millis, sender, sender, target, true, true);
    }

    /** {@code who} says to {@code whom} that he is here. */
    Utterances answer(long millis, int who, int whom) {
        return claim(millis, who, who, whom);
    }

    /** {@code owner} says to {@code target} that {@code sender}'s address is its own. */
    Utterances claim(long millis, int owner, int sender, int target) {
        say(Kind.REPLY, true, millis, owner, sender, target, false, false);
        return say(Kind.REPLY, false, millis, owner, sender, target, false, false);
    }

    /** {@code owner} asks in the name of {@code sender}'s address. */
    Utterances askAs(long millis, int owner, int sender, int target) {
        return say(Kind.REQUEST, true, millis, owner, sender, target, true, false);
    }

    Utterances announce(long millis, int owner, int sender) {
        return say(Kind.ANNOUNCEMENT, true, millis, owner, sender, sender, true, false);
    }

    Utterances dhcp(long millis, int server) {
        say(Kind.DHCP_ANSWER, true, millis, server, server, 255, true, false);
        return say(Kind.DHCP_ANSWER, false, millis, server, server, 255, true, false);
    }

    private Utterances say(
            Kind kind,
            boolean isSender,
            long millis,
            int owner,
            int sender,
            int target,
            boolean isToAll,
            boolean isForwarding) {
        facts.add(new NeighbourFact(
                kind,
                isSender,
                Steps.at(millis),
                Steps.REALM,
                110,
                owner > 0xFFFF ? owner : MACS + owner,
                host(sender),
                host(target),
                NETWORK + (isSender ? target : sender),
                isToAll,
                isForwarding));
        return this;
    }

    List<Raised> run(Tuning tuning) {
        Watch<NeighbourFact> watch = new Watch<>();
        watch.configure(Detectors.neighbourRules(tuning));
        facts.forEach(watch::add);
        List<Raised> raised = new ArrayList<>();
        watch.advance(Steps.at(100_000_000), raised::add);
        return raised;
    }

    List<Raised> run() {
        return run(Tuning.DEFAULT);
    }

    /** As {@link #run()}, but written and read back every {@code stepMillis}. */
    List<Raised> runRestoring(long stepMillis, long untilMillis) throws IOException {
        Watch<NeighbourFact> watch = new Watch<>();
        watch.configure(Detectors.neighbourRules(Tuning.DEFAULT));
        facts.forEach(watch::add);
        List<Raised> raised = new ArrayList<>();
        for (long time = 0; time < untilMillis; time += stepMillis) {
            watch.advance(Steps.at(time), raised::add);
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            watch.writeTo(new DataOutputStream(octets));
            watch = Watch.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
            watch.configure(Detectors.neighbourRules(Tuning.DEFAULT));
        }
        watch.advance(Steps.at(100_000_000), raised::add);
        return raised;
    }

    /** Octets of what a detector remembers after all facts of its subject. */
    static <M extends Memory> int octets(Detector<NeighbourFact, M> detector, List<NeighbourFact> facts)
            throws IOException {
        M memory = detector.begin();
        for (NeighbourFact fact : facts) {
            if (detector.isConcernedBy(fact)) {
                if (memory.due() <= fact.time()) {
                    detector.elapse(fact.subject(), fact.time(), memory, Tuning.DEFAULT, finding -> {});
                }
                detector.observe(fact, memory, Tuning.DEFAULT, finding -> {});
            }
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        memory.writeTo(new DataOutputStream(octets));
        return octets.size();
    }

    static double seconds(long nanos) {
        return (nanos - Steps.BEGIN_NANOS) / 1e9;
    }
}
