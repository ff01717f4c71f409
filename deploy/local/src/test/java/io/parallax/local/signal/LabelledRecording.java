package io.parallax.local.signal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parallax.model.FlowFact;
import io.parallax.signal.Raised;
import io.parallax.signal.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A recording of the reference lab whose truth says which flows belong to which scenario, and which scenarios are attacks.
 */
public final class LabelledRecording {

    /** Signals may state evidence that follows an attack's last packet: time-outs of its victims. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Set<Integer> PORTED = Set.of(FlowFact.TCP, FlowFact.UDP);

    private final Map<String, String> names = new HashMap<>();
    private final Map<Tuple, List<Labelled>> flows = new HashMap<>();
    private final List<Scenario> attacks = new ArrayList<>();
    private final Map<String, Integer> flowsOf = new HashMap<>();
    private final Map<String, Integer> seenOf = new HashMap<>();

    /**
     * @param source name of the machine that attacks
     * @param target name of the machine that is attacked; empty: several
     * @param start first packet, ns
     * @param end last packet, ns
     */
    public record Scenario(
            String id, String kind, String technique, String source, String target, long start, long end) {

        /** Seconds from the first packet to the one that raised the signal. */
        public double secondsTo(Raised signal) {
            return (signal.detectedAt() - start) / 1e9;
        }
    }

    private record Tuple(int protocol, String one, int onePort, String other, int otherPort) {

        static Tuple of(int protocol, String one, int onePort, String other, int otherPort) {
            boolean isPorted = PORTED.contains(protocol);
            int first = isPorted ? onePort : 0;
            int second = isPorted ? otherPort : 0;
            boolean isInOrder = (one + ' ' + first).compareTo(other + ' ' + second) <= 0;
            return isInOrder
                    ? new Tuple(protocol, one, first, other, second)
                    : new Tuple(protocol, other, second, one, first);
        }
    }

    private record Labelled(long start, long end, List<String> labels) {}

    private LabelledRecording() {}

    public static LabelledRecording read(Path truth) throws IOException {
        JsonNode root = new ObjectMapper().readTree(truth.toFile());
        LabelledRecording recording = new LabelledRecording();
        for (JsonNode machine : root.at("/inventory/vms")) {
            String name = machine.get("name").asText();
            for (JsonNode card : machine.get("nics")) {
                recording.names.put(card.get("ip").asText(), name);
                recording.names.put(card.get("mac").asText(), name);
                card.path("addresses").forEach(address -> recording.names.put(address.asText(), name));
            }
        }
        JsonNode external = root.at("/inventory/external");
        recording.names.put(external.path("ip").asText(), external.path("name").asText());
        root.get("scenarios").forEach(recording::addScenario);
        root.get("flows").forEach(recording::addFlow);
        return recording;
    }

    private void addScenario(JsonNode scenario) {
        if (scenario.get("kind").asText().equals("benign")) {
            return;
        }
        attacks.add(new Scenario(
                scenario.get("id").asText(),
                scenario.get("scenario").asText(),
                scenario.get("technique").asText(),
                scenario.get("source").asText(),
                scenario.get("target").asText(""),
                micros(scenario, "start_us"),
                micros(scenario, "end_us")));
    }

    private void addFlow(JsonNode flow) {
        List<String> labels = new ArrayList<>();
        flow.path("labels").forEach(label -> labels.add(label.asText()));
        for (String end : List.of("a", "b")) {
            String vm = flow.at('/' + end + "/vm").asText("");
            if (!vm.isEmpty()) {
                names.putIfAbsent(flow.at('/' + end + "/ip").asText(), vm);
            }
        }
        Tuple tuple = Tuple.of(
                flow.get("proto").asInt(),
                flow.at("/a/ip").asText(),
                flow.at("/a/port").asInt(),
                flow.at("/b/ip").asText(),
                flow.at("/b/port").asInt());
        flows.computeIfAbsent(tuple, key -> new ArrayList<>())
                .add(new Labelled(micros(flow, "start_us"), micros(flow, "end_us"), labels));
        JsonNode outward =
                flow.at(flow.path("initiator").asText("a").equals("b") ? "/b2a/sightings" : "/a2b/sightings");
        for (String label : labels) {
            flowsOf.merge(label, 1, Integer::sum);
            outward.fieldNames().forEachRemaining(sensor -> seenOf.merge(label + ' ' + sensor, 1, Integer::sum));
        }
    }

    /** Share of the scenario's flows of which this sensor saw what their initiator sent. */
    public double seenShare(Scenario scenario, String sensor) {
        return (double) seenOf.getOrDefault(scenario.id + ' ' + sensor, 0) / flowsOf.getOrDefault(scenario.id, 1);
    }

    private static long micros(JsonNode node, String field) {
        return TimeUnit.MICROSECONDS.toNanos(node.get(field).asLong());
    }

    public List<Scenario> attacks() {
        return attacks;
    }

    /** The first signal that says of the attack what it was, and by whom or on whom. */
    public Optional<Raised> found(Scenario attack, Collection<Raised> signals) {
        return signals.stream()
                .filter(signal -> isOf(attack, signal))
                .min(Comparator.comparingLong(Raised::detectedAt));
    }

    private boolean isOf(Scenario attack, Raised signal) {
        String entity = name(signal.finding().entity());
        String peer = name(signal.finding().peer());
        boolean isNamed = entity.equals(attack.source)
                || peer.equals(attack.source)
                || (entity.equals(attack.target) && !attack.target.isEmpty());
        boolean isPeerRight = peer.isEmpty()
                || attack.target.isEmpty()
                || Set.of(attack.source, attack.target).contains(peer);
        return signal.finding().technique().equals(attack.technique)
                && isNamed
                && isPeerRight
                && signal.since() <= attack.end + GRACE_NANOS
                && signal.until() >= attack.start - GRACE_NANOS;
    }

    /** Signals of which no flow belongs to an attack; without those that only list a dependency. */
    public List<Raised> ofNoAttack(Collection<Raised> signals, Collection<FlowFact> facts) {
        Map<String, FlowFact> byId = new HashMap<>();
        facts.forEach(fact -> byId.putIfAbsent(fact.flowId(), fact));
        return signals.stream()
                .filter(signal -> signal.finding().severity() != Severity.INFORMATIONAL)
                .filter(signal -> !isOfAttack(signal, byId))
                .toList();
    }

    private boolean isOfAttack(Raised signal, Map<String, FlowFact> facts) {
        if (attacks.stream().anyMatch(attack -> isOf(attack, signal))) {
            return true;
        }
        return signal.finding().flowIds().stream()
                .map(facts::get)
                .filter(fact -> fact != null)
                .anyMatch(this::isPartOfAttack);
    }

    private boolean isPartOfAttack(FlowFact fact) {
        Tuple tuple =
                Tuple.of(fact.protocol(), fact.source(), fact.sourcePort(), fact.destination(), fact.destinationPort());
        return flows.getOrDefault(tuple, List.of()).stream()
                .filter(flow -> fact.flowStart() <= flow.end + GRACE_NANOS && fact.time() >= flow.start - GRACE_NANOS)
                .flatMap(flow -> flow.labels.stream())
                .anyMatch(label -> attacks.stream().anyMatch(attack -> attack.id.equals(label)));
    }

    private String name(String entity) {
        return names.getOrDefault(entity, entity);
    }
}
