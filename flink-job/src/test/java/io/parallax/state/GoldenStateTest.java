package io.parallax.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.dependency.DependencyTable;
import io.parallax.matrix.WindowCells;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * Octets of matrices and dependencies that a checkpoint holds, and what they say. If this fails, jobs lose or garble their
 * state on the next start. Written anew with {@code -Dparallax.write-golden=true}, for a new format only.
 */
final class GoldenStateTest {

    private static final String MATRICES = "golden/window-cells-v1";
    private static final String DEPENDENCIES = "golden/dependency-table-v2";

    @Test
    void matricesThatWereWrittenAreStillReadAndWrittenSo() throws IOException {
        if (Boolean.getBoolean("parallax.write-golden")) {
            List<WindowCells> matrices = SomeMatrices.all();
            write(MATRICES, written(WindowCellsSerializer.INSTANCE, matrices), SomeMatrices.texts(matrices));
        }
        byte[] octets = resource(MATRICES + ".bin");
        List<WindowCells> read = read(WindowCellsSerializer.INSTANCE, octets);
        assertThat(SomeMatrices.texts(read)).isEqualTo(lines(MATRICES)).hasSizeGreaterThan(30);
        assertThat(written(WindowCellsSerializer.INSTANCE, read)).isEqualTo(octets);
    }

    /** A closed matrix stays closed: what is new to it goes on to be (other). */
    @Test
    void matricesThatWereWrittenGoOn() throws IOException {
        List<WindowCells> read = read(WindowCellsSerializer.INSTANCE, resource(MATRICES + ".bin"));
        assertThat(SomeMatrices.goneOn(read))
                .isEqualTo(SomeMatrices.goneOn(SomeMatrices.all()))
                .anyMatch(line -> line.contains("(other)"));
    }

    /** What the table says from then on, too: it holds what waits, what was told and what was captured. */
    @Test
    void dependenciesThatWereWrittenAreStillReadAndWrittenSo() throws IOException {
        if (Boolean.getBoolean("parallax.write-golden")) {
            byte[] octets = written(DependencyTableSerializer.INSTANCE, List.of(SomeDependencies.table()));
            write(DEPENDENCIES, octets, SomeDependencies.texts(SomeDependencies.table()));
        }
        byte[] octets = resource(DEPENDENCIES + ".bin");
        List<DependencyTable> read = read(DependencyTableSerializer.INSTANCE, octets);
        assertThat(written(DependencyTableSerializer.INSTANCE, read)).isEqualTo(octets);
        assertThat(read).hasSize(1);
        assertThat(SomeDependencies.texts(read.get(0)))
                .isEqualTo(lines(DEPENDENCIES))
                .isNotEmpty();
    }

    /** Version 1 did not know where uses were seen, nor until when an interface is known. */
    @Test
    void dependenciesThatVersion1WroteGoOn() throws IOException {
        List<DependencyTable> read =
                read(DependencyTableSerializer.INSTANCE, resource("golden/dependency-table-v1.bin"));
        assertThat(read).hasSize(1);
        assertThat(SomeDependencies.texts(read.get(0))).isEqualTo(lines("golden/dependency-table-v1"));
    }

    private static <T> byte[] written(TypeSerializer<T> serializer, List<T> all) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        for (T one : all) {
            serializer.serialize(one, out);
        }
        return out.getCopyOfBuffer();
    }

    private static <T> List<T> read(TypeSerializer<T> serializer, byte[] octets) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(octets);
        List<T> read = new ArrayList<>();
        while (in.available() > 0) {
            read.add(serializer.deserialize(in));
        }
        return read;
    }

    private static void write(String name, byte[] octets, List<String> lines) throws IOException {
        Path folder = Path.of(System.getProperty("parallax.root", ".."), "flink-job/src/test/resources");
        Files.write(folder.resolve(name + ".bin"), octets);
        Files.writeString(folder.resolve(name + ".txt"), String.join("\n", lines) + "\n");
    }

    private static List<String> lines(String name) throws IOException {
        return new String(resource(name + ".txt"), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GoldenStateTest.class.getClassLoader().getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
