package io.parallax.capture.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local copy of the ledger: one line of JSON a row, in {@code NAME}, the older ones in {@code NAME.1}, {@code NAME.2} and
 * so on.
 *
 * <p>A line is one write, which a killed process leaves whole or not begun; a full disk or a power cut may tear it. What is torn
 * is closed with a line end before the next row, and {@link #read} passes over it. Nothing is forced to the disk: this is a
 * convenience, the spool is what must survive a power cut.
 *
 * <p>Nothing is thrown at who appends: {@link #failures} counts the rows that are missing here. Thread-safe.
 */
public final class LedgerFile implements AutoCloseable {

    public static final long DEFAULT_OCTETS = 16L << 20;

    /** With the current one: 128 MiB, at a row of about 600 octets a second and interface two and a half days of one interface. */
    public static final int DEFAULT_FILES = 8;

    private static final Logger LOG = LoggerFactory.getLogger(LedgerFile.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Path path;
    private final long maxOctets;
    private final int files;
    private @Nullable FileChannel channel;
    private boolean isTorn;
    private boolean isFailing;
    private long failures;

    /**
     * Opens nothing yet: a folder that can't be written is a counted failure too.
     *
     * @param maxOctets of one file, above which a new one is begun
     * @param files at most, the current one included; the oldest is deleted
     */
    public LedgerFile(Path path, long maxOctets, int files) {
        if (maxOctets < 1 || files < 1) {
            throw new IllegalArgumentException(
                    "ledger of " + files + " files of " + maxOctets + " octets; allowed is 1 or more of each");
        }
        this.path = path;
        this.maxOctets = maxOctets;
        this.files = files;
    }

    /** Adds a row, or counts a failure. */
    public synchronized void append(LedgerLine line) {
        try {
            write((LedgerLineJson.of(line) + "\n").getBytes(StandardCharsets.UTF_8));
            isFailing = false;
        } catch (IOException | RuntimeException e) {
            failures++;
            isTorn = true;
            if (!isFailing) {
                LOG.warn(
                        "ledger rows are missing in {} from now on: {}; they go to Kafka all the same",
                        path,
                        e.toString());
            }
            isFailing = true;
            abandon();
        }
    }

    private void write(byte[] line) throws IOException {
        FileChannel open = opened();
        if (open.size() > 0 && open.size() + line.length > maxOctets) {
            rotate();
            open = opened();
        }
        if (isTorn) {
            writeFully(open, ByteBuffer.wrap(new byte[] {'\n'}));
        }
        isTorn = true;
        writeFully(open, ByteBuffer.wrap(line));
        isTorn = false;
    }

    private static void writeFully(FileChannel channel, ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            isTorn = endsInsideALine();
            open = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            channel = open;
        }
        return open;
    }

    private boolean endsInsideALine() throws IOException {
        if (!Files.exists(path) || Files.size(path) == 0) {
            return false;
        }
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            reading.read(last, reading.size() - 1);
            return last.get(0) != '\n';
        }
    }

    private void rotate() throws IOException {
        close();
        if (files == 1) {
            Files.delete(path);
            return;
        }
        for (int i = files - 1; i > 0; i--) {
            Path younger = numbered(i - 1);
            if (Files.exists(younger)) {
                Files.move(younger, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path numbered(int number) {
        return number == 0 ? path : path.resolveSibling(path.getFileName() + "." + number);
    }

    /** Rows that could not be written, since this was made. */
    public synchronized long failures() {
        return failures;
    }

    private void abandon() {
        try {
            close();
        } catch (IOException e) {
            LOG.debug("{} could not be closed", path, e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /** The complete lines of one file, in their order; torn ones are left out. */
    public static List<String> read(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        // Not readAllLines: it refuses what a torn line may hold.
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
            if (isComplete(line)) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static boolean isComplete(String line) {
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
