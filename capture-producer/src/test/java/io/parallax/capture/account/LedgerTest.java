package io.parallax.capture.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.decode.Outcome;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final long SECOND = 1_000_000_000L;
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());

    private final Ledger ledger = new Ledger();

    private static PacketHeader header(long timeNanos) {
        PacketHeader header = new PacketHeader();
        header.timeNanos = timeNanos;
        header.family = PacketHeader.FAMILY_IPV4;
        return header;
    }

    @Test
    void everyFrameIsInOneColumnOfItsSecond() {
        ledger.frame(5 * SECOND, Outcome.DECODED, 100);
        ledger.published(header(5 * SECOND));
        ledger.frame(5 * SECOND + 1, Outcome.NON_IP, 60);
        ledger.frame(7 * SECOND, Outcome.ARP, 60);
        PacketHeader arp = header(7 * SECOND);
        arp.family = PacketHeader.FAMILY_ARP;
        ledger.published(arp);

        List<LedgerRow> rows = ledger.close();

        assertThat(rows).extracting(LedgerRow::second).containsExactly(5L, 7L);
        assertThat(rows.get(0).tally().outcomes())
                .containsEntry("decoded", 1L)
                .containsEntry("non_ip", 1L)
                .hasSize(2);
        assertThat(rows.get(0).tally().octets()).isEqualTo(160);
        assertThat(rows.get(1).tally().published()).isEqualTo(1);
        assertThat(rows.get(1).tally().publishedIp()).isZero();
        assertThat(rows).allMatch(row -> row.tally().balances());
        assertThat(ledger.total().frames()).isEqualTo(3);
        assertThat(ledger.total().balances()).isTrue();
    }

    @Test
    void aHeaderThatNeverLeftUnbalancesTheBooks() {
        ledger.frame(0, Outcome.DECODED, 100);

        assertThat(ledger.total().balances()).isFalse();
    }

    @Test
    void aSecondIsClosedOnceTheWatermarkHasPassedIt() {
        ledger.frame(5 * SECOND, Outcome.NON_IP, 60);
        ledger.frame(6 * SECOND, Outcome.NON_IP, 60);

        assertThat(ledger.closeBefore(6 * SECOND - 1)).isEmpty();
        assertThat(ledger.closeBefore(6 * SECOND)).extracting(LedgerRow::second).containsExactly(5L);
        ledger.frame(6 * SECOND + 5, Outcome.NON_IP, 60);
        assertThat(ledger.close()).hasSize(1).allMatch(row -> row.tally().frames() == 2);
    }

    @Test
    void whatComesForAClosedSecondIsBookedInTheFirstOpenOne() {
        ledger.frame(5 * SECOND, Outcome.NON_IP, 60);
        assertThat(ledger.closeBefore(7 * SECOND)).extracting(LedgerRow::second).containsExactly(5L);
        ledger.frame(5 * SECOND, Outcome.NON_IP, 60);

        assertThat(ledger.close()).extracting(LedgerRow::second).containsExactly(7L);
    }

    @Test
    void whatInterfaceAndFiltersTookHasItsColumns() {
        ledger.frame(5 * SECOND, Outcome.DECODED, 100);
        ledger.shed(header(5 * SECOND), Shed.SPOOL_FULL);
        ledger.filtered(5 * SECOND, Filtered.OWN_TRAFFIC, 1);
        ledger.interfaceSaid(5 * SECOND + 3, 7, 4, 1);

        LedgerRow row = ledger.close().get(0);

        assertThat(row.isFromInterface()).isTrue();
        assertThat(row.kernelWaiting()).isEqualTo(1);
        assertThat(row.tally().interfaceFrames()).isEqualTo(row.tally().accounted() + row.kernelWaiting());
        assertThat(row.tally().shedByCause()).containsExactlyEntriesOf(java.util.Map.of("spool_full", 1L));
        assertThat(row.tally().filteredByCause()).containsExactlyEntriesOf(java.util.Map.of("own_traffic", 1L));
        assertThat(row.tally().balances()).isTrue();
    }

    @Test
    void aCaptureThatWasCutOffSaysSoInItsLastRow() {
        ledger.frame(5 * SECOND, Outcome.NON_IP, 60);
        ledger.frame(9 * SECOND, Outcome.NON_IP, 60);
        ledger.cutOff(17);

        assertThat(ledger.close())
                .extracting(LedgerRow::note)
                .containsExactly("", "capture ends inside a record, 17 octets unread");
    }

    @Test
    void aStreamWithoutFramesHasItsBooksToo() {
        assertThat(ledger.close()).hasSize(1).allMatch(row -> row.tally().frames() == 0);
    }

    @Property(tries = 200)
    void theRowsAddUpToTheTotal(@ForAll long seed) {
        Random random = new Random(seed);
        Ledger books = new Ledger();
        List<LedgerRow> rows = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 500; i++) {
            now += random.nextLong(SECOND);
            Outcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
            long time = now - random.nextLong(3 * SECOND);
            books.frame(time, outcome, 60);
            if (outcome.publishesHeader()) {
                books.published(header(time));
            }
            if (random.nextInt(10) == 0) {
                rows.addAll(books.closeBefore(now - 3 * SECOND));
            }
        }
        rows.addAll(books.close());
        Tally sum = new Tally();
        rows.forEach(row -> sum.add(row.tally()));

        assertThat(sum.outcomes()).isEqualTo(books.total().outcomes());
        assertThat(sum.octets()).isEqualTo(books.total().octets());
        assertThat(rows)
                .allMatch(row -> row.tally().balances())
                .extracting(LedgerRow::second)
                .doesNotHaveDuplicates();
    }
}
