package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.AccountEntry;
import io.parallax.model.Disposition;
import io.parallax.model.FlowRow;
import io.parallax.model.Headers;
import io.parallax.model.StreamName;
import io.parallax.model.StreamShare;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows of 10 s. Entries: stream @window r revision: received, then the dispositions that changed. */
final class StreamSharesTest {

    private final StreamShares shares = new StreamShares(Headers.nanos(10));

    @Test
    void headersAreCountedInTheWindowOfTheirOwnTime() {
        shares.open(new StreamName("capvm1", "eth0"));
        shares.received(Headers.nanos(9.999));
        shares.received(Headers.nanos(10));
        shares.nonIp(Headers.nanos(10));
        shares.received(Headers.nanos(9));
        shares.open(new StreamName("capvm1", "eth1"));
        shares.received(Headers.nanos(9));
        assertThat(flushed())
                .containsExactly("capvm1/eth0 @0 r2: 2", "capvm1/eth0 @10 r1: 1 non_ip=1", "capvm1/eth1 @0 r1: 1");
        assertThat(flushed()).isEmpty();
    }

    @Test
    void aReplayIsNotReceived() {
        shares.open(new StreamName("capvm1", "eth0"));
        shares.replayed(Headers.nanos(1));
        shares.missing(Headers.nanos(2), 3);
        assertThat(flushed()).containsExactly("capvm1/eth0 @0 r4: 0 D7=1 missing=3");
    }

    @Test
    void aRowIsTheDifferenceToItsPreviousRevision() {
        shares.add(row(5, 0, seen("capvm1", 4, Disposition.CANONICAL, 0, Disposition.CANONICAL)));
        assertThat(flushed()).containsExactly("capvm1/eth0 @0 r5: 0 canonical=4");
        shares.add(row(8, 5, seen("capvm1", 6, Disposition.CANONICAL, 4, Disposition.CANONICAL)));
        assertThat(flushed()).containsExactly("capvm1/eth0 @0 r3: 0 canonical=2");
    }

    @Test
    void whatBecomesACopyIsNoLongerCanonicalAndARevisionAllTheSame() {
        shares.add(row(9, 5, seen("capvm1", 4, Disposition.D1, 4, Disposition.CANONICAL)));
        assertThat(flushed()).containsExactly("capvm1/eth0 @0 r4: 0 canonical=-4 D1=4");
    }

    /** Or the sum would depend on how many revisions there were before the second sensor was heard. */
    @Test
    void anObservationPointBringsTheWholeRevisionWhenItIsFirstStated() {
        shares.add(row(
                9,
                5,
                seen("capvm1", 4, Disposition.CANONICAL, 4, Disposition.CANONICAL),
                seen("capvm2", 4, Disposition.D1, 0, Disposition.CANONICAL)));
        assertThat(flushed()).containsExactly("capvm1/eth0 @0 r4: 0", "capvm2/eth0 @0 r9: 0 D1=4");
    }

    @Test
    void anObservationPointWithoutAPacketSaysNothing() {
        shares.add(row(9, 5, seen("capvm1", 0, Disposition.CANONICAL, 0, Disposition.CANONICAL)));
        assertThat(flushed()).isEmpty();
    }

    @Test
    void whatNoRowStatesIsAdded() {
        shares.add(new StreamShare("capvm1", "eth0", Headers.nanos(10), Disposition.TOO_LATE, 2));
        shares.add(new StreamShare("capvm1", "eth0", Headers.nanos(10), Disposition.D3, 1));
        assertThat(flushed()).containsExactly("capvm1/eth0 @10 r3: 0 D3=1 too_late=2");
    }

    private static FlowRow row(long revision, long previousRevision, FlowRow.Sighting... seen) {
        FlowRow row = new FlowRow();
        row.revision = revision;
        row.previousRevision = previousRevision;
        for (FlowRow.Sighting one : seen) {
            FlowRow.Sighting added = row.addSighting();
            added.sensorId = one.sensorId;
            added.interfaceName = one.interfaceName;
            added.packets = one.packets;
            added.disposition = one.disposition;
            added.previousPackets = one.previousPackets;
            added.previousDisposition = one.previousDisposition;
        }
        return row;
    }

    private static FlowRow.Sighting seen(
            String sensor, long packets, Disposition as, long previousPackets, Disposition previously) {
        FlowRow.Sighting seen = new FlowRow.Sighting();
        seen.sensorId = sensor;
        seen.interfaceName = "eth0";
        seen.packets = packets;
        seen.disposition = as;
        seen.previousPackets = previousPackets;
        seen.previousDisposition = previously;
        return seen;
    }

    private List<String> flushed() {
        List<String> entries = new ArrayList<>();
        shares.flush(entry -> entries.add(text(entry)));
        return entries;
    }

    private static String text(AccountEntry entry) {
        StringBuilder text = new StringBuilder(entry.stream() + " @" + entry.windowStartNanos / Headers.nanos(1) + " r"
                + entry.revision + ": " + entry.received);
        for (Disposition disposition : Disposition.values()) {
            if (entry.packets(disposition) != 0) {
                text.append(' ').append(disposition.label()).append('=').append(entry.packets(disposition));
            }
        }
        return text + (entry.missing == 0 ? "" : " missing=" + entry.missing);
    }
}
