package io.parallax.capture.source;

import java.io.IOException;
import java.nio.file.Path;

/** A file is no capture that can be read: the message names the file, what was found and what is allowed. */
public final class CaptureFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    static final String ALLOWED =
            "allowed are pcap (microseconds or nanoseconds, either byte order) and pcapng, not compressed";

    CaptureFormatException(Path path, String found) {
        super(path + " is not a capture file: it " + found + "; " + ALLOWED);
    }
}
