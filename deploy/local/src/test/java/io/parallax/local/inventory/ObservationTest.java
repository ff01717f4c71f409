package io.parallax.local.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Entries as text: name host addresses [from, to). */
final class ObservationTest {

    private static final Instant ONE = Instant.parse("2026-01-31T01:00:00Z");
    private static final Instant TWO = Instant.parse("2026-01-31T02:00:00Z");
    private static final Instant THREE = Instant.parse("2026-01-31T03:00:00Z");

    private final Map<String, InventoryEntry> topic = new TreeMap<>();

    @Test
    void whatIsAsItWasGoesOnAndBeganWhenItWasSeenFirst() throws Exception {
        observe(ONE, interfaceOf("web", "esx-1", "10.0.0.1"));
        Observation again = observe(TWO, interfaceOf("web", "esx-1", "10.0.0.1"));
        assertThat(again.unchanged()).isEqualTo(1);
        assertThat(again.puts()).isEmpty();
        assertThat(texts()).containsExactly("web esx-1 [10.0.0.1] [1, -)");
    }

    @Test
    void aMachineThatMovedIsThereTwice() throws Exception {
        observe(ONE, interfaceOf("web", "esx-1", "10.0.0.1"));
        observe(TWO, interfaceOf("web", "esx-2", "10.0.0.1"));
        assertThat(texts()).containsExactly("web esx-1 [10.0.0.1] [1, 2)", "web esx-2 [10.0.0.1] [2, -)");
    }

    @Test
    void anAddressThatWentToAnotherMachineIsEachOnesInItsTime() throws Exception {
        observe(ONE, interfaceOf("a", "esx-1", "10.0.0.1"), interfaceOf("b", "esx-1", "10.0.0.2"));
        observe(TWO, interfaceOf("a", "esx-1", "10.0.0.9"), interfaceOf("b", "esx-1", "10.0.0.1"));
        assertThat(texts())
                .containsExactly(
                        "a esx-1 [10.0.0.1] [1, 2)",
                        "a esx-1 [10.0.0.9] [2, -)",
                        "b esx-1 [10.0.0.1] [2, -)",
                        "b esx-1 [10.0.0.2] [1, 2)");
    }

    @Test
    void whatIsGoneEndsAndWhatComesBackBeginsAnew() throws Exception {
        observe(ONE, interfaceOf("web", "esx-1", "10.0.0.1"));
        assertThat(observe(TWO).ended()).isEqualTo(1);
        observe(THREE, interfaceOf("web", "esx-1", "10.0.0.1"));
        assertThat(texts()).containsExactly("web esx-1 [10.0.0.1] [1, 2)", "web esx-1 [10.0.0.1] [3, -)");
    }

    @Test
    void whatIsSeenOtherwiseAtTheSameMomentIsReplaced() throws Exception {
        observe(ONE, interfaceOf("web", "esx-1", "10.0.0.1"));
        observe(ONE, interfaceOf("web", "esx-2", "10.0.0.1"));
        observe(ONE, interfaceOf("db", "esx-2", "10.0.0.1"));
        assertThat(texts()).containsExactly("db esx-2 [10.0.0.1] [1, -)");
    }

    @Test
    void hostsHaveNoHistory() throws Exception {
        observe(ONE, host("esx-1", "capvm1"), host("esx-2"));
        observe(TWO, host("esx-1", "capvm2"));
        assertThat(topic.values())
                .singleElement()
                .satisfies(entry -> assertThat(entry.getSensors()).containsExactly("capvm2"))
                .satisfies(entry -> assertThat(entry.getValidFrom()).isNull());
    }

    @Test
    void aMachineOfAnotherNameIsAnotherOne() throws Exception {
        observe(ONE, interfaceOf("web", "esx-1", "10.0.0.1"));
        observe(TWO, interfaceOf("shop", "esx-1", "10.0.0.1"));
        assertThat(texts()).containsExactly("shop esx-1 [10.0.0.1] [2, -)", "web esx-1 [10.0.0.1] [1, 2)");
    }

    @Test
    void theOrderOfAddressesIsNoChange() throws Exception {
        InventoryEntry seen = interfaceOf("web", "esx-1", "10.0.0.1");
        seen.setAddresses(List.of("10.0.0.1", "10.0.0.2"));
        observe(ONE, seen);
        InventoryEntry otherwise = InventoryEntry.newBuilder(seen).build();
        otherwise.setAddresses(List.of("10.0.0.2", "10.0.0.1"));
        assertThat(observe(TWO, otherwise).unchanged()).isEqualTo(1);
    }

    @Test
    void theSensorsThatAFileGivesAHostStay() throws Exception {
        InventoryEntry ofFile = host("esx-1", "capvm1");
        topic.put(Topics.inventoryKey(ofFile), ofFile);
        assertThat(observe(ONE, host("esx-1")).kept()).isEqualTo(1);
        assertThat(topic).hasSize(1).containsValue(ofFile);
    }

    @Test
    void whatAFileSaidStays() throws Exception {
        InventoryEntry ofFile = interfaceOf("web", "esx-1", "10.0.0.1");
        topic.put(Topics.inventoryKey(ofFile), ofFile);
        observe(ONE);
        assertThat(topic).containsValue(ofFile);
    }

    @Test
    void neitherThePastNorAnIntervalIsObserved() throws Exception {
        observe(TWO, interfaceOf("web", "esx-1", "10.0.0.1"));
        assertThatThrownBy(() -> observe(ONE))
                .hasMessage("observed at 2026-01-31T01:00:00Z; allowed: 2026-01-31T02:00:00Z, of which the topic has an"
                        + " observation, or later");
        InventoryEntry interval = interfaceOf("db", "esx-1", "10.0.0.2");
        interval.setValidTo(THREE);
        assertThatThrownBy(() -> observe(THREE, interval)).hasMessageContaining("db has an interval");
    }

    private Observation observe(Instant at, InventoryEntry... seen) throws InventoryException {
        Observation observation = Observation.of(topic, List.of(seen), at);
        topic.putAll(observation.puts());
        topic.keySet().removeAll(observation.removals());
        return observation;
    }

    private List<String> texts() {
        return topic.values().stream()
                .map(entry -> "%s %s %s [%s, %s)"
                        .formatted(
                                entry.getName(),
                                entry.getHost(),
                                entry.getAddresses(),
                                hour(entry.getValidFrom()),
                                entry.getValidTo() == null ? "-" : hour(entry.getValidTo())))
                .sorted()
                .toList();
    }

    private static String hour(Instant time) {
        return time.toString().substring(12, 13);
    }

    private static InventoryEntry interfaceOf(String name, String host, String address) {
        return InventoryEntry.newBuilder()
                .setKind(Topics.INVENTORY_INTERFACE)
                .setName(name)
                .setHost(host)
                .setMacAddress("02:00:00:00:00:" + (name.equals("a") ? "0a" : "0b"))
                .setAddresses(List.of(address))
                .build();
    }

    private static InventoryEntry host(String name, String... sensors) {
        return InventoryEntry.newBuilder()
                .setKind(Topics.INVENTORY_HOST)
                .setName(name)
                .setSensors(List.of(sensors))
                .build();
    }
}
