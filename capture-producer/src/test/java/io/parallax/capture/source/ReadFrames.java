package io.parallax.capture.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All frames of a file, copied. */
record ReadFrames(FileFrameSource source, List<Copy> frames) {

    record Copy(long timeNanos, int interfaceIndex, int linkType, int originalOctets, List<Byte> octets) {}

    static ReadFrames of(Path folder, String name, byte[] file) throws IOException {
        Path path = Files.write(folder.resolve(name), file);
        try (FileFrameSource source = FileFrameSource.open(CaptureFile.named(path))) {
            List<Copy> frames = new ArrayList<>();
            Frame frame = new Frame();
            while (source.next(frame)) {
                frames.add(copy(frame));
            }
            return new ReadFrames(source, frames);
        }
    }

    static Copy copy(Frame frame) {
        byte[] octets = new byte[frame.capturedOctets];
        frame.octets.get(frame.offset, octets);
        return new Copy(frame.timeNanos, frame.interfaceIndex, frame.linkType, frame.originalOctets, list(octets));
    }

    static List<Byte> list(byte[] octets) {
        List<Byte> list = new ArrayList<>();
        for (byte octet : octets) {
            list.add(octet);
        }
        return list;
    }
}
