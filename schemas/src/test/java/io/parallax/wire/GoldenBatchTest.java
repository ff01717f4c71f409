package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A batch as it once left a producer: brokers keep such records for weeks, so every later reader has to read it.
 *
 * <p>{@code -Dparallax.update-golden=true} writes the files anew, which only a new columns version may need.
 */
final class GoldenBatchTest {

    private static final Path FOLDER =
            Path.of(System.getProperty("parallax.root", ".."), "schemas", "src", "test", "resources", "golden");
    private static final Path BATCH = FOLDER.resolve("header-batch-v3.bin");
    private static final Path HEADERS = FOLDER.resolve("header-batch-v3.txt");

    private static final long LOW_WATERMARK_NANOS = 1_700_000_000_000_000_000L;

    @Test
    void aBatchOfTheFirstVersionIsReadAsItWasMeant() throws Exception {
        HeaderBatchReader reader = new HeaderBatchReader();
        HeaderBatch batch = reader.open(Files.readAllBytes(FOLDER.resolve("header-batch-v1.bin")));
        assertThat(batch.getColumnsVersion()).isEqualTo(1);
        assertThat(batch.getSensorId()).isEqualTo("capture-1");
        assertThat(batch.getSamplingMethod()).isEqualTo("none");
        assertThat(texts(read(reader))).isEqualTo(Files.readAllLines(FOLDER.resolve("header-batch-v1.txt")));
    }

    @Test
    void aBatchOfTheSecondVersionIsReadAsItWasMeant() throws Exception {
        HeaderBatchReader reader = new HeaderBatchReader();
        HeaderBatch batch = reader.open(Files.readAllBytes(FOLDER.resolve("header-batch-v2.bin")));
        assertThat(batch.getColumnsVersion()).isEqualTo(2);
        assertThat(batch.getSamplingMethod()).isEqualTo("count");
        assertThat(reader.quotationCount()).isZero();
        assertThat(texts(read(reader))).isEqualTo(Files.readAllLines(FOLDER.resolve("header-batch-v2.txt")));
    }

    @Test
    void aBatchOfTheThirdVersionIsReadAsItWasMeant() throws Exception {
        updateWhenAsked();
        HeaderBatchReader reader = new HeaderBatchReader();
        HeaderBatch batch = reader.open(Files.readAllBytes(BATCH));
        assertThat(batch.getColumnsVersion()).isEqualTo(3);
        assertThat(batch.getSensorId()).isEqualTo("capture-1");
        assertThat(batch.getSamplingMethod()).isEqualTo("count");
        assertThat(reader.quotationCount()).isEqualTo(5);
        assertThat(texts(read(reader))).isEqualTo(Files.readAllLines(HEADERS));
    }

    @Test
    void theSameHeadersGiveTheSameOctetsAgain() throws Exception {
        updateWhenAsked();
        HeaderBatchReader reader = new HeaderBatchReader();
        reader.open(Files.readAllBytes(BATCH));
        assertThat(encode(read(reader))).isEqualTo(Files.readAllBytes(BATCH));
    }

    private static void updateWhenAsked() throws IOException {
        if (!Boolean.getBoolean("parallax.update-golden")) {
            return;
        }
        Random random = new Random(1);
        List<PacketHeader> headers = new ArrayList<>(new Traffic(1).headers(20));
        for (int i = 0; i < 20; i++) {
            headers.add(AnyHeaders.header(random));
            headers.add(AnyHeaders.mirrored(AnyHeaders.header(random), random, i));
            if (i % 4 == 0) {
                headers.add(AnyHeaders.quoting(AnyHeaders.header(random), random));
            }
        }
        Files.createDirectories(FOLDER);
        Files.write(BATCH, encode(headers));
        Files.write(HEADERS, texts(headers));
    }

    private static byte[] encode(List<PacketHeader> headers) {
        HeaderBatchWriter writer = new HeaderBatchWriter(
                "capture-1", "eth1", 0, 1_700_000_000_000L, 128, 0.25, HeaderBatchWriter.SAMPLING_COUNT);
        headers.forEach(writer::add);
        return writer.finish(LOW_WATERMARK_NANOS, false);
    }

    private static List<PacketHeader> read(HeaderBatchReader reader) throws WireFormatException {
        List<PacketHeader> headers = new ArrayList<>();
        for (PacketHeader header = new PacketHeader(); reader.next(header); header = new PacketHeader()) {
            headers.add(header);
        }
        return headers;
    }

    private static List<String> texts(List<PacketHeader> headers) {
        return headers.stream().map(HeaderText::of).toList();
    }
}
