package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowFact;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a detector tells of facts: those of all subjects, by a watch. */
final class Told {

    private Told() {}

    /** Sentences of the signals that were opened. */
    static List<String> of(Detector<FlowFact, ?> detector, Tuning tuning, List<FlowFact> facts) {
        return raised(detector, tuning, facts).stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .map(signal -> signal.finding().sentence())
                .toList();
    }

    static List<Raised> raised(Detector<FlowFact, ?> detector, Tuning tuning, List<FlowFact> facts) {
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(FlowFactCodec.INSTANCE, List.of(detector), tuning));
        facts.forEach(watch::add);
        List<Raised> raised = new ArrayList<>();
        watch.advance(Long.MAX_VALUE, raised::add);
        return raised;
    }

    /** The same signals where the watch was written and read before each of the times, at which all facts are told. */
    static void assertThatRestoresAlike(Detector<FlowFact, ?> detector, List<FlowFact> facts) throws IOException {
        WatchRules<FlowFact> rules = new WatchRules<>(FlowFactCodec.INSTANCE, List.of(detector), Tuning.DEFAULT);
        List<String> undisturbed = new ArrayList<>();
        List<String> restored = new ArrayList<>();
        Watch<FlowFact> whole = new Watch<>();
        Watch<FlowFact> broken = new Watch<>();
        whole.configure(rules);
        broken.configure(rules);
        for (FlowFact fact : facts) {
            whole.add(fact);
            broken.add(fact);
            whole.advance(fact.time(), signal -> undisturbed.add(signal.toString()));
            broken.advance(fact.time(), signal -> restored.add(signal.toString()));
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            broken.writeTo(new DataOutputStream(octets));
            broken = Watch.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
            broken.configure(rules);
        }
        whole.advance(Long.MAX_VALUE, signal -> undisturbed.add(signal.toString()));
        broken.advance(Long.MAX_VALUE, signal -> restored.add(signal.toString()));
        assertThat(restored).isEqualTo(undisturbed).isNotEmpty();
    }

    /** Octets of the memory after so many facts made at random from long names, at most. */
    static <M extends Memory> int mostOctets(Detector<FlowFact, M> detector, List<FlowFact> facts) throws IOException {
        M memory = detector.begin();
        int most = 0;
        for (FlowFact fact : facts) {
            if (detector.isConcernedBy(fact)) {
                detector.observe(fact, memory, Tuning.DEFAULT, finding -> {});
            }
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            memory.writeTo(new DataOutputStream(octets));
            most = Math.max(most, octets.size());
        }
        return most;
    }

    /** Volumes of every size between one host and many with long names, at ports that matter to detectors. */
    static List<FlowFact> hostile(boolean isOut) {
        Random random = new Random(5);
        List<FlowFact> facts = new ArrayList<>();
        String host = "2001:0db8:ffff:ffff:ffff:ffff:ffff:0001";
        for (int i = 0; i < 3_000; i++) {
            String other = "2001:0db8:eeee:eeee:eeee:eeee:%04x:%04x".formatted(random.nextInt(9), random.nextInt(99));
            long octets = 1L << random.nextInt(34);
            facts.add(Volumes.of(
                    isOut,
                    60_000L * (i / 4),
                    isOut ? host : other,
                    isOut ? other : host,
                    FlowFact.UDP,
                    random.nextInt(65_536),
                    random.nextBoolean() ? 53 : 8_443,
                    1 + octets / 1_000,
                    octets,
                    1,
                    random.nextInt(1_000)));
        }
        return facts;
    }
}
