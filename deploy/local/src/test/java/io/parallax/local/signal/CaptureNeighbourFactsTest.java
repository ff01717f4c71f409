package io.parallax.local.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.CaptureFile;
import io.parallax.model.NeighbourFact;
import io.parallax.signal.Detectors;
import io.parallax.signal.Raised;
import io.parallax.signal.Tuning;
import io.parallax.signal.Watch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a capture file's octets to signals, through producer, splitter and detectors as they are. */
final class CaptureNeighbourFactsTest {

    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final long MACS = 0x0200_0000_0000L;
    private static final int NETWORK = 0x0A00_0000;
    private static final int SECONDS = 1_700_000_000;
    private static final int SWEEPER = 200;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream capture = new ByteArrayOutputStream();

    @Test
    void anArpSweepInACaptureIsToldFrameByFrameAndIsASignalWithinASecond() throws Exception {
        fileHeader();
        for (int target = 1; target <= 30; target++) {
            arp(target * 10_000, 1, SWEEPER, target);
            if (target == 7) {
                arp(target * 10_000 + 300, 2, target, SWEEPER);
            }
        }
        List<NeighbourFact> facts = facts();
        assertThat(facts).hasSize(32).allMatch(fact -> fact.vlan() == 110);
        assertThat(facts)
                .filteredOn(NeighbourFact::isQuestion)
                .hasSize(30)
                .allMatch(NeighbourFact::isToAll)
                .extracting(NeighbourFact::target)
                .startsWith("10.0.0.1", "10.0.0.2");
        Raised open = signals(facts).get(0);
        assertThat(open.finding().entity()).isEqualTo("10.0.0.200");
        assertThat(open.finding().technique()).isEqualTo("T1018");
        assertThat(open.detectedAt() - facts.get(0).time()).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aForgedGatewayInACaptureIsASignal() throws Exception {
        fileHeader();
        for (int i = 0; i < 20; i++) {
            frame(i * 2_000_000, MACS + 66, MACS + 5, 2, 1, 5);
            if (i % 4 == 2) {
                arp(i * 2_000_000 + 1_100_000, 1, 1, 5);
            }
        }
        Raised open = signals(facts()).get(0);
        assertThat(open.finding().entity()).isEqualTo("10.0.0.1");
        assertThat(open.finding().peer()).isEqualTo("02:00:00:00:00:42");
    }

    private List<NeighbourFact> facts() throws Exception {
        Path file = folder.resolve("capvm1.cap0.pcap");
        Files.write(file, capture.toByteArray());
        return CaptureNeighbourFacts.of(List.of(CaptureFile.named(file)));
    }

    private static List<Raised> signals(List<NeighbourFact> facts) {
        Watch<NeighbourFact> watch = new Watch<>();
        watch.configure(Detectors.neighbourRules(Tuning.DEFAULT));
        facts.forEach(watch::add);
        List<Raised> raised = new ArrayList<>();
        watch.advance(facts.get(facts.size() - 1).time() + TimeUnit.SECONDS.toNanos(1), raised::add);
        assertThat(raised).isNotEmpty();
        return raised;
    }

    /** Classic pcap, microseconds, Ethernet. */
    private void fileHeader() throws IOException {
        capture.write(littleEndian(24)
                .putInt(0xA1B2_C3D4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(1)
                .array());
    }

    private void arp(int micros, int operation, int sender, int target) throws IOException {
        frame(micros, MACS + sender, operation == 1 ? BROADCAST : MACS + target, operation, sender, target);
    }

    /** An ARP message in VLAN 110. */
    private void frame(int micros, long from, long to, int operation, int sender, int target) throws IOException {
        int length = 46;
        capture.write(littleEndian(16)
                .putInt(SECONDS + micros / 1_000_000)
                .putInt(micros % 1_000_000)
                .putInt(length)
                .putInt(length)
                .array());
        ByteBuffer frame = ByteBuffer.allocate(length);
        putMac(frame, to);
        putMac(frame, from);
        frame.putShort((short) 0x8100).putShort((short) 110).putShort((short) 0x0806);
        frame.putShort((short) 1)
                .putShort((short) 0x0800)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) operation);
        putMac(frame, from);
        frame.putInt(NETWORK + sender);
        putMac(frame, operation == 1 ? 0 : to);
        frame.putInt(NETWORK + target);
        capture.write(frame.array());
    }

    private static void putMac(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >>> Integer.SIZE)).putInt((int) mac);
    }

    private static ByteBuffer littleEndian(int octets) {
        return ByteBuffer.allocate(octets).order(ByteOrder.LITTLE_ENDIAN);
    }
}
