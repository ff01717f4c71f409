package io.parallax.capture.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames of a capture file.
 *
 * <p>Opening it walks all record headers once: that is what makes the low watermark exact and the progress known. It
 * costs a few nanoseconds a frame and brings the file into the page cache for the pass that follows.
 *
 * <p>A file with one interface is one stream under the file's interface name; several become streams
 * {@code INTERFACE.NAME} each.
 */
public final class FileFrameSource implements FrameSource {

    private static final int MAGIC_OCTETS = 4;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int PCAP_MODIFIED_MAGIC = 0xa1b2cd34;

    private final CaptureFile file;
    private final FileWindow window;
    private final RecordReader reader;
    private final List<String> interfaces;
    private final List<LowWatermarks> watermarks = new ArrayList<>();
    private long frames;
    private long octets;
    private long unreadOctets;

    private FileFrameSource(CaptureFile file, FileWindow window) throws IOException {
        this.file = file;
        this.window = window;
        this.reader = readerOf(file.path(), window);
        survey();
        this.interfaces = names(file.interfaceName(), reader.labels());
    }

    /**
     * Opens the file and surveys it.
     *
     * @throws CaptureFormatException if it is no capture
     */
    public static FileFrameSource open(CaptureFile file) throws IOException {
        if (!Files.isRegularFile(file.path())) {
            throw new IOException(
                    file.path() + (Files.exists(file.path()) ? " is not a regular file" : " does not exist"));
        }
        FileWindow window = new FileWindow(file.path());
        try {
            return new FileFrameSource(file, window);
        } catch (IOException | RuntimeException e) {
            window.close();
            throw e;
        }
    }

    private static RecordReader readerOf(Path path, FileWindow window) throws IOException {
        if (!window.holds(0, MAGIC_OCTETS)) {
            throw new CaptureFormatException(path, "has " + window.size() + " octets");
        }
        int at = window.locate(0, MAGIC_OCTETS);
        int magic = window.buffer().getInt(at);
        if (PcapReader.recognizes(magic)) {
            return new PcapReader(path, window);
        }
        if (magic == PcapngReader.SECTION_HEADER) {
            return new PcapngReader(path, window);
        }
        throw new CaptureFormatException(path, found(magic));
    }

    private static String found(int magic) {
        String start = "starts with the octets %08x".formatted(magic);
        if (magic >>> 16 == GZIP_MAGIC) {
            return start + " (gzip)";
        }
        if (magic == PCAP_MODIFIED_MAGIC || magic == Integer.reverseBytes(PCAP_MODIFIED_MAGIC)) {
            return start + " (pcap with modified record headers)";
        }
        return start;
    }

    private void survey() throws IOException {
        Frame frame = new Frame();
        while (reader.next(frame)) {
            while (frame.interfaceIndex >= watermarks.size()) {
                watermarks.add(new LowWatermarks());
            }
            watermarks.get(frame.interfaceIndex).add(frame.timeNanos);
            frames++;
            octets += frame.originalOctets;
        }
        while (watermarks.size() < reader.labels().size()) {
            watermarks.add(new LowWatermarks());
        }
        watermarks.forEach(LowWatermarks::fold);
        unreadOctets = reader.unreadOctets();
        reader.rewind();
    }

    private static List<String> names(String interfaceName, List<String> labels) {
        return labels.size() == 1
                ? List.of(interfaceName)
                : labels.stream().map(label -> interfaceName + "." + label).toList();
    }

    @Override
    public boolean next(Frame frame) throws IOException {
        if (!reader.next(frame)) {
            return false;
        }
        watermarks.get(frame.interfaceIndex).delivered(frame.timeNanos);
        return true;
    }

    public CaptureFile file() {
        return file;
    }

    @Override
    public String sensor() {
        return file.sensor();
    }

    @Override
    public List<String> interfaces() {
        return interfaces;
    }

    @Override
    public long lowWatermarkNanos(int interfaceIndex) {
        return watermarks.get(interfaceIndex).nanos();
    }

    @Override
    public long frames() {
        return frames;
    }

    @Override
    public long frames(int interfaceIndex) {
        return watermarks.get(interfaceIndex).frames();
    }

    @Override
    public long octets() {
        return octets;
    }

    @Override
    public boolean truncatedAtEnd() {
        return unreadOctets > 0;
    }

    @Override
    public long unreadOctets() {
        return unreadOctets;
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
