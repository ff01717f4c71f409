package io.parallax.completeness;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.AccountEntry;
import io.parallax.model.Disposition;
import io.parallax.model.LedgerCounts;
import io.parallax.model.LedgerCounts.Column;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The account of capvm1/eth0 in the window from 0. */
final class WindowAccountTest {

    private final WindowAccount account = new WindowAccount("capvm1", "eth0", 0);

    @Test
    void allThatWasPublishedWasReceivedAndBecameSomething() {
        account.add(row("+0", 10));
        AccountEntry read = entry(10);
        read.addPackets(Disposition.NON_IP, 1);
        account.add(read);
        AccountEntry metered = entry(0);
        metered.addPackets(Disposition.CANONICAL, 5);
        metered.addPackets(Disposition.D1, 1);
        metered.addPackets(Disposition.D9, 1);
        metered.addPackets(Disposition.FOLDED, 1);
        metered.addPackets(Disposition.TOO_LATE, 1);
        account.add(metered);

        assertThat(account.transportResidual()).isZero();
        assertThat(account.residual()).isZero();
        assertThat(account.duplicates()).isEqualTo(Map.of("D1", 1L, "D9", 1L));
        assertThat(account.coverage()).isEqualTo(1.0);
        assertThat(account.isHeard()).isTrue();
    }

    @Test
    void aHeaderThatNobodyReadIsAResidualOfTheTransport() {
        account.add(row("+0", 10));
        account.add(entry(9));
        assertThat(account.transportResidual()).isEqualTo(1);
        assertThat(account.coverage()).isEqualTo(0.9);
    }

    @Test
    void aPacketThatIsCountedTwiceIsANegativeResidual() {
        AccountEntry twice = entry(1);
        twice.addPackets(Disposition.CANONICAL, 2);
        account.add(twice);
        assertThat(account.residual()).isEqualTo(-1);
    }

    @Test
    void aReplayIsNeitherReceivedNorADuplicateOfWhatWas() {
        AccountEntry again = entry(0);
        again.addPackets(Disposition.D7, 4);
        account.add(again);
        assertThat(account.residual()).isZero();
        assertThat(account.duplicates()).isEmpty();
        assertThat(account.isHeard()).isTrue();
    }

    @Test
    void aLedgerRowCountsOnceHoweverOftenItComes() {
        account.add(row("+0", 10));
        account.setStated();
        account.add(row("+0", 10));
        assertThat(account.ledger(Column.PUBLISHED)).isEqualTo(10);
        assertThat(account.isStated()).as("nothing has changed").isTrue();
        account.add(row("+1", 5));
        assertThat(account.ledger(Column.PUBLISHED)).isEqualTo(15);
        assertThat(account.isStated()).isFalse();
    }

    @Test
    void framesOfTheInterfaceAreReadOrNamedAsGone() {
        long[] counts = {90, 80, 80, 100, 4, 3, 2, 3};
        account.add(ledger(new LedgerCounts("row", true, counts, Map.of("decoded", 80L, "malformed", 10L))));
        account.add(entry(80));
        assertThat(account.captureResidual()).isZero();
        assertThat(account.outcomes()).isEqualTo(Map.of("decoded", 80L, "malformed", 10L));
        assertThat(account.coverage()).isEqualTo(80.0 / (80 + 4 + 2 + 3));
    }

    @Test
    void whatNobodyKnowsIsNotZero() {
        account.add(row("+0", 10));
        assertThat(account.ledger(Column.INTERFACE_FRAMES)).isEqualTo(LedgerCounts.UNKNOWN);
        assertThat(account.knownBy(Column.INTERFACE_FRAMES)).isZero();
    }

    @Test
    void aWindowOfWhichOnlyAGapIsKnownWasNotHeard() {
        long[] gap = {0, 0, 0, 7, 0, 0, 0, 7};
        account.add(ledger(new LedgerCounts("+0/gap", false, gap, Map.of())));
        assertThat(account.isHeard()).isFalse();
        assertThat(account.coverage()).isZero();
        assertThat(account.captureResidual()).isZero();
    }

    @Test
    void whereNothingPassedThereIsNoCoverage() {
        account.add(row("+0", 0));
        assertThat(account.coverage()).isNaN();
    }

    @Property
    void theOrderOfArrivalDoesNotMatter(@ForAll("entries") List<AccountEntry> entries, @ForAll Random order) {
        List<AccountEntry> shuffled = new ArrayList<>(entries);
        Collections.shuffle(shuffled, order);
        assertThat(octets(of(shuffled))).isEqualTo(octets(of(entries)));
        assertThat(of(shuffled).revision()).isEqualTo(of(entries).revision());
    }

    @Property
    void everyChangeIsAGreaterRevision(@ForAll("entries") List<AccountEntry> entries) {
        WindowAccount growing = new WindowAccount("capvm1", "eth0", 0);
        for (AccountEntry entry : entries) {
            growing.setStated();
            long before = growing.revision();
            growing.add(entry);
            if (growing.isStated()) {
                assertThat(growing.revision()).isEqualTo(before);
            } else {
                assertThat(growing.revision()).isGreaterThan(before);
            }
        }
    }

    @Property
    void anAccountSurvivesItsSerializerAndACopySharesNothing(@ForAll("entries") List<AccountEntry> entries)
            throws IOException {
        WindowAccount whole = of(entries);
        byte[] before = octets(whole);
        WindowAccount copy = whole.copy();
        WindowAccount read = WindowAccount.readFrom(new DataInputStream(new ByteArrayInputStream(before)));
        whole.add(row("one more", 1));
        assertThat(octets(read)).isEqualTo(before);
        assertThat(octets(copy)).isEqualTo(before);
    }

    @Provide
    Arbitrary<List<AccountEntry>> entries() {
        Arbitrary<AccountEntry> counted = Combinators.combine(
                        Arbitraries.of(Disposition.class), Arbitraries.longs().between(-5, 50))
                .as((disposition, packets) -> {
                    AccountEntry entry = entry(Math.abs(packets));
                    entry.addPackets(disposition, packets);
                    entry.revision++;
                    return entry;
                });
        Arbitrary<AccountEntry> stated = Combinators.combine(
                        Arbitraries.of("+0", "+1", "+2/gap"),
                        Arbitraries.longs().between(0, 3))
                .as(WindowAccountTest::row);
        return Arbitraries.oneOf(counted, stated).list().ofMaxSize(20);
    }

    private static WindowAccount of(List<AccountEntry> entries) {
        WindowAccount account = new WindowAccount("capvm1", "eth0", 0);
        entries.forEach(account::add);
        return account;
    }

    private static AccountEntry entry(long received) {
        AccountEntry entry = new AccountEntry("capvm1", "eth0", 0, null);
        entry.received = received;
        entry.revision = received;
        return entry;
    }

    private static AccountEntry row(String key, long published) {
        long unknown = LedgerCounts.UNKNOWN;
        long[] counts = {published, published, published, unknown, unknown, 0, 0, unknown};
        return ledger(new LedgerCounts(key, true, counts, Map.of("decoded", published)));
    }

    private static AccountEntry ledger(LedgerCounts row) {
        return new AccountEntry("capvm1", "eth0", 0, row);
    }

    private static byte[] octets(WindowAccount account) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            account.writeTo(new DataOutputStream(octets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }
}
