package io.parallax.dependency;

import static io.parallax.dependency.UseRows.vm;
import static io.parallax.model.ServiceEvidence.NONE;
import static io.parallax.model.ServiceEvidence.PROBED;
import static io.parallax.model.ServiceEvidence.REFUSED;
import static io.parallax.model.ServiceEvidence.SERVED;
import static io.parallax.model.ServiceEvidence.UNANSWERED;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.Label;
import io.parallax.model.Locality;
import org.junit.jupiter.api.Test;

/** Windows of 10 s, 60 s of lateness, 300 s of silence. */
final class DependencyTableTest {

    private static final String FIRST = "10.10.1.11>10.10.2.13:5432";
    private static final Label STRANGER = Label.unattributed("blue");

    private final Tracing tracing = new Tracing();

    @Test
    void aUseIsStatedWhenItsWindowIsOver() {
        tracing.add(new UseRows(11, 0).served().row()).advance(9);
        assertThat(tracing.latest()).isEmpty();
        tracing.advance(10);
        assertThat(tracing.latest()).containsEntry(FIRST, "1 0/0/0/0 10 5000 0-10 1");
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
    }

    @Test
    void windowsAddUpSinceTheFirst() {
        tracing.add(new UseRows(11, 0).served().row()).advance(10);
        tracing.add(new UseRows(11, 200).served().row()).advance(210);
        assertThat(tracing.latest()).containsEntry(FIRST, "2 0/0/0/0 20 10000 0-210 1");
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
    }

    @Test
    void failedAttemptsAloneAreNoDependency() {
        tracing.add(new UseRows(11, 0).state(REFUSED).row())
                .add(new UseRows(11, 0).state(UNANSWERED).row())
                .add(new UseRows(11, 0).state(PROBED).row())
                .advance(10);
        assertThat(tracing.latest()).isEmpty();
        assertThat(tracing.changes()).isEmpty();
        tracing.add(new UseRows(11, 10).served().row()).advance(20);
        assertThat(tracing.latest()).containsEntry(FIRST, "1 1/1/0/1 10 5000 10-20 1");
    }

    @Test
    void attemptsAreForgottenWithTheirWindow() {
        tracing.add(new UseRows(11, 0).state(REFUSED).row()).advance(10).advance(80);
        tracing.add(new UseRows(11, 80).served().row()).advance(90);
        assertThat(tracing.latest()).containsEntry(FIRST, "1 0/0/0/0 10 5000 80-90 1");
    }

    @Test
    void aRevisionReplacesWhatTheOneBeforeStated() {
        UseRows rows = new UseRows(11, 0).served();
        tracing.add(rows.row()).advance(10);
        tracing.add(rows.served().row()).advance(20);
        assertThat(tracing.latest()).containsEntry(FIRST, "1 0/0/0/0 20 10000 0-10 1");
    }

    @Test
    void aNameThatComesLateTakesTheDependencyWithIt() {
        UseRows rows = new UseRows(11, 0).served();
        tracing.add(rows.row()).advance(10);
        tracing.add(rows.state(SERVED, vm("web", "esx1"), vm("db", "esx2"), Locality.UNKNOWN)
                        .row())
                .advance(20);
        assertThat(tracing.latest())
                .containsEntry(FIRST, "0 0/0/0/0 0 0 never 0")
                .containsEntry("web>db:5432", "1 0/0/0/0 20 10000 0-10 1");
        assertThat(tracing.changes())
                .containsExactly("new " + FIRST + " @10", "retracted " + FIRST + " @10", "new web>db:5432 @10");
    }

    @Test
    void aUseThatTurnsOutToBeNoneIsTakenBack() {
        UseRows rows = new UseRows(11, 0).served();
        tracing.add(rows.row()).advance(10);
        tracing.add(rows.state(NONE).row()).advance(20);
        assertThat(tracing.latest()).containsEntry(FIRST, "0 0/0/0/0 0 0 never 0");
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10", "retracted " + FIRST + " @10");
    }

    @Test
    void aServerThatMovesIsToldOnce() {
        tracing.add(new UseRows(11, 0)
                        .state(SERVED, vm("web", "esx1"), vm("db", "esx1"), Locality.WITHIN_HOST_ROUTED)
                        .row())
                .advance(10);
        tracing.add(new UseRows(11, 10)
                        .state(SERVED, vm("web", "esx1"), vm("db", "esx2"), Locality.INTER_HOST_ROUTED)
                        .row())
                .advance(20);
        tracing.add(new UseRows(11, 20)
                        .state(SERVED, vm("web", "esx1"), STRANGER, Locality.UNKNOWN)
                        .row())
                .advance(30);
        assertThat(tracing.changes())
                .containsExactly(
                        "new web>db:5432 @10",
                        "changed web>db:5432 @20: server_host: esx1 -> esx2;"
                                + " locality: within-host routed -> inter-host routed",
                        "new web>10.10.2.13:5432 @30");
    }

    @Test
    void silenceThatWasCapturedIsADisappearance() throws Exception {
        tracing.add(new UseRows(11, 0).served().row())
                .capture("capvm1", 0, 320, true)
                .advance(10);
        tracing.advance(389).restart();
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
        tracing.advance(391);
        assertThat(tracing.changes()).containsExactly("disappeared " + FIRST + " @310");
        tracing.advance(1_000);
        assertThat(tracing.changes()).isEmpty();
        tracing.add(new UseRows(11, 1_000).served().row()).advance(1_010);
        assertThat(tracing.changes()).containsExactly("returned " + FIRST + " @1010");
    }

    @Test
    void silenceThatNobodyCapturedSaysNothing() {
        tracing.add(new UseRows(11, 0).served().row()).advance(10).advance(2_000);
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
    }

    /** The other interface lost packets in one window: silence counts from its end. */
    @Test
    void silenceCountsFromTheLastGap() {
        tracing.add(new UseRows(11, 0).served().row())
                .capture("capvm1", 0, 1_000, true)
                .capture("capvm2", 0, 100, true)
                .capture("capvm2", 100, 110, false)
                .capture("capvm2", 110, 1_000, true)
                .advance(10);
        tracing.advance(391);
        tracing.advance(480);
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
        tracing.advance(491);
        assertThat(tracing.changes()).containsExactly("disappeared " + FIRST + " @410");
    }

    /** The other interface was taken down at 100; who saw the last use is still there. */
    @Test
    void anInterfaceThatIsGoneHoldsNothingBackAndIsNamed() throws Exception {
        tracing.add(new UseRows(11, 0).seenAt("capvm1", "eth1").served().row())
                .capture("capvm1/eth1/0", 0, 2_000, true)
                .capture("capvm2/eth1/0", 0, 100, true)
                .advance(10);
        tracing.advance(500).restart();
        tracing.advance(1_179);
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
        tracing.advance(1_181);
        assertThat(tracing.changes())
                .containsExactly("disappeared " + FIRST + " @1100: not used for the silence, all of which was captured,"
                        + " but for capvm2/eth1/0 (gone since 1970-01-01T00:01:40Z)");
    }

    /** It may go on there: nobody else ever saw it. */
    @Test
    void whatOnlyAnInterfaceThatIsGoneSawDoesNotDisappear() {
        tracing.add(new UseRows(11, 0).seenAt("capvm2", "eth1").served().row())
                .capture("capvm1/eth1/0", 0, 5_000, true)
                .capture("capvm2/eth1/0", 0, 100, true)
                .advance(10);
        tracing.advance(1_181).advance(4_900);
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
    }

    /** It was seen at both before; the last use, at the one that is gone. */
    @Test
    void whoSawTheLastUseHasToBeThere() {
        tracing.add(new UseRows(11, 0).seenAt("capvm1", "eth1").served().row())
                .add(new UseRows(11, 50).seenAt("capvm2", "eth1").served().row())
                .capture("capvm1/eth1/0", 0, 5_000, true)
                .capture("capvm2/eth1/0", 0, 100, true)
                .advance(60);
        tracing.advance(1_181).advance(4_900);
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
    }

    @Test
    void anInterfaceThatComesBackCountsAgain() {
        tracing.add(new UseRows(11, 1_200).seenAt("capvm1", "eth1").served().row())
                .capture("capvm1/eth1/0", 0, 3_000, true)
                .capture("capvm2/eth1/0", 0, 100, true)
                .capture("capvm2/eth1/0", 1_500, 3_000, true)
                .advance(1_210);
        tracing.advance(1_879);
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @1210");
        tracing.advance(1_881);
        assertThat(tracing.changes()).containsExactly("disappeared " + FIRST + " @1800");
    }

    @Test
    void whereAllInterfacesAreGoneNothingDisappears() {
        tracing.add(new UseRows(11, 0).seenAt("capvm1", "eth1").served().row())
                .capture("capvm1/eth1/0", 0, 100, true)
                .advance(10);
        tracing.advance(1_181).advance(4_900);
        assertThat(tracing.changes()).containsExactly("new " + FIRST + " @10");
    }

    @Test
    void dependenciesBeyondTheBoundAreOneAndSumsStayWhole() {
        Tracing small = new Tracing(3);
        for (int client = 20; client > 10; client--) {
            small.add(new UseRows(client, 0).served().row());
        }
        small.advance(10);
        assertThat(small.latest())
                .containsOnlyKeys(
                        FIRST, "10.10.1.12>10.10.2.13:5432", "10.10.1.13>10.10.2.13:5432", "(other)>(other):0")
                .containsEntry("(other)>(other):0", "7 0/0/0/0 70 35000 0-10 7");
        assertThat(small.changes()).hasSize(3);
    }

    @Test
    void aScanDoesNotTakeTheRoomOfDependencies() {
        Tracing small = new Tracing(3);
        for (int client = 100; client < 200; client++) {
            small.add(new UseRows(client, 0).state(REFUSED).row());
        }
        small.advance(10);
        for (int client = 11; client <= 13; client++) {
            small.add(new UseRows(client, 10).served().row());
        }
        small.advance(20);
        assertThat(small.latest()).hasSize(3).doesNotContainKey("(other)>(other):0");
    }
}
