package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The least detector: more than two flows opened in ten seconds. Its memory is told when the ten seconds are over. */
public final class CountingDetector implements Detector<FlowFact, CountingDetector.Opened> {

    static final Parameter MOST = new Parameter("most_flows", 2, 1, 100, "an example");
    static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Profile PROFILE = new Profile(
            "counting",
            "many flows",
            List.of("T0000"),
            "counts",
            "none",
            "unbounded",
            TimeUnit.SECONDS.toNanos(30),
            100,
            List.of(MOST));

    /** Times of the flows. */
    public static final class Opened implements Memory {
        private final List<Long> times = new ArrayList<>();

        @Override
        public void writeTo(DataOutput out) throws IOException {
            out.writeInt(times.size());
            for (long time : times) {
                out.writeLong(time);
            }
        }

        @Override
        public long due() {
            return times.isEmpty() ? NEVER : times.get(0) + SPAN_NANOS;
        }

        @Override
        public long expires() {
            return times.isEmpty() ? Long.MIN_VALUE : times.get(times.size() - 1) + SPAN_NANOS;
        }
    }

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        return fact.isOut() && fact.kind() == FlowFact.Kind.OPENED;
    }

    @Override
    public Opened begin() {
        return new Opened();
    }

    @Override
    public Opened read(DataInput in) throws IOException {
        Opened opened = new Opened();
        for (int i = in.readInt(); i > 0; i--) {
            opened.times.add(in.readLong());
        }
        return opened;
    }

    @Override
    public void observe(FlowFact fact, Opened memory, Tuning tuning, Findings findings) {
        memory.times.add(fact.time());
        double most = tuning.get(PROFILE, MOST);
        if (memory.times.size() > most) {
            findings.report(new Finding(
                    "",
                    fact.realm(),
                    fact.hostName(),
                    fact.destinationName(),
                    "T0000",
                    memory.times.get(0),
                    fact.time(),
                    memory.times.size(),
                    most,
                    memory.times.size(),
                    Severity.LOW,
                    Map.of("usual", 1.0),
                    List.of(fact.flowId()),
                    "%s opened %d flows.".formatted(fact.hostName(), memory.times.size())));
        }
    }

    @Override
    public void elapse(String subject, long time, Opened memory, Tuning tuning, Findings findings) {
        memory.times.removeIf(then -> then + SPAN_NANOS <= time);
    }
}
