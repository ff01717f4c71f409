package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Silence: a host that was heard steadily is quiet for longer than its own longest gaps let expect, at a time at which it
 * was heard yesterday and a week ago.
 *
 * <p>How often a gap of a length is to be expected follows from the eight longest gaps of a week ({@link Gaps}): with k gaps
 * a week of g_k or more and the tail index a there are k/7 (g/g_k)^-a of g or more a day. It needs no shape of the gaps
 * other than that of their tail; hosts whose gaps vary more get more patience.
 *
 * <p>What lies in hours that are usually quiet is no gap and no silence ({@link HeardHours}). After a day without being heard
 * silence is usual: the signal is over then, as it is when the host is heard again.
 */
public final class SilenceDetector implements Detector<FlowFact, SilenceMemory> {

    static final Parameter LEARNING =
            new Parameter("learning_hours", 168, 168, 2_160, "a week has all that recurs weekly");
    static final Parameter LEAST_QUIET = new Parameter(
            "least_quiet_minutes", 5, 1, 1_440, "stated: a machine restarts, or moves, in less than five minutes");
    static final Parameter THRESHOLD = new Parameter(
            "threshold_nats",
            Math.log(1_000),
            1,
            50,
            "one in 1,000 host-days by the tail; all detectors together may be wrong once in 100");

    static final Profile PROFILE = new Profile(
            "silence",
            "Host gone quiet",
            List.of(),
            "Time since the host sent anything, against the tail of its own eight longest gaps (Weissman with Hill's"
                    + " index), in hours in which it was heard yesterday and a week ago.",
            "The sensors go on: a signal while one was missing says nothing, and its suppression is another step's, which"
                    + " knows coverage. Holidays are no silence to anybody but this detector. Traffic of the network layer"
                    + " only; what ARP says is not heard.",
            "e^-threshold = 0.001 a host and day, if the tail of the gaps goes on as its eight longest show.",
            TimeUnit.HOURS.toNanos(1),
            320,
            List.of(LEARNING, LEAST_QUIET, THRESHOLD));

    /** Looked at so often while it is quiet: so late a signal may come, at most. */
    private static final long STEP_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Silence is usual then: no hour is counted on whose day before was silent. */
    private static final long LOOKED_FOR_NANOS = TimeUnit.HOURS.toNanos(26);

    private static final double NANOS_OF_SECOND = 1e9;
    private static final double MILLIS_OF_SECOND = 1e3;
    private static final double NANOS_OF_MILLI = 1e6;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    /** Facts that say that the host itself sent something. */
    @Override
    public boolean isConcernedBy(FlowFact fact) {
        return switch (fact.kind()) {
            case OPENED, CONTINUED -> fact.isOut();
            case ANSWERED, REFUSED -> !fact.isOut();
            case VOLUME -> (fact.isOut() ? fact.packets() : fact.reversePackets()) > 0;
            case ESTABLISHED, UNREACHABLE, UNANSWERED, HALF_OPEN -> false;
        };
    }

    @Override
    public SilenceMemory begin() {
        return new SilenceMemory();
    }

    @Override
    public SilenceMemory read(DataInput in) throws IOException {
        return SilenceMemory.read(in);
    }

    @Override
    public void observe(FlowFact fact, SilenceMemory memory, Tuning tuning, Findings findings) {
        if (!memory.hear(fact) || memory.watched() < hours(tuning.get(PROFILE, LEARNING))) {
            return;
        }
        double millis = memory.gaps().lengthOf(Math.exp(-tuning.get(PROFILE, THRESHOLD)));
        if (!Double.isNaN(millis)) {
            long least = (long) (TimeUnit.MINUTES.toNanos(1) * tuning.get(PROFILE, LEAST_QUIET));
            memory.expectWithin(Math.max(least, (long) (millis * NANOS_OF_MILLI)));
        }
    }

    private static long hours(double hours) {
        return (long) (TimeUnit.HOURS.toNanos(1) * hours);
    }

    @Override
    public void elapse(String subject, long time, SilenceMemory memory, Tuning tuning, Findings findings) {
        if (time - memory.lastHeard() > LOOKED_FOR_NANOS) {
            memory.lookAt(Memory.NEVER);
            return;
        }
        memory.lookAt(time + STEP_NANOS);
        long quiet = memory.unusualQuiet(time);
        if (quiet >= memory.patience()) {
            findings.report(finding(subject, time, quiet, memory));
        }
    }

    private static Finding finding(String subject, long time, long quiet, SilenceMemory memory) {
        int space = subject.lastIndexOf(' ');
        String entity = memory.nameOr(subject.substring(space + 1));
        double seconds = quiet / NANOS_OF_SECOND;
        double usual = memory.gaps().longestMillis() / MILLIS_OF_SECOND;
        double patience = memory.patience() / NANOS_OF_SECOND;
        double aDay = memory.gaps().aDay(quiet / NANOS_OF_MILLI);
        String sentence = String.format(
                Locale.ROOT,
                "%s has sent nothing for %.0f s at a time at which it was heard yesterday and a week ago; its longest gap"
                        + " in two weeks was %.0f s.",
                entity,
                seconds,
                usual);
        return new Finding(
                "",
                subject.substring(0, space),
                entity,
                "",
                "",
                time - quiet,
                time,
                seconds,
                patience,
                -Math.log(aDay),
                Severity.MEDIUM,
                new TreeMap<>(Map.of("gaps_as_long_per_day", aDay, "longest_gap_seconds", usual)),
                List.of(),
                sentence);
    }
}
