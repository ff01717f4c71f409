package io.parallax.capture.doctor;

import io.parallax.capture.decode.HeaderDecoder;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The same evidence from a recording. */
public final class FileExamination {

    private FileExamination() {}

    /** Findings of each interface that the file holds. */
    public static List<Finding> of(CaptureFile capture) throws IOException {
        try (FileFrameSource source = FileFrameSource.open(capture)) {
            List<Evidence> evidence = new ArrayList<>();
            source.interfaces().forEach(name -> evidence.add(new Evidence(Surroundings.UNKNOWN)));
            HeaderDecoder decoder = new HeaderDecoder();
            Frame frame = new Frame();
            PacketHeader header = new PacketHeader();
            while (source.next(frame)) {
                evidence.get(frame.interfaceIndex).add(frame, decoder.decode(frame, header), header);
            }
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < evidence.size(); i++) {
                String name = source.sensor() + ":" + source.interfaces().get(i);
                if (evidence.get(i).frames == 0) {
                    findings.add(Finding.warning("frames", name, "none were recorded", "was it the right interface?"));
                }
                findings.addAll(FrameFindings.of(name, evidence.get(i)));
            }
            return findings;
        }
    }
}
