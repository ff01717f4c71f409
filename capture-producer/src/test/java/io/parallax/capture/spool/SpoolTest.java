package io.parallax.capture.spool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    /** Three to a segment. */
    private static final int OCTETS = 300;

    private static final String FIRST_SEGMENT = "00000000000000000000.segment";

    @TempDir
    Path folder;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Heard heard = new Heard();

    @Test
    void givesBackWhatWasJournaledWithItsTime() throws IOException {
        try (Spool spool = open(10)) {
            assertThat(spool.append(Records.record(7, OCTETS), 1_700_000_000_123L))
                    .isTrue();

            SpoolEntry entry = requireNonNull(spool.next());
            assertThat(Records.isAsMade(entry.record())).isTrue();
            assertThat(entry.journaledMillis()).isEqualTo(1_700_000_000_123L);
            assertThat(entry.position()).isZero();
            assertThat(spool.next()).isNull();
        }
    }

    @Test
    void namesInAnyScriptAndEmptyValuesAreKept() throws IOException {
        try (Spool spool = open(10)) {
            spool.append(new SpoolRecord("packet-headers", "größe/接口/0", "", new byte[0]), 0);

            assertThat(spool.next()).isNotNull().satisfies(entry -> {
                assertThat(entry.record().streamId()).isEqualTo("größe/接口/0");
                assertThat(entry.record().key()).isEmpty();
                assertThat(entry.record().value()).isEmpty();
            });
        }
    }

    @Test
    void refusesBeyondItsCapAndTakesAgainWhatTheBrokerFreed() throws IOException {
        try (Spool spool = open(4)) {
            fill(spool, 0);
            long taken = spool.counts().octets();
            assertThat(spool.hasRoomFor(Records.record(0, OCTETS), 0)).isFalse();
            assertThat(spool.fill(0)).isGreaterThan(0.9);

            List<SpoolEntry> entries = Records.entries(spool);
            spool.acknowledge(entries.get(entries.size() / 2).nextPosition());

            assertThat(spool.counts().octets()).isLessThan(taken);
            assertThat(spool.hasRoomFor(Records.record(0, OCTETS), 0)).isTrue();
        }
    }

    @Test
    void theBooksStillGoOutWhenHeadersAreRefused() throws IOException {
        try (Spool spool = open(64)) {
            fill(spool, 0);
            assertThat(spool.hasRoomFor(Records.record(0, OCTETS), 0)).isFalse();
            SpoolRecord row = Records.ledgerRow(1, OCTETS);
            assertThat(spool.hasRoomFor(row, 0)).isTrue();
            assertThat(spool.append(row, 0)).isTrue();
            int rows = 1;
            while (spool.hasRoomFor(row, 0)) {
                spool.append(row, 0);
                rows++;
            }
            assertThat((long) rows * OCTETS)
                    .isLessThan(Records.options(64, Fsync.NEVER).reserveOctets());
        }
    }

    @Test
    void anAcknowledgedSegmentIsRemoved() throws IOException {
        try (Spool spool = open(100)) {
            append(spool, 0, 30);
            Records.entries(spool).forEach(entry -> spool.acknowledge(entry.nextPosition()));

            assertThat(disk.list()).filteredOn(name -> name.endsWith("segment")).hasSize(1);
            assertThat(spool.isAllAcknowledged()).isTrue();
            assertThat(spool.counts().waitingOctets()).isZero();
        }
    }

    @Test
    void aRewindGivesTheUnacknowledgedAgain() throws IOException {
        try (Spool spool = open(100)) {
            append(spool, 0, 10);
            List<SpoolEntry> entries = Records.entries(spool);
            spool.acknowledge(entries.get(3).nextPosition());

            spool.rewind();

            assertThat(Records.numbers(spool)).containsExactly(4, 5, 6, 7, 8, 9);
        }
    }

    @Test
    void aTornEndIsCutOffAndReported() throws IOException {
        Spool spool = open(100);
        append(spool, 0, 2);
        disk.kill();
        try (DiskFile file = disk.open(FIRST_SEGMENT)) {
            file.write(ByteBuffer.wrap(new byte[77]), disk.size(FIRST_SEGMENT));
        }

        try (Spool again = open(100)) {
            assertThat(Records.numbers(again)).containsExactly(0, 1);
            assertThat(again.counts().truncatedOctets()).isEqualTo(77);
            assertThat(heard.lines).singleElement().asString().isEqualTo("truncated " + FIRST_SEGMENT + " by 77");
        }
    }

    @Test
    void aDamagedEntryIsSteppedOverAndCounted() throws IOException {
        try (Spool spool = open(100)) {
            append(spool, 0, 10);
        }
        disk.flipBit(FIRST_SEGMENT, OCTETS + 150);

        try (Spool spool = open(100)) {
            assertThat(Records.numbers(spool)).containsExactly(0, 2, 3, 4, 5, 6, 7, 8, 9);
            assertThat(spool.counts().damages()).isEqualTo(1);
            assertThat(spool.counts().skippedOctets()).isBetween((long) OCTETS, OCTETS + 100L);
            assertThat(heard.lines).singleElement().asString().startsWith("skipped");
        }
    }

    @Test
    void aDamagedLengthDoesNotHideTheEntriesBehindIt() throws IOException {
        try (Spool spool = open(100)) {
            append(spool, 0, 10);
        }
        disk.flipBit(FIRST_SEGMENT, 4);

        try (Spool spool = open(100)) {
            assertThat(Records.numbers(spool)).startsWith(1, 2).endsWith(9);
        }
    }

    @Test
    void aFullDiskRefusesAndNothingIsLostWhenItHasRoomAgain() throws IOException {
        try (Spool spool = open(100)) {
            append(spool, 0, 2);
            disk.tearNextWriteAt(50);
            assertThat(spool.append(Records.record(2, OCTETS), 0)).isFalse();
            disk.failWith("No space left on device");
            assertThat(spool.append(Records.record(2, OCTETS), 0)).isFalse();
            assertThat(spool.counts().diskFailing()).contains("No space left on device");
            assertThat(spool.counts().diskFailures()).isEqualTo(2);

            disk.failWith(null);
            append(spool, 2, 10);
            spool.sync();

            assertThat(spool.counts().diskFailing()).isNull();
            assertThat(Records.numbers(spool)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            assertThat(heard.lines).hasSize(2).last().isEqualTo("works");
        }
    }

    @Test
    void aDiskThatDoesNotGiveASegmentDoesNotHoldUpTheRestForEver() throws IOException {
        try (Spool spool = open(100)) {
            append(spool, 0, 3);
            disk.failWith("Input/output error");
            int tries = 0;
            while (spool.counts().damages() == 0 && tries < 100) {
                assertThat(spool.next()).isNull();
                tries++;
            }
            disk.failWith(null);
            append(spool, 3, 5);

            assertThat(tries).isBetween(5, 20);
            assertThat(Records.numbers(spool)).containsExactly(3, 4);
        }
    }

    @Test
    void positionsOfDeliveredEntriesThatAPowerCutTookAreNotUsedAgain() throws IOException {
        Spool spool = open(100);
        append(spool, 0, 3);
        List<SpoolEntry> entries = Records.entries(spool);
        spool.acknowledge(entries.get(2).nextPosition());
        disk.delete(FIRST_SEGMENT);
        disk.kill();

        try (Spool again = open(100)) {
            append(again, 3, 4);
            SpoolEntry next = requireNonNull(again.next());
            assertThat(next.position()).isGreaterThanOrEqualTo(entries.get(2).nextPosition());
        }
    }

    @Test
    void whatTheBrokerRefusesIsKeptUpToALimit() throws IOException {
        try (Spool spool = open(100)) {
            spool.append(Records.record(0, OCTETS), 0);
            SpoolEntry entry = requireNonNull(spool.next());
            spool.setAside(entry);
            assertThat(disk.size(RefusedFile.NAME)).isEqualTo(entry.octets());

            for (int i = 0; i < RefusedFile.CAP_OCTETS / (8 << 20) + 1; i++) {
                spool.setAside(new SpoolEntry(0, (8 << 20) + 100, 0, Records.record(1, 8 << 20)));
            }
            assertThat(disk.size(RefusedFile.NAME)).isLessThanOrEqualTo(RefusedFile.CAP_OCTETS);
        }
    }

    @Test
    void aSecondProcessOnTheSameFolderIsRefused() throws IOException {
        SpoolOptions options = SpoolOptions.in(folder);
        try (Spool first = Spool.open(options, heard)) {
            assertThat(first.counts().octets()).isZero();
            assertThatThrownBy(() -> Spool.open(options, heard))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("in use by another capture process");
        }
        Spool.open(options, heard).close();
    }

    @Test
    void livesOnARealDisk() throws IOException {
        SpoolOptions options = new SpoolOptions(folder, 1 << 20, 4 << 10, Fsync.EACH, Duration.ofSeconds(1));
        try (Spool spool = Spool.open(options, heard)) {
            append(spool, 0, 100);
            SpoolEntry first = requireNonNull(spool.next());
            spool.acknowledge(first.nextPosition());
        }
        try (Spool spool = Spool.open(options, heard)) {
            List<SpoolEntry> entries = Records.entries(spool);
            assertThat(entries)
                    .extracting(entry -> Records.numberOf(entry.record()))
                    .containsExactlyElementsOf(IntStream.range(1, 100).boxed().toList());
            spool.acknowledge(entries.get(98).nextPosition());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSizeLessThanOrEqualTo(4);
        }
        assertThat(heard.lines).isEmpty();
    }

    private Spool open(int capSegments) throws IOException {
        return Spool.open(Records.options(capSegments, Fsync.INTERVAL), disk, heard);
    }

    private static void append(Spool spool, int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(spool.append(Records.record(i, OCTETS), 0)).isTrue();
        }
    }

    private static void fill(Spool spool, int from) {
        for (int i = from; spool.hasRoomFor(Records.record(i, OCTETS), 0); i++) {
            assertThat(spool.append(Records.record(i, OCTETS), 0)).isTrue();
        }
    }
}
