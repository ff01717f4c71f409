package io.parallax.capture.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is done to a journal, and wherever the power goes: what it promised is there. */
class SpoolCrashPropertyTest {

    private static final int ROOMY = 1_000;

    private enum Act {
        APPEND,
        SYNC,
        READ,
        ACKNOWLEDGE,
        REWIND,
        KILL,
        CUT_POWER
    }

    /** One act; {@code number} is the size, count or seed that it needs. */
    record Step(Act act, int number) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Act> acts = Arbitraries.frequency(
                Tuple.of(12, Act.APPEND),
                Tuple.of(2, Act.SYNC),
                Tuple.of(4, Act.READ),
                Tuple.of(3, Act.ACKNOWLEDGE),
                Tuple.of(1, Act.REWIND),
                Tuple.of(1, Act.KILL),
                Tuple.of(2, Act.CUT_POWER));
        return Combinators.combine(acts, Arbitraries.integers().between(0, 1_000_000))
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(120);
    }

    @Property(tries = 2_000)
    void aPowerCutTakesNothingButUnsyncedEntriesFromTheEnd(@ForAll("steps") List<Step> steps) throws IOException {
        new Model(Fsync.INTERVAL).play(steps);
    }

    @Property(tries = 1_000)
    void aPowerCutTakesNothingWhereEachEntryIsSynced(@ForAll("steps") List<Step> steps) throws IOException {
        new Model(Fsync.EACH).play(steps);
    }

    @Property(tries = 1_000)
    void theEndOfTheProcessTakesNothingThoughNothingIsEverSynced(@ForAll("steps") List<Step> steps) throws IOException {
        new Model(Fsync.NEVER)
                .play(steps.stream().filter(step -> step.act() != Act.CUT_POWER).toList());
    }

    /** What has to be there, beside the journal. */
    private static final class Model {

        private final SimulatedDisk disk = new SimulatedDisk();
        private final Heard heard = new Heard();
        private final SpoolOptions options;
        private Spool spool;
        private int appended;
        private final NavigableSet<Integer> unacknowledged = new TreeSet<>();
        private final NavigableSet<Integer> unsynced = new TreeSet<>();
        private final NavigableSet<Integer> read = new TreeSet<>();
        private long readPosition;

        Model(Fsync fsync) throws IOException {
            options = Records.options(ROOMY, fsync);
            spool = Spool.open(options, disk, heard);
        }

        void play(List<Step> steps) throws IOException {
            for (Step step : steps) {
                perform(step);
            }
            perform(new Step(Act.KILL, 0));
            assertThat(heard.lines).noneMatch(line -> line.startsWith("skipped") || line.startsWith("failed"));
        }

        private void perform(Step step) throws IOException {
            switch (step.act()) {
                case APPEND -> append(step.number() % 400);
                case SYNC -> {
                    spool.sync();
                    unsynced.clear();
                }
                case READ -> read(1 + step.number() % 10);
                case ACKNOWLEDGE -> acknowledge();
                case REWIND -> {
                    spool.rewind();
                    read.clear();
                    readPosition = 0;
                }
                case KILL -> {
                    disk.kill();
                    reopen(Set.of());
                }
                case CUT_POWER -> {
                    disk.cutPower(new Random(step.number()));
                    reopen(unsynced);
                    unsynced.clear();
                }
            }
        }

        private void append(int octets) {
            assertThat(spool.append(Records.record(appended, octets), 0)).isTrue();
            unacknowledged.add(appended);
            if (options.fsync() != Fsync.EACH) {
                unsynced.add(appended);
            }
            appended++;
        }

        private void read(int count) {
            for (int i = 0; i < count; i++) {
                SpoolEntry entry = spool.next();
                if (entry == null) {
                    assertThat(unacknowledged).containsAll(read).hasSameSizeAs(read);
                    return;
                }
                assertThat(Records.isAsMade(entry.record())).isTrue();
                int number = Records.numberOf(entry.record());
                // An acknowledgement may lag after a crash: then what was acknowledged comes again, before the rest.
                if (unacknowledged.contains(number)) {
                    Integer before = unacknowledged.lower(number);
                    assertThat(before == null || read.contains(before)).isTrue();
                    read.add(number);
                } else {
                    assertThat(read).isEmpty();
                }
                readPosition = entry.nextPosition();
            }
        }

        private void acknowledge() {
            spool.acknowledge(readPosition);
            unacknowledged.removeAll(read);
            read.clear();
        }

        private void reopen(Set<Integer> mayBeMissing) throws IOException {
            spool = Spool.open(options, disk, heard);
            List<SpoolEntry> entries = Records.entries(spool);
            assertThat(entries).allMatch(entry -> Records.isAsMade(entry.record()));
            List<Integer> numbers = entries.stream()
                    .map(entry -> Records.numberOf(entry.record()))
                    .toList();
            assertThat(numbers).isSorted().doesNotHaveDuplicates().allMatch(number -> number < appended);
            NavigableSet<Integer> survivors =
                    numbers.stream().filter(unacknowledged::contains).collect(Collectors.toCollection(TreeSet::new));
            NavigableSet<Integer> lost = new TreeSet<>(unacknowledged);
            lost.removeAll(survivors);
            assertThat(mayBeMissing).containsAll(lost);
            assertThat(lost.isEmpty() || survivors.isEmpty() || lost.first() > survivors.last())
                    .as("lost %s, still there %s", lost, survivors)
                    .isTrue();
            unacknowledged.removeAll(lost);
            unsynced.removeAll(lost);
            read.clear();
            readPosition = 0;
            spool.rewind();
        }
    }
}
