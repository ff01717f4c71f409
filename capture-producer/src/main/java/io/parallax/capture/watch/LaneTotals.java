package io.parallax.capture.watch;

import io.parallax.capture.decode.Outcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one lane counted since the process started, or between two moments ({@link #since}); 64-bit, none ever falls.
 *
 * @param interfaceFrames frames that passed the interface by its own counters
 * @param kernelReceived frames that passed the kernel's filter, dropped ones included
 * @param kernelDropped frames that found the kernel's buffer full
 * @param lost frames that passed before anything could be captured: while the interface was being opened
 * @param filteredByCause frames that were taken out on purpose
 * @param framesByOutcome frames that were decoded, by {@link Outcome#label}
 * @param shedByCause decoded headers that were given up
 * @param published headers handed over in batches
 * @param octets of the decoded frames on the wire, link layer included
 */
public record LaneTotals(
        long interfaceFrames,
        long kernelReceived,
        long kernelDropped,
        long lost,
        Map<String, Long> filteredByCause,
        Map<String, Long> framesByOutcome,
        Map<String, Long> shedByCause,
        long published,
        long octets,
        long batches) {

    public static final LaneTotals NONE = new LaneTotals(0, 0, 0, 0, Map.of(), Map.of(), Map.of(), 0, 0, 0);

    /** Outcomes in which the snap length kept something from being read. */
    private static final List<Outcome> CUT_OFF =
            List.of(Outcome.DECODED_TRANSPORT_CUT_OFF, Outcome.DECODED_PORTS_CUT_OFF, Outcome.TRUNCATED);

    public LaneTotals {
        filteredByCause = Map.copyOf(filteredByCause);
        framesByOutcome = Map.copyOf(framesByOutcome);
        shedByCause = Map.copyOf(shedByCause);
    }

    /** Frames that were decoded, whatever the outcome. */
    public long frames() {
        return sum(framesByOutcome);
    }

    public long filtered() {
        return sum(filteredByCause);
    }

    public long shed() {
        return sum(shedByCause);
    }

    /** Frames of which the snap length hid a header. */
    public long cutOff() {
        return CUT_OFF.stream()
                .mapToLong(outcome -> framesByOutcome.getOrDefault(outcome.label(), 0L))
                .sum();
    }

    /** Frames of the interface in no column. Frames that wait in the kernel are among them, so it means something at rest only. */
    public long frameResidual() {
        return interfaceFrames - kernelDropped - lost - filtered() - frames();
    }

    /** Decoded headers that were neither published nor shed; as {@link #frameResidual}, at rest only. */
    public long headerResidual() {
        long promised = Arrays.stream(Outcome.values())
                .filter(Outcome::publishesHeader)
                .mapToLong(outcome -> framesByOutcome.getOrDefault(outcome.label(), 0L))
                .sum();
        return promised - published - shed();
    }

    /** What was counted after {@code earlier}; 0 where a counter began anew. */
    public LaneTotals since(LaneTotals earlier) {
        return new LaneTotals(
                grown(interfaceFrames, earlier.interfaceFrames),
                grown(kernelReceived, earlier.kernelReceived),
                grown(kernelDropped, earlier.kernelDropped),
                grown(lost, earlier.lost),
                grown(filteredByCause, earlier.filteredByCause),
                grown(framesByOutcome, earlier.framesByOutcome),
                grown(shedByCause, earlier.shedByCause),
                grown(published, earlier.published),
                grown(octets, earlier.octets),
                grown(batches, earlier.batches));
    }

    private static Map<String, Long> grown(Map<String, Long> now, Map<String, Long> earlier) {
        return now.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> grown(each.getValue(), earlier.getOrDefault(each.getKey(), 0L)),
                        Long::sum,
                        LinkedHashMap::new));
    }

    private static long grown(long now, long earlier) {
        return Math.max(0, now - earlier);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
