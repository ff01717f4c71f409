package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.io.AvroTypes;
import io.parallax.model.RawRecord;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DecodeInventoryFunctionTest {

    private OneInputStreamOperatorTestHarness<RawRecord, InventoryEntry> harness;

    @BeforeEach
    void open() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new DecodeInventoryFunction()));
        harness.setup(AvroTypes.INVENTORY_ENTRY.createSerializer(new SerializerConfigImpl()));
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void entriesAndTombstonesPassAndGarbageBecomesADeadLetter() throws Exception {
        InventoryEntry entry = InventoryRecords.of("web-1", "10.0.0.1");
        RawRecord good = InventoryRecords.record(entry);
        RawRecord tombstone = InventoryRecords.tombstone(entry);
        read(
                good,
                InventoryRecords.record("k", new byte[] {1, 2}),
                InventoryRecords.record("", good.value()),
                tombstone);
        assertThat(harness.extractOutputValues()).containsExactly(entry);
        assertThat(harness.getSideOutput(DecodeInventoryFunction.CHANGES))
                .extracting(change -> change.getValue())
                .containsExactly(good, tombstone);
        assertThat(letters()).extracting(DeadLetter::getReason).containsExactly("NO_MARKER", "EMPTY");
    }

    @Test
    void aFieldThatHoldsWhatIsNotAllowedIsNamedWithItsValue() throws Exception {
        assertThat(explanation(entry -> entry.setKind("router"))).contains("kind is 'router'; allowed: interface");
        assertThat(explanation(entry -> entry.setName(""))).contains("name is ''; allowed: not empty");
        assertThat(explanation(entry -> entry.setMacAddress("02-00-00-00-00-01")))
                .contains("'02-00-00-00-00-01'");
        assertThat(explanation(entry -> entry.setAddresses(List.of()))).contains("addresses is '[]'");
        assertThat(explanation(entry -> entry.setAddresses(List.of("web.example"))))
                .contains("'web.example' is no IP address");
        assertThat(explanation(entry -> {
                    entry.setValidFrom(Instant.ofEpochSecond(9));
                    entry.setValidTo(Instant.ofEpochSecond(9));
                }))
                .contains("valid_to is '1970-01-01T00:00:09Z'; allowed: after valid_from");
        assertThat(explanation(entry -> {
                    entry.setKind(Topics.INVENTORY_SUBNET);
                    entry.setCidr("10.0.0.1/24");
                }))
                .contains("'10.0.0.1/24' is no network");
    }

    private String explanation(Consumer<InventoryEntry> spoilt) throws Exception {
        InventoryEntry entry = InventoryRecords.of("web-1", "10.0.0.1");
        spoilt.accept(entry);
        read(InventoryRecords.record(entry));
        assertThat(harness.extractOutputValues()).isEmpty();
        List<DeadLetter> letters = letters();
        DeadLetter last = letters.get(letters.size() - 1);
        assertThat(last.getReason()).isEqualTo("REFUSED_VALUE");
        return last.getExplanation();
    }

    private void read(RawRecord... records) throws Exception {
        for (RawRecord record : records) {
            harness.processElement(record, 0);
        }
    }

    private List<DeadLetter> letters() {
        return harness.getSideOutput(DecodeInventoryFunction.REFUSED).stream()
                .map(letter -> letter.getValue())
                .toList();
    }
}
