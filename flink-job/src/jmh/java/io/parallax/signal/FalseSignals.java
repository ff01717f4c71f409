package io.parallax.signal;

import io.parallax.io.SignalRecords;
import io.parallax.model.FlowFact;
import io.parallax.wire.Signal;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often detectors are wrong where nobody does harm: signals on {@link BenignNetwork}, per host-day after learning.
 *
 * <pre>FalseSignals HOSTS LEARNING_DAYS DAYS SEED...</pre>
 */
public final class FalseSignals {

    /** Of each detector and severity. */
    private static final int MOST_PRINTED = 25;

    private FalseSignals() {}

    public static void main(String[] arguments) {
        int hosts = Integer.parseInt(arguments[0]);
        int learning = Integer.parseInt(arguments[1]);
        int days = Integer.parseInt(arguments[2]);
        Map<String, Integer> counts = new TreeMap<>();
        long facts = 0;
        long nanos = 0;
        for (int i = 3; i < arguments.length; i++) {
            long[] told = run(hosts, learning, days, Long.parseLong(arguments[i]), counts);
            facts += told[0];
            nanos += told[1];
        }
        int hostDays = hosts * days * (arguments.length - 3);
        System.out.printf("%d host-days, %d facts, %.0f ns a fact%n", hostDays, facts, (double) nanos / facts);
        counts.forEach((detector, count) -> System.out.printf(
                "%s: %d, %.4f per host-day (95 %%: %.4f to %.4f)%n",
                detector,
                count,
                (double) count / hostDays,
                PoissonBounds.lower(count) / hostDays,
                PoissonBounds.upper(count) / hostDays));
    }

    private static long[] run(int hosts, int learning, int days, long seed, Map<String, Integer> counts) {
        BenignNetwork network = new BenignNetwork(hosts, learning + days, seed);
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(
                FlowFactCodec.INSTANCE, Detectors.OF_FLOWS, BenignNetwork.tuning(), 1 << 20, WatchRules.MOST_EPISODES));
        long begin = Steps.at(learning * 86_400_000L);
        Map<String, Signal> stated = new LinkedHashMap<>();
        Map<String, CommonService.Known> claims = new HashMap<>();
        long[] facts = new long[2];
        for (int hour = 0; hour < (learning + days) * 24; hour++) {
            network.hour(hour, fact -> {
                facts[0]++;
                watch.add(fact);
            });
            long before = System.nanoTime();
            long end = Steps.at((hour + 1) * 3_600_000L) - 1;
            watch.advance(end, raised -> settle(raised, claims, stated));
            facts[1] += System.nanoTime() - before;
            claims.replaceAll((service, known) -> release(known, end, stated));
        }
        for (Signal signal : stated.values()) {
            if (SignalRecords.detectedAtNanos(signal) >= begin) {
                String what = signal.getState().equals("retracted") ? "retracted" : signal.getSeverity();
                if (counts.merge(signal.getDetector() + ' ' + what, 1, Integer::sum) <= MOST_PRINTED) {
                    System.out.printf(
                            "%s %s, %s: %s%n",
                            signal.getDetectedAt(), signal.getDetector(), what, signal.getExplanation());
                }
            }
        }
        return facts;
    }

    /** As the last step of the job does, but for the budget. */
    private static void settle(Raised raised, Map<String, CommonService.Known> claims, Map<String, Signal> stated) {
        Signal signal = SignalRecords.of(raised);
        if (!CommonService.isCandidate(signal)) {
            stated.put(signal.getSignalId(), signal);
            return;
        }
        CommonService.Known before = release(
                claims.getOrDefault(CommonService.key(signal), CommonService.Known.NOTHING), raised.statedAt(), stated);
        CommonService.Verdict verdict = CommonService.judge(signal, before);
        claims.put(CommonService.key(signal), verdict.known());
        verdict.said().forEach(said -> stated.put(said.getSignalId(), said));
    }

    private static CommonService.Known release(CommonService.Known known, long nanos, Map<String, Signal> stated) {
        CommonService.Verdict verdict = CommonService.release(known, Instant.ofEpochSecond(0, nanos));
        verdict.said().forEach(said -> stated.put(said.getSignalId(), said));
        return verdict.known();
    }
}
