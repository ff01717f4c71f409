package io.parallax.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.flow.FlowTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class FlowTableSerializerTest {

    private static final FlowTableSerializer SERIALIZER = FlowTableSerializer.INSTANCE;
    private static final String GOLDEN = "golden/flow-table-v5";
    private static final long GOLDEN_SEED = 1;
    private static final int GOLDEN_PACKETS = 120;

    @Property(tries = 60)
    void aTableThatIsReadBackSaysWhatTheWrittenOneSays(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 300) int packets) throws IOException {
        FlowTable table = SomeTables.table(seed, packets);
        byte[] octets = written(table);
        FlowTable read = read(octets);
        FlowTable copy = SERIALIZER.copy(table);
        assertThat(written(read)).isEqualTo(octets);
        assertThat(read.size()).isEqualTo(table.size());
        assertThat(read.tooLatePackets()).isEqualTo(table.tooLatePackets());
        assertThat(copy.tooLatePackets()).isEqualTo(table.tooLatePackets());
        List<String> rows = SomeTables.rows(table);
        assertThat(SomeTables.rows(read)).isEqualTo(rows);
        assertThat(SomeTables.rows(copy)).isEqualTo(rows);
    }

    @Test
    void octetsCanBeCopied() throws IOException {
        byte[] octets = written(SomeTables.table(5, 50));
        DataOutputSerializer out = new DataOutputSerializer(64);
        SERIALIZER.copy(new DataInputDeserializer(octets), out);
        assertThat(out.getCopyOfBuffer()).isEqualTo(octets);
    }

    @Test
    void aVersionThatIsNotKnownIsRefusedNamingBoth() throws IOException {
        byte[] octets = written(SomeTables.table(5, 50));
        octets[1]++;
        assertThatThrownBy(() -> read(octets))
                .isInstanceOf(IOException.class)
                .hasMessage("flow table of format version 6 in the state; this job reads 1 to 5");
    }

    @Test
    void aStateThatIsCutOffIsNotReadAsASmallerOne() throws IOException {
        byte[] octets = written(SomeTables.table(5, 50));
        byte[] cut = Arrays.copyOf(octets, octets.length - 1);
        assertThatThrownBy(() -> read(cut)).isInstanceOf(IOException.class);
    }

    /**
     * Octets that a checkpoint of format version 5 holds, and the rows they stand for. If this fails, jobs lose or garble
     * their state on the next start: raise the version and keep a reader of the former.
     */
    @Test
    void aTableThatThisVersionWroteIsStillRead() throws IOException {
        if (Boolean.getBoolean("parallax.write-golden")) {
            writeGolden();
        }
        byte[] octets = resource(GOLDEN + ".bin");
        FlowTable table = read(octets);
        assertThat(written(table)).as("and is still written so").isEqualTo(octets);
        assertThat(String.join("\n", SomeTables.rows(table)) + "\n")
                .isEqualTo(new String(resource(GOLDEN + ".txt"), StandardCharsets.UTF_8));
    }

    /** What version 1 did not know (TCP, places on the way) begins with the packets that come now. */
    @Test
    void aTableThatVersion1WroteGoesOn() throws IOException {
        FlowTable table = read(resource("golden/flow-table-v1.bin"));
        assertThat(String.join("\n", SomeTables.rows(table)) + "\n")
                .isEqualTo(new String(resource("golden/flow-table-v1.txt"), StandardCharsets.UTF_8));
    }

    /** Version 2 kept nothing of ICMP errors and of what a crowded table forgot. */
    @Test
    void aTableThatVersion2WroteGoesOn() throws IOException {
        FlowTable table = read(resource("golden/flow-table-v2.bin"));
        assertThat(String.join("\n", SomeTables.rows(table)) + "\n")
                .isEqualTo(new String(resource("golden/flow-table-v2.txt"), StandardCharsets.UTF_8));
    }

    /** Version 3 kept no names with the rows that it had stated. */
    @Test
    void aTableThatVersion3WroteGoesOn() throws IOException {
        FlowTable table = read(resource("golden/flow-table-v3.bin"));
        assertThat(String.join("\n", SomeTables.rows(table)) + "\n")
                .isEqualTo(new String(resource("golden/flow-table-v3.txt"), StandardCharsets.UTF_8));
    }

    /** Version 4 told of no attempts. */
    @Test
    void aTableThatVersion4WroteGoesOn() throws IOException {
        FlowTable table = read(resource("golden/flow-table-v4.bin"));
        assertThat(table.isUntold()).isFalse();
        assertThat(String.join("\n", SomeTables.rows(table)) + "\n")
                .isEqualTo(new String(resource("golden/flow-table-v4.txt"), StandardCharsets.UTF_8));
    }

    private static void writeGolden() throws IOException {
        Path folder = Path.of(System.getProperty("parallax.root", ".."), "flink-job/src/test/resources/golden");
        Files.createDirectories(folder);
        FlowTable table = SomeTables.table(GOLDEN_SEED, GOLDEN_PACKETS);
        Files.write(folder.resolve("flow-table-v5.bin"), written(table));
        Files.writeString(folder.resolve("flow-table-v5.txt"), String.join("\n", SomeTables.rows(table)) + "\n");
        for (String former : List.of("flow-table-v1", "flow-table-v2", "flow-table-v3", "flow-table-v4")) {
            FlowTable then = read(resource("golden/" + former + ".bin"));
            Files.writeString(folder.resolve(former + ".txt"), String.join("\n", SomeTables.rows(then)) + "\n");
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = FlowTableSerializerTest.class.getClassLoader().getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static byte[] written(FlowTable table) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1_024);
        SERIALIZER.serialize(table, out);
        return out.getCopyOfBuffer();
    }

    private static FlowTable read(byte[] octets) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(octets);
        FlowTable table = SERIALIZER.deserialize(in);
        assertThat(in.available()).isZero();
        return table;
    }
}
