package io.parallax.capture.spool;

import io.parallax.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Records whose content follows from their number, and journals of small segments. */
final class Records {

    static final int SEGMENT_OCTETS = 1 << 10;

    private Records() {}

    /** The value is {@code octets} long, and random. */
    static SpoolRecord record(int number, int octets) {
        byte[] value = new byte[octets];
        new Random(number).nextBytes(value);
        return new SpoolRecord(Topics.PACKET_HEADERS, "vm1/eth" + number % 3 + "/0", "record-" + number, value);
    }

    static SpoolRecord ledgerRow(int number, int octets) {
        return new SpoolRecord(
                Topics.CAPTURE_LEDGER,
                "vm1/eth0/0",
                "row-" + number,
                record(number, octets).value());
    }

    static int numberOf(SpoolRecord record) {
        return Integer.parseInt(record.key().substring(record.key().indexOf('-') + 1));
    }

    static boolean isAsMade(SpoolRecord record) {
        SpoolRecord made = record(numberOf(record), record.value().length);
        return made.topic().equals(record.topic())
                && made.streamId().equals(record.streamId())
                && made.key().equals(record.key())
                && Arrays.equals(made.value(), record.value());
    }

    static SpoolOptions options(int capSegments, Fsync fsync) {
        return new SpoolOptions(
                Path.of("simulated"),
                (long) capSegments * SEGMENT_OCTETS,
                SEGMENT_OCTETS,
                fsync,
                Duration.ofSeconds(1));
    }

    /** Numbers of all entries that can be read now. */
    static List<Integer> numbers(Spool spool) {
        return entries(spool).stream().map(entry -> numberOf(entry.record())).toList();
    }

    static List<SpoolEntry> entries(Spool spool) {
        List<SpoolEntry> entries = new ArrayList<>();
        for (SpoolEntry entry = spool.next(); entry != null; entry = spool.next()) {
            entries.add(entry);
        }
        return entries;
    }
}
