package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.flow.MeterSettings;
import io.parallax.local.scenario.EncodedStream;
import io.parallax.local.scenario.HeaderStream;
import io.parallax.local.scenario.Interleaving;
import io.parallax.local.scenario.MeteredRows;
import io.parallax.local.scenario.Recordings;
import io.parallax.model.FlowFact;
import io.parallax.wire.Addresses;
import io.parallax.wire.Flow;
import io.parallax.wire.PacketHeader;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The recording of the reference lab through the job's core, its streams interleaved in many ways: the rows are those of
 * the packets, not of their order of arrival.
 *
 * <p>Seeds are the numbers in the messages. How many interleavings: {@code -Dparallax.interleavings}; the others are a
 * twentieth as many.
 */
class InterleavingTest {

    private static final int INTERLEAVINGS = Integer.getInteger("parallax.interleavings", 200);
    private static final int FEWER = Math.max(1, INTERLEAVINGS / 20);

    private static final MeterSettings TEN_SECONDS = settings(10, 600);
    private static final MeterSettings ONE_MINUTE = settings(60, 600);

    private static final long SHIFT_NANOS = 1_500_000_000L;
    private static final int CUT = 1;
    private static final int LEAST_HEADERS = 50;
    private static final int MOST_HEADERS = 500;
    private static final int DIRECTIONS = 6_732;

    private static List<HeaderStream> captureVms = List.of();
    private static List<HeaderStream> withCollector = List.of();

    @BeforeAll
    static void readTheRecording() throws Exception {
        assumeTrue(
                Files.isDirectory(Samples.RECORDING),
                () -> Samples.RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
        captureVms = Recordings.read(Samples.of(Samples.RECORDING, Samples.SENSORS));
        withCollector = new ArrayList<>(captureVms);
        withCollector.addAll(Recordings.read(Samples.of(Samples.RECORDING, List.of("collector"))));
    }

    @Test
    void anyInterleavingGivesTheSameRows() throws Exception {
        assertSameRows(captureVms, TEN_SECONDS, INTERLEAVINGS);
    }

    /** Detectors hear the same, at the same times of the recording, whichever stream was read first. */
    @Test
    void anyInterleavingTellsTheSameFacts() throws Exception {
        List<EncodedStream> streams = encoded(shifted(captureVms));
        List<FlowFact> expected = facts(streams, 0);
        assertThat(expected).hasSizeGreaterThan(20_000);
        for (int seed = 1; seed <= FEWER; seed++) {
            assertThat(facts(streams, seed)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    /** Never after the watermark has passed them. */
    private static List<FlowFact> facts(List<EncodedStream> streams, int seed) throws Exception {
        List<FlowFact> facts = new ArrayList<>();
        new Interleaving(TEN_SECONDS, seed)
                .restoring(0.01)
                .tellingTo(told -> facts.addAll(told.facts()))
                .run(streams);
        facts.sort(FlowFact.order());
        return facts;
    }

    @Test
    void everyDirectionIsExactInWindowsOfEitherLength() throws Exception {
        assertExact(captureVms, TEN_SECONDS);
        assertExact(captureVms, ONE_MINUTE);
    }

    @Test
    void clocksThatDifferByThreeSecondsChangeNoTotalInAnyInterleaving() throws Exception {
        List<HeaderStream> shifted = shifted(captureVms);
        assertExact(shifted, TEN_SECONDS);
        assertSameRows(shifted, TEN_SECONDS, FEWER);
    }

    @Test
    void mirrorSessionsBesideTheCaptureVmsChangeNoTotalInAnyInterleaving() throws Exception {
        assertExact(withCollector, TEN_SECONDS);
        assertSameRows(withCollector, TEN_SECONDS, FEWER);
    }

    @Test
    void mirrorSessionsAndClocksThatDifferChangeNoTotalInAnyInterleaving() throws Exception {
        List<HeaderStream> shifted = shifted(withCollector);
        assertExact(shifted, TEN_SECONDS);
        assertSameRows(shifted, TEN_SECONDS, FEWER);
    }

    @Test
    void aTableThatIsWrittenAndReadBackAtAnyMomentGoesOnAsBefore() throws Exception {
        List<EncodedStream> streams = encoded(shifted(captureVms));
        MeteredRows expected = new Interleaving(TEN_SECONDS, 0).run(streams);
        List<byte[]> octets = expected.encoded();
        for (int seed = 1; seed <= FEWER; seed++) {
            MeteredRows rows =
                    new Interleaving(TEN_SECONDS, seed).restoring(0.03).run(streams);
            assertSame(rows, expected, octets, "restored, seed " + seed);
        }
    }

    /**
     * Who reads sums by 5-tuple and window gets the same ones. Where a flow ends, and which point counts, may be another:
     * a flow that was ended for want of packets is not opened again by those that come late.
     */
    @Test
    void aStreamThatComesWithinTheLatenessChangesNoCount() throws Exception {
        MeterSettings settings = settings(10, 60);
        List<EncodedStream> streams = encoded(captureVms);
        Map<String, Long> expected =
                counts(new Interleaving(settings, 0).run(streams).flows());
        for (int seed = 1; seed <= FEWER; seed++) {
            String late = streams.get(seed % streams.size()).streamId();
            Map<String, Long> found = counts(
                    new Interleaving(settings, seed).late(late).run(streams).flows());
            found.entrySet().removeAll(expected.entrySet());
            assertThat(found).as("%s late, seed %d", late, seed).isEmpty();
        }
    }

    @Test
    void copiesByClassAreThoseThatTheInterfacesSaw() throws Exception {
        Truth truth = truth();
        List<Flow> rows =
                new Interleaving(TEN_SECONDS, 1).run(encoded(captureVms)).flows();
        Map<String, Long> expected = new TreeMap<>(truth.copies());
        // The mirror sessions' own transport passes the capture VMs: their copies are in these streams, too.
        expected.put("D4", mirrored(truth, captureVms));
        assertThat(copies(truth, rows)).isEqualTo(expected);
    }

    @Test
    void copiesByClassAreThoseThatTheInterfacesAndTheCollectorSaw() throws Exception {
        Truth truth = truth();
        List<Flow> rows =
                new Interleaving(TEN_SECONDS, 1).run(encoded(withCollector)).flows();
        Map<String, Long> expected = new TreeMap<>(truth.copies());
        expected.put("D4", mirrored(truth, withCollector));
        assertThat(copies(truth, rows)).isEqualTo(expected);
    }

    @Test
    void everyObservationIsCountedOnceOrAsACopy() throws Exception {
        for (List<HeaderStream> streams : List.of(captureVms, withCollector, shifted(withCollector))) {
            long observations = streams.stream()
                    .mapToLong(stream -> stream.count(header -> header.isIp()))
                    .sum();
            long stated = 0;
            for (Flow row :
                    new Interleaving(TEN_SECONDS, 1).run(encoded(streams)).flows()) {
                stated += row.getPacketDeltaCount() + row.getReversePacketDeltaCount() + copies(row);
            }
            assertThat(stated).isEqualTo(observations);
        }
    }

    @Test
    void everyRowSaysWhereItsTrafficRan() throws Exception {
        Truth truth = truth();
        for (List<HeaderStream> streams : List.of(captureVms, withCollector)) {
            List<Flow> rows =
                    new Interleaving(TEN_SECONDS, 1).run(encoded(streams)).flows();
            Map<String, Integer> wrong = new TreeMap<>();
            int judged = 0;
            for (Flow row : rows) {
                String locality = truth.localityBetween(row.getSourceAddress(), row.getDestinationAddress());
                if (locality != null) {
                    judged++;
                    if (!locality.equals(row.getLocality())) {
                        wrong.merge(row.getLocality() + " instead of " + locality, 1, Integer::sum);
                    }
                }
            }
            assertThat(judged).isGreaterThan(3_000);
            assertThat(wrong).isEmpty();
        }
    }

    private static MeterSettings settings(int windowSeconds, int latenessSeconds) {
        return new MeterSettings(
                Duration.ofSeconds(windowSeconds).toNanos(),
                Duration.ofSeconds(latenessSeconds).toNanos());
    }

    private static Truth truth() throws Exception {
        return Truth.ofAllSensors(Samples.truth(Samples.RECORDING));
    }

    private static List<EncodedStream> encoded(List<HeaderStream> streams) {
        Random cut = new Random(CUT);
        return streams.stream()
                .map(stream -> stream.encoded(cut, LEAST_HEADERS, MOST_HEADERS))
                .toList();
    }

    private static List<HeaderStream> shifted(List<HeaderStream> streams) {
        Map<String, Long> shifts = Map.of("capvm1", SHIFT_NANOS, "capvm2", -SHIFT_NANOS);
        return streams.stream()
                .map(stream -> stream.shifted(shifts.getOrDefault(stream.name().sensorId(), 0L)))
                .toList();
    }

    private static void assertExact(List<HeaderStream> streams, MeterSettings settings) throws Exception {
        Truth truth = truth();
        List<Flow> rows = new Interleaving(settings, 0).run(encoded(streams)).flows();
        assertThat(truth.expected()).hasSize(DIRECTIONS);
        assertThat(truth.differences(FlowSums.of(rows))).isEmpty();
        assertThat(truth.initiators(rows).judged()).isGreaterThan(3_000);
        assertThat(truth.initiators(rows).share()).isGreaterThanOrEqualTo(0.999);
    }

    private static void assertSameRows(List<HeaderStream> streams, MeterSettings settings, int interleavings)
            throws Exception {
        List<EncodedStream> encoded = encoded(streams);
        MeteredRows expected = new Interleaving(settings, 0).run(encoded);
        List<byte[]> octets = expected.encoded();
        for (int seed = 1; seed <= interleavings; seed++) {
            assertSame(new Interleaving(settings, seed).run(encoded), expected, octets, "seed " + seed);
        }
    }

    /** Columns first, since people read them; then the octets that a topic would hold. */
    private static void assertSame(MeteredRows rows, MeteredRows expected, List<byte[]> octets, String how) {
        assertThat(rows.differences(expected)).as(how).isEmpty();
        assertThat(Arrays.deepEquals(rows.encoded().toArray(), octets.toArray()))
                .as(how)
                .isTrue();
    }

    /** Copies that mirror sessions brought of packets between VMs; all of them are seen by a capture VM, too. */
    private static long mirrored(Truth truth, List<HeaderStream> streams) {
        return streams.stream()
                .mapToLong(stream -> stream.count(header -> header.isIp()
                        && header.mirrorKind != PacketHeader.MIRROR_NONE
                        && truth.localityBetween(
                                        Addresses.ip(header.family, header.sourceHigh, header.sourceLow),
                                        Addresses.ip(header.family, header.destinationHigh, header.destinationLow))
                                != null))
                .sum();
    }

    private static Map<String, Long> copies(Truth truth, List<Flow> rows) {
        Map<String, Long> sums = new TreeMap<>();
        for (Flow row : rows) {
            if (truth.localityBetween(row.getSourceAddress(), row.getDestinationAddress()) != null) {
                row.getDuplicates().forEach((name, packets) -> sums.merge(name, packets, Long::sum));
            }
        }
        return sums;
    }

    private static long copies(Flow row) {
        return row.getDuplicates().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Packets and octets by 5-tuple, direction and window, where there are any. */
    private static Map<String, Long> counts(List<Flow> rows) {
        Map<String, Long> counts = new TreeMap<>();
        for (Flow row : rows) {
            String source = row.getSourceAddress() + " " + row.getSourceTransportPort();
            String destination = row.getDestinationAddress() + " " + row.getDestinationTransportPort();
            String window = " protocol " + row.getProtocolIdentifier() + " at " + row.getWindowStart();
            String forth = source + " to " + destination + window;
            String back = destination + " to " + source + window;
            counts.merge(forth + " packets", row.getPacketDeltaCount(), Long::sum);
            counts.merge(forth + " octets", row.getOctetDeltaCount(), Long::sum);
            counts.merge(back + " packets", row.getReversePacketDeltaCount(), Long::sum);
            counts.merge(back + " octets", row.getReverseOctetDeltaCount(), Long::sum);
        }
        counts.values().removeIf(count -> count == 0);
        return counts;
    }
}
