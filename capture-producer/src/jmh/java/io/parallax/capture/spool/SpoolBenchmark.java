package io.parallax.capture.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds and octets allocated per record through the journal (append, read, acknowledge, removal of old segments),
 * against the plain writing of as many octets to a file, and against plain writing and reading.
 *
 * <p>Guards the decision that every record goes by way of the disk, in calm times too: one path, always in use. The journal
 * adds two passes of CRC-32C and one copy to what the file costs. No syncs: they are the disk's time, not ours.
 */
@SuppressWarnings("NullAway.Init") // JMH calls open first
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SpoolBenchmark {

    private static final long FILE_OCTETS = 64 << 20;

    @Param({"65536", "524288"})
    public int recordOctets;

    private Path folder;
    private Spool spool;
    private SpoolRecord record;
    private FileChannel channel;
    private ByteBuffer octets;
    private ByteBuffer back;
    private long offset;

    @Setup(Level.Iteration)
    public void open() throws IOException {
        folder = Files.createTempDirectory("spool-benchmark");
        SpoolOptions options = new SpoolOptions(
                folder.resolve("spool"), 1L << 30, (int) FILE_OCTETS, Fsync.NEVER, Duration.ofSeconds(1));
        spool = Spool.open(options, new SilentListener());
        byte[] value = new byte[recordOctets];
        new Random(1).nextBytes(value);
        record = new SpoolRecord("packet-headers", "vm1/eth0/0", "vm1/eth0/0", value);
        channel = FileChannel.open(
                folder.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        octets = ByteBuffer.allocateDirect(recordOctets).put(value);
        back = ByteBuffer.allocateDirect(recordOctets);
        offset = 0;
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        channel.close();
        spool.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public SpoolEntry throughTheJournal() {
        if (!spool.append(record, 0)) {
            throw new IllegalStateException("refused: " + spool.counts());
        }
        SpoolEntry entry = spool.next();
        if (entry == null) {
            throw new IllegalStateException("not there: " + spool.counts());
        }
        spool.acknowledge(entry.nextPosition());
        return entry;
    }

    /** Begins anew where the journal would begin another file. */
    @Benchmark
    public int plainAppend() throws IOException {
        if (offset >= FILE_OCTETS) {
            channel.truncate(0);
            offset = 0;
        }
        octets.clear();
        int written = channel.write(octets, offset);
        offset += written;
        return written;
    }

    @Benchmark
    public int plainAppendAndRead() throws IOException {
        int written = plainAppend();
        back.clear();
        return channel.read(back, offset - written);
    }

    private static final class SilentListener implements SpoolListener {

        @Override
        public void truncated(String file, long cutOctets, String why) {}

        @Override
        public void skipped(String file, long lostOctets, String why) {}

        @Override
        public void diskFailed(String why) {}

        @Override
        public void diskWorks() {}
    }
}
