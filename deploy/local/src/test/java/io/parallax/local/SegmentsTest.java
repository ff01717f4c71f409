package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.capture.source.CaptureFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two capture VMs whose clocks are one clock: capvm1 and capvm2 ran on the same machine. */
final class SegmentsTest {

    private static final int TWO_SLOTS = 2;
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LEAST_SAMPLES = 5;

    @TempDir
    private Path folder;

    @Test
    void clocksThatAgreeAreFoundToAgree() throws Exception {
        List<GenericRecord> timed = timed(segments(Samples.COMMITTED, 0));
        assertThat(timed).isNotEmpty().allSatisfy(row -> assertThat(offset(row)).isBetween(-MILLISECOND, MILLISECOND));
        assertThat(timed).anyMatch(SegmentsTest::isBetweenSensors).anyMatch(row -> !isBetweenSensors(row));
    }

    @Test
    void aClockThatIsAheadIsFoundToBeAheadByAsMuch() throws Exception {
        areAhead(segments(Samples.COMMITTED, 1_500));
    }

    @Test
    void theWholeRecordingSaysTheSame() throws Exception {
        assumeTrue(
                Files.isDirectory(Samples.RECORDING),
                () -> Samples.RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
        areAhead(segments(Samples.RECORDING, 1_500));
    }

    /** The middle of the windows: in one of them one way may have been held up on its own, by more than a millisecond. */
    private static void areAhead(List<GenericRecord> segments) {
        long ahead = 1_500 * MILLISECOND;
        List<GenericRecord> timed = timed(segments);
        assertThat(middle(timed, true)).isBetween(ahead - MILLISECOND, ahead + MILLISECOND);
        assertThat(middle(timed, false)).as("two interfaces of one sensor").isBetween(-MILLISECOND, MILLISECOND);
    }

    private static long middle(List<GenericRecord> segments, boolean isBetweenSensors) {
        long[] offsets = segments.stream()
                .filter(row -> isBetweenSensors(row) == isBetweenSensors)
                .mapToLong(SegmentsTest::offset)
                .sorted()
                .toArray();
        assertThat(offsets).isNotEmpty();
        return offsets[offsets.length / 2];
    }

    /** With the clock of the second capture VM ahead. */
    private List<GenericRecord> segments(Path captures, long aheadMillis) throws Exception {
        List<String> shifted = new ArrayList<>();
        for (String sensor : Samples.SENSORS) {
            long ahead = sensor.startsWith("capvm2") ? TimeUnit.MILLISECONDS.toMicros(aheadMillis) : 0;
            ShiftedCapture.write(captures.resolve(sensor + ".pcap"), folder.resolve(sensor + ".pcap"), ahead);
            shifted.add(sensor);
        }
        List<CaptureFile> files = Samples.of(folder, shifted);
        OutputFolder out = OutputFolder.prepare(folder.resolve("out"));
        PrintWriter nobody = new PrintWriter(new StringWriter());
        new Analysis(files, List.of(), Duration.ofSeconds(10), TWO_SLOTS, out).run(nobody, Progress.on(nobody));
        return ParquetRows.of(out.tables().resolve("segments"));
    }

    /** A median of few says little. */
    private static List<GenericRecord> timed(List<GenericRecord> segments) {
        return segments.stream()
                .filter(row -> (long) row.get("samples") >= LEAST_SAMPLES)
                .toList();
    }

    private static boolean isBetweenSensors(GenericRecord row) {
        return !row.get("sensor_id").equals(row.get("other_sensor_id"));
    }

    private static long offset(GenericRecord row) {
        return nanos(row, "clock_offset");
    }

    private static long nanos(GenericRecord row, String field) {
        return (long) row.get(field + "_nanoseconds");
    }
}
