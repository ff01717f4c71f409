package io.parallax.capture.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.capture.decode.HeaderDecoder;
import io.parallax.capture.decode.Outcome;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loss of three real mirror sessions, as their collector recorded them, and with frames taken out of the recording. */
class CollectorLossTest {

    private static final Path COLLECTOR =
            Path.of(System.getProperty("parallax.shared", "."), "captures", "lab", "set-a", "collector.pcap");

    private final Map<Integer, Integer> deletedByKind = new HashMap<>();

    @BeforeEach
    void theRecordingIsThere() {
        assumeTrue(
                Files.exists(COLLECTOR),
                "no lab recording: system property parallax.shared is the folder with captures/lab");
    }

    /** Loss by encapsulation; every {@code nth} mirror packet is deleted, but never a session's first or last: 0 for none. */
    private Map<String, Long> lossWithout(int nth) throws IOException {
        List<PacketHeader> mirrored = mirrored();
        Map<Integer, Integer> lastOfKind = new HashMap<>();
        for (int i = 0; i < mirrored.size(); i++) {
            lastOfKind.put(mirrored.get(i).mirrorKind, i);
        }
        Map<Integer, Integer> seenOfKind = new HashMap<>();
        MirrorSessions sessions = new MirrorSessions();
        for (int i = 0; i < mirrored.size(); i++) {
            PacketHeader header = mirrored.get(i);
            int seen = seenOfKind.merge(header.mirrorKind, 1, Integer::sum);
            boolean isEdge = seen == 1 || lastOfKind.getOrDefault(header.mirrorKind, 0) == i;
            if (nth > 0 && seen % nth == 0 && !isEdge) {
                deletedByKind.merge(header.mirrorKind, 1, Integer::sum);
            } else {
                sessions.accept(header);
            }
        }
        Map<String, Long> lost = new HashMap<>();
        for (MirrorSessionCount count : sessions.close()) {
            assertThat(count.lostIsEstimate()).isEqualTo(count.encapsulation().equals("gre"));
            if (count.lost() != null) {
                lost.merge(count.encapsulation(), count.lost(), Long::sum);
            }
        }
        return lost;
    }

    private static List<PacketHeader> mirrored() throws IOException {
        List<PacketHeader> mirrored = new ArrayList<>();
        HeaderDecoder decoder = new HeaderDecoder();
        Frame frame = new Frame();
        PacketHeader header = new PacketHeader();
        try (FileFrameSource source = FileFrameSource.open(CaptureFile.named(COLLECTOR))) {
            while (source.next(frame)) {
                Outcome outcome = decoder.decode(frame, header);
                if (outcome.publishesHeader() && header.mirrorKind != PacketHeader.MIRROR_NONE) {
                    PacketHeader copy = new PacketHeader();
                    copy.copyFrom(header);
                    mirrored.add(copy);
                }
            }
        }
        return mirrored;
    }

    private long deleted(int kind) {
        return deletedByKind.getOrDefault(kind, 0);
    }

    @Test
    void nothingWasLostInTheRecording() throws IOException {
        assertThat(lossWithout(0))
                .containsOnlyKeys("gre", "erspan_2", "erspan_3")
                .allSatisfy((kind, lost) -> assertThat(lost).as(kind).isZero());
    }

    @Test
    void whatWasDeletedIsWhatIsLostWhereThereAreSequenceNumbers() throws IOException {
        Map<String, Long> lost = lossWithout(17);

        assertThat(deleted(PacketHeader.MIRROR_ERSPAN_2)).isGreaterThan(20);
        assertThat(deleted(PacketHeader.MIRROR_ERSPAN_3)).isGreaterThan(20);
        assertThat(lost)
                .containsEntry("erspan_2", deleted(PacketHeader.MIRROR_ERSPAN_2))
                .containsEntry("erspan_3", deleted(PacketHeader.MIRROR_ERSPAN_3));
    }
}
