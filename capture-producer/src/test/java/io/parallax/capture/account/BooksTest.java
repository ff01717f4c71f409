package io.parallax.capture.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.decode.Outcome;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BooksTest {

    private static final long IDENTITY = 7;
    private static final long OTHER_BOOT = 8;
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    private static PacketHeader header() {
        PacketHeader header = new PacketHeader();
        header.family = PacketHeader.FAMILY_IPV4;
        return header;
    }

    private static void capture(Ledger ledger, int frames) {
        for (int i = 0; i < frames; i++) {
            ledger.frame(0, Outcome.DECODED, 100);
            ledger.published(header());
        }
    }

    private Books books() throws IOException {
        return Books.open(folder.resolve("cap0.books"));
    }

    @Test
    void aFirstStartHasNothingToSettle() throws IOException {
        try (Books books = books()) {
            assertThat(books.settle(IDENTITY, 1_000, 1, 50)).isEmpty();
        }
    }

    @Test
    void whatADeadProcessHandedOverAndWhatItLostAddUpToTheInterface() throws IOException {
        Ledger ledger = new Ledger();
        try (Books died = books()) {
            died.settle(IDENTITY, 1_000, 1, 50);
            capture(ledger, 10);
            ledger.interfaceSaid(0, 10, 0, 0);
            died.batchTaken(ledger.total().copy(), 50);
            ledger.closeBefore(SECOND).forEach(died::rowTaken);
            capture(ledger, 5);
            died.batchTaken(ledger.total().copy(), 51);
            capture(ledger, 100);
        }

        try (Books next = books()) {
            List<LedgerRow> rows =
                    next.settle(IDENTITY, 1_300, 2, 60).orElseThrow().rows();

            assertThat(rows).extracting(LedgerRow::kind).containsExactly(LedgerRow.Kind.RECOVERED, LedgerRow.Kind.GAP);
            assertThat(rows.get(0).tally().frames()).isEqualTo(5);
            assertThat(rows.get(0).tally().published()).isEqualTo(5);
            assertThat(rows.get(1).tally().interfaceFrames()).isEqualTo(290);
            assertThat(rows.get(1).tally().lost()).isEqualTo(285);
            assertThat(rows.get(1).second()).isEqualTo(51);
            assertThat(rows.get(1).seconds()).isEqualTo(9);
        }
    }

    @Test
    void headersThatWaitedForTheirFirstFragmentDiedWithTheProcess() throws IOException {
        Ledger ledger = new Ledger();
        try (Books died = books()) {
            died.settle(IDENTITY, 0, 1, 50);
            capture(ledger, 3);
            ledger.frame(0, Outcome.DECODED_LATER_FRAGMENT, 100);
            died.batchTaken(ledger.total().copy(), 50);
        }
        try (Books next = books()) {
            Tally recovered =
                    next.settle(IDENTITY, 4, 2, 60).orElseThrow().rows().get(0).tally();

            assertThat(recovered.shedByCause()).containsEntry("process_died", 1L);
            assertThat(recovered.balances()).isTrue();
        }
    }

    @Test
    void afterAnotherBootTheInterfaceCannotSayWhatPassed() throws IOException {
        try (Books died = books()) {
            died.settle(IDENTITY, 1_000, 1, 50);
            died.batchTaken(new Tally(), 50);
        }
        try (Books next = books()) {
            LedgerRow gap =
                    next.settle(OTHER_BOOT, 20, 2, 60).orElseThrow().rows().get(0);

            assertThat(gap.kind()).isEqualTo(LedgerRow.Kind.GAP);
            assertThat(gap.tally().lost()).isZero();
            assertThat(gap.note()).contains("began anew");
        }
    }

    @Test
    void aProcessThatDiesBeforeItSettledLeavesThatToTheNext() throws IOException {
        Ledger ledger = new Ledger();
        try (Books died = books()) {
            died.settle(IDENTITY, 0, 1, 50);
            capture(ledger, 5);
            died.batchTaken(ledger.total().copy(), 50);
        }
        try (Books diedAtOnce = books()) {
            diedAtOnce.settle(IDENTITY, 10, 2, 60);
        }
        try (Books next = books()) {
            Books.Settlement settlement = next.settle(IDENTITY, 30, 3, 70).orElseThrow();

            assertThat(settlement.bootEpoch()).isEqualTo(1);
            assertThat(settlement.rows().get(1).tally().lost()).isEqualTo(25);
        }
    }

    @Test
    void aTornSlotCostsOneWrite() throws IOException {
        Path file = folder.resolve("cap0.books");
        Ledger ledger = new Ledger();
        try (Books died = books()) {
            died.settle(IDENTITY, 0, 1, 50);
            capture(ledger, 5);
            died.batchTaken(ledger.total().copy(), 50);
            capture(ledger, 5);
            died.batchTaken(ledger.total().copy(), 50);
        }
        byte[] octets = Files.readAllBytes(file);
        int newerSlot = 0;
        octets[newerSlot + 100] ^= 1;
        Files.write(file, octets);
        try (Books next = books()) {
            assertThat(next.settle(IDENTITY, 10, 2, 60)
                            .orElseThrow()
                            .rows()
                            .get(0)
                            .tally()
                            .frames())
                    .isEqualTo(5);
        }
    }

    /** However often a process dies, and wherever: all rows together account for every frame that passed. */
    @Property(tries = 100)
    void rowsOfAllProcessesAddUpToWhatPassedTheInterface(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path file = Files.createTempFile("parallax", ".books");
        Files.delete(file);
        Tally sum = new Tally();
        long passed = 5_000;
        long published = 0;
        for (int life = 0; life < 6; life++) {
            try (Books books = Books.open(file)) {
                for (LedgerRow row : books.settle(IDENTITY, passed, life, 100L * life)
                        .map(Books.Settlement::rows)
                        .orElse(List.of())) {
                    sum.add(row.tally());
                }
                books.settlementTaken();
                Ledger ledger = new Ledger();
                long reported = 0;
                long seen = 0;
                for (int step = random.nextInt(8); step > 0; step--) {
                    int frames = random.nextInt(50);
                    capture(ledger, frames);
                    passed += frames;
                    seen += frames;
                    if (random.nextBoolean()) {
                        published = ledger.total().published();
                        books.batchTaken(ledger.total().copy(), 100L * life);
                    }
                    if (random.nextBoolean()) {
                        ledger.interfaceSaid(0, seen - reported, 0, 0);
                        reported = seen;
                        books.batchTaken(ledger.total().copy(), 100L * life);
                        for (LedgerRow row : ledger.closeBefore(SECOND)) {
                            sum.add(row.tally());
                            books.rowTaken(row);
                        }
                    }
                }
                passed += random.nextInt(20);
            }
        }
        try (Books books = Books.open(file)) {
            for (LedgerRow row :
                    books.settle(IDENTITY, passed, 99, 999).orElseThrow().rows()) {
                sum.add(row.tally());
            }
        }
        Files.delete(file);

        assertThat(published).isNotNegative();
        assertThat(sum.accounted() + sum.lost()).isEqualTo(passed - 5_000);
        assertThat(sum.interfaceFrames()).isEqualTo(passed - 5_000);
        assertThat(sum.balances()).isTrue();
    }
}
