package io.parallax.capture.source;

import static io.parallax.capture.source.ReadFrames.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.capture.source.ReadFrames.Copy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PcapngReaderTest {

    private static final long MICROS = 1_700_000_000_123_456L;
    private static final byte[] FRAME = {1, 2, 3, 4, 5};

    @TempDir
    Path folder;

    private ReadFrames read(PcapngWriter file) throws IOException {
        return ReadFrames.of(folder, "vm.if.pcapng", file.toBytes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allPacketBlocksAreFramesAndUnknownBlocksAreNone(boolean littleEndian) throws IOException {
        ReadFrames read = read(new PcapngWriter()
                .section(littleEndian)
                .unknown()
                .describe(1, 3, "", new byte[0], 0)
                .enhanced(0, MICROS, FRAME, 60)
                .unknown()
                .obsolete(0, MICROS + 1, FRAME, 61)
                .simple(new byte[] {1, 2, 3}, 62));

        assertThat(read.frames())
                .containsExactly(
                        new Copy(MICROS * 1_000, 0, 1, 60, list(FRAME)),
                        new Copy(MICROS * 1_000 + 1_000, 0, 1, 61, list(FRAME)),
                        new Copy(0, 0, 1, 62, list(new byte[] {1, 2, 3})));
        assertThat(read.source().interfaces()).containsExactly("if");
        assertThat(read.source().truncatedAtEnd()).isFalse();
    }

    @Test
    void everyInterfaceHasItsOwnClock() throws IOException {
        ReadFrames read = read(new PcapngWriter()
                .section(true)
                .describe(1, 0, "eth0", new byte[] {9}, 0)
                .describe(101, 0, "", new byte[] {(byte) 0x8a}, 100)
                .enhanced(1, 1_024 + 512, FRAME, 5)
                .enhanced(0, 1_700_000_000_123_456_789L, FRAME, 5));

        assertThat(read.source().interfaces()).containsExactly("if.eth0", "if.1");
        assertThat(read.frames())
                .containsExactly(
                        new Copy(101_500_000_000L, 1, 101, 5, list(FRAME)),
                        new Copy(1_700_000_000_123_456_789L, 0, 1, 5, list(FRAME)));
        assertThat(read.source().frames(0)).isEqualTo(1);
    }

    @Test
    void sectionsOfEitherByteOrderWithTheSameInterfaceAreOneStream() throws IOException {
        ReadFrames read = read(new PcapngWriter()
                .section(true)
                .describe(1, "eth0")
                .enhanced(0, MICROS, FRAME, 5)
                .section(false)
                .describe(1, "eth0")
                .enhanced(0, MICROS, FRAME, 5));

        assertThat(read.source().interfaces()).containsExactly("if");
        assertThat(read.frames()).hasSize(2).allMatch(frame -> frame.interfaceIndex() == 0);
    }

    @Test
    void aFrameOfAnInterfaceNobodyDescribedIsStillAFrame() throws IOException {
        ReadFrames read =
                read(new PcapngWriter().section(true).describe(1, "eth0").enhanced(7, MICROS, FRAME, 5));

        assertThat(read.frames()).hasSize(1).allMatch(frame -> frame.linkType() == Frame.LINK_TYPE_UNKNOWN);
    }

    @Test
    void aCaptureThatIsCutOffKeepsWhatCameBefore() throws IOException {
        byte[] complete = new PcapngWriter()
                .section(true)
                .describe(1, "eth0")
                .enhanced(0, MICROS, FRAME, 5)
                .toBytes();
        byte[] file = new PcapngWriter()
                .section(true)
                .describe(1, "eth0")
                .enhanced(0, MICROS, FRAME, 5)
                .enhanced(0, MICROS, FRAME, 5)
                .toBytes();
        for (int length = complete.length + 1; length < file.length; length++) {
            ReadFrames read = ReadFrames.of(folder, "x.pcapng", Arrays.copyOf(file, length));
            assertThat(read.frames()).hasSize(1);
            assertThat(read.source().unreadOctets()).isEqualTo(length - complete.length);
        }
    }

    @Test
    void aSectionWithoutByteOrderIsRefused() {
        assertThatThrownBy(() -> ReadFrames.of(
                        folder,
                        "x.pcapng",
                        new Octets().u32(0x0a0d0d0a).zeros(40).toBytes()))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining("x.pcapng")
                .hasMessageContaining("byte order");
    }

    /** Seed printed on failure; damage never throws anything but the refusal, whatever it hits. */
    @Test
    void damagedFilesNeverThrow() throws IOException {
        byte[] file = new PcapngWriter()
                .section(true)
                .describe(1, 96, "eth0", new byte[] {6}, 5)
                .enhanced(0, MICROS, FRAME, 5)
                .simple(FRAME, 5)
                .obsolete(0, MICROS, FRAME, 5)
                .section(false)
                .describe(1, "eth1")
                .enhanced(0, MICROS, FRAME, 5)
                .toBytes();
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] damaged = file.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
            }
            try {
                ReadFrames.of(folder, "x.pcapng", damaged);
            } catch (CaptureFormatException refused) {
                assertThat(refused).hasMessageContaining("x.pcapng");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
