package io.parallax.capture.source;

import static io.parallax.capture.source.ReadFrames.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.capture.source.ReadFrames.Copy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PcapReaderTest {

    private static final long TIME = 1_700_000_000_123_456_789L;
    private static final byte[] FRAME = {1, 2, 3, 4, 5};

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void everyByteOrderAndResolutionReadsTheSame(boolean littleEndian, boolean nanos) throws IOException {
        byte[] file = new PcapWriter(littleEndian, nanos, 101)
                .frame(TIME, FRAME)
                .frame(TIME + 1_000, FRAME, 1_500)
                .toBytes();

        ReadFrames read = ReadFrames.of(folder, "vm.eth0.pcap", file);

        long time = nanos ? TIME : TIME / 1_000 * 1_000;
        assertThat(read.frames())
                .containsExactly(
                        new Copy(time, 0, 101, 5, list(FRAME)), new Copy(time + 1_000, 0, 101, 1_500, list(FRAME)));
        assertThat(read.source().interfaces()).containsExactly("eth0");
        assertThat(read.source().frames()).isEqualTo(2);
        assertThat(read.source().octets()).isEqualTo(1_505);
        assertThat(read.source().truncatedAtEnd()).isFalse();
    }

    @Test
    void aCaptureThatIsCutOffKeepsWhatCameBefore() throws IOException {
        byte[] file =
                PcapWriter.ofEthernet().frame(TIME, FRAME).frame(TIME, FRAME).toBytes();
        int complete = 24 + 16 + FRAME.length;
        for (int length = complete + 1; length < file.length; length++) {
            ReadFrames read = ReadFrames.of(folder, "x.pcap", Arrays.copyOf(file, length));
            assertThat(read.frames()).hasSize(1);
            assertThat(read.source().truncatedAtEnd()).isTrue();
            assertThat(read.source().unreadOctets()).isEqualTo(length - complete);
        }
        assertThat(ReadFrames.of(folder, "x.pcap", Arrays.copyOf(file, complete))
                        .source()
                        .truncatedAtEnd())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"4294967295", "2147483648", "262145", "6"})
    void aRecordThatClaimsMoreThanCanBeEndsTheCapture(long captured) throws IOException {
        byte[] file = PcapWriter.ofEthernet()
                .frame(TIME, FRAME)
                .record(TIME, captured, captured, FRAME)
                .toBytes();

        ReadFrames read = ReadFrames.of(folder, "x.pcap", file);

        assertThat(read.frames()).hasSize(1);
        assertThat(read.source().truncatedAtEnd()).isTrue();
    }

    @Test
    void aWindowSmallerThanTheFileReadsTheSame() throws IOException {
        PcapWriter writer = PcapWriter.ofEthernet();
        for (int i = 0; i < 100; i++) {
            writer.frame(TIME + i, new byte[i]);
        }
        Path path = Files.write(folder.resolve("x.pcap"), writer.toBytes());
        try (FileWindow window = new FileWindow(path, 50)) {
            PcapReader reader = new PcapReader(path, window);
            Frame frame = new Frame();
            for (int i = 0; i < 100; i++) {
                assertThat(reader.next(frame)).isTrue();
                assertThat(frame.capturedOctets).isEqualTo(i);
                assertThat(frame.timeNanos).isEqualTo(TIME + i);
            }
            assertThat(reader.next(frame)).isFalse();
        }
    }

    @Test
    void aHeaderAloneIsACaptureWithoutFrames() throws IOException {
        ReadFrames read =
                ReadFrames.of(folder, "x.pcap", PcapWriter.ofEthernet().toBytes());

        assertThat(read.frames()).isEmpty();
        assertThat(read.source().lowWatermarkNanos(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsNoCaptureIsRefusedByName() {
        assertRefused("notes.txt", "hello, world".getBytes(StandardCharsets.UTF_8), "68656c6c");
        assertRefused("empty.pcap", new byte[0], "0 octets");
        assertRefused("short.pcap", Arrays.copyOf(PcapWriter.ofEthernet().toBytes(), 20), "20 of the 24 octets");
        assertRefused("x.pcap.gz", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0}, "gzip");
    }

    private void assertRefused(String name, byte[] content, String found) {
        assertThatThrownBy(() -> ReadFrames.of(folder, name, content))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(found)
                .hasMessageContaining("allowed are pcap");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> FileFrameSource.open(CaptureFile.parse("no/such.pcap")))
                .hasMessageContaining("no/such.pcap does not exist");
    }
}
