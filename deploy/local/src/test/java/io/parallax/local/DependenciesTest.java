package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parallax.capture.source.CaptureFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who used which service in a recording with known answers; dependencies are "client > server protocol/port". */
final class DependenciesTest {

    private static final int TWO_SLOTS = 2;
    private static final int TCP = 6;
    private static final int UDP = 17;

    /** Headers of the recording's TCP packets: 40 to 44 octets of raw SYNs, 60 of others' SYNs, 52 of the rest. */
    private static final long LONGEST_HEADER = 60;

    private static final long USUAL_HEADER = 52;

    @TempDir
    private Path folder;

    @Test
    void theSamplesHaveTheDependenciesThatWereUsed() throws Exception {
        agreesWithTruth(Samples.COMMITTED);
    }

    /** Five minutes with port scans of every kind, SYN floods, and services that nobody asked. */
    @Test
    void theWholeRecordingHasTheDependenciesThatWereUsedAndNoScan() throws Exception {
        assumeTrue(
                Files.isDirectory(Samples.RECORDING),
                () -> Samples.RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
        Map<String, GenericRecord> found = agreesWithTruth(Samples.RECORDING);
        Set<Integer> ports = new TreeSet<>();
        found.values().forEach(row -> ports.add((int) row.get("server_transport_port")));
        assertThat(ports)
                .as("of 1,200 ports that were scanned")
                .isSubsetOf(SERVICE_PORTS)
                .contains(22, 53, 80, 5_432);
        assertThat(found.get("vm2 > vm3 6/5432")).isNotNull();
        assertThat(found.get("vm5 > vm3 6/5432")).as("a SYN scan found it open").isNull();
        long probes = found.values().stream()
                .mapToLong(row -> (long) row.get("probes"))
                .sum();
        assertThat(probes)
                .as("half-open connections to services that are used otherwise")
                .isPositive();
    }

    private static final Set<Integer> SERVICE_PORTS =
            Set.of(22, 53, 80, 123, 443, 2_049, 5_201, 5_432, 6_379, 8_000, 8_080, 8_443);

    private Map<String, GenericRecord> agreesWithTruth(Path captures) throws Exception {
        JsonNode truth = new ObjectMapper().readTree(Samples.truth(captures).toFile());
        Map<String, String> names = names(truth);
        Set<String> certain = new TreeSet<>();
        Set<String> possible = new TreeSet<>();
        for (JsonNode flow : truth.get("flows")) {
            judge(flow, names, certain, possible);
        }
        Map<String, GenericRecord> found = dependencies(captures, names);
        assertThat(certain).isNotEmpty();
        assertThat(found.keySet()).containsAll(certain);
        assertThat(possible).containsAll(found.keySet());
        assertThat(found.values()).allSatisfy(row -> {
            assertThat((long) row.get("connections")).isPositive();
            assertThat((long) row.get("reverse_octet_total_count")).isPositive();
        });
        return found;
    }

    /** What certainly was used, and what may have been: the truth has octets with headers, not payload. */
    private static void judge(JsonNode flow, Map<String, String> names, Set<String> certain, Set<String> possible) {
        int protocol = flow.get("proto").asInt();
        boolean isForth = flow.path("initiator").asText().equals("a");
        boolean isKnown = isForth || flow.path("initiator").asText().equals("b");
        if (!isKnown || (protocol != TCP && protocol != UDP)) {
            return;
        }
        JsonNode client = flow.get(isForth ? "a" : "b");
        JsonNode server = flow.get(isForth ? "b" : "a");
        JsonNode there = flow.path(isForth ? "a2b" : "b2a");
        JsonNode back = flow.path(isForth ? "b2a" : "a2b");
        if (there.path("packets").asLong() == 0 || back.path("packets").asLong() == 0) {
            return;
        }
        String name = name(names, client) + " > " + name(names, server) + " " + protocol + "/"
                + server.get("port").asInt();
        boolean wentOn = protocol == UDP || there.path("packets").asLong() > 2;
        if (wentOn && (protocol == UDP || isLonger(there, LONGEST_HEADER) || isLonger(back, LONGEST_HEADER))) {
            certain.add(name);
        }
        if (protocol == UDP || isLonger(there, USUAL_HEADER) || isLonger(back, USUAL_HEADER)) {
            possible.add(name);
        }
    }

    /** Than a SYN and packets of so many octets. */
    private static boolean isLonger(JsonNode direction, long headerOctets) {
        long packets = direction.path("packets").asLong();
        return direction.path("bytes").asLong() > LONGEST_HEADER + (packets - 1) * headerOctets;
    }

    private static String name(Map<String, String> names, JsonNode end) {
        String address = end.get("ip").asText();
        return names.getOrDefault(address, address);
    }

    /** Of all addresses of virtual machines. */
    private static Map<String, String> names(JsonNode truth) {
        Map<String, String> names = new HashMap<>();
        truth.get("inventory")
                .get("vms")
                .forEach(vm -> vm.get("nics")
                        .forEach(nic -> nic.get("addresses")
                                .forEach(address -> names.put(
                                        address.asText(), vm.get("name").asText()))));
        return names;
    }

    /** Latest revisions; the inventory of the recording names all of its machines. */
    private Map<String, GenericRecord> dependencies(Path captures, Map<String, String> names) throws Exception {
        List<CaptureFile> files = Samples.of(captures, Samples.SENSORS);
        OutputFolder out = OutputFolder.prepare(folder.resolve("out"));
        PrintWriter nobody = new PrintWriter(new StringWriter());
        new Analysis(files, TruthInventory.of(Samples.truth(captures)), Duration.ofSeconds(10), TWO_SLOTS, out)
                .run(nobody, Progress.on(nobody));
        Map<String, GenericRecord> latest = new TreeMap<>();
        for (GenericRecord row : ParquetRows.of(out.tables().resolve("dependencies"))) {
            assertThat(names).doesNotContainKeys(text(row, "client_entity"), text(row, "server_entity"));
            String name = text(row, "client_entity") + " > " + text(row, "server_entity") + " "
                    + row.get("protocol_identifier") + "/" + row.get("server_transport_port");
            latest.merge(
                    name, row, (one, other) -> (long) one.get("revision") > (long) other.get("revision") ? one : other);
        }
        latest.values().removeIf(row -> row.get("state").toString().equals("retracted"));
        return latest;
    }

    private static String text(GenericRecord row, String field) {
        return row.get(field).toString();
    }
}
