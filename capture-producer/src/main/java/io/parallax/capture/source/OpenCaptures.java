package io.parallax.capture.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Several capture files, opened together and closed together. */
public final class OpenCaptures implements AutoCloseable {

    private final List<FileFrameSource> sources = new ArrayList<>();

    private OpenCaptures() {}

    /** Opens all of {@code files}, or none: the first that cannot be opened closes the others. */
    public static OpenCaptures of(List<CaptureFile> files) throws IOException {
        OpenCaptures open = new OpenCaptures();
        try {
            for (CaptureFile file : files) {
                open.sources.add(FileFrameSource.open(file));
            }
            return open;
        } catch (IOException | RuntimeException e) {
            open.close();
            throw e;
        }
    }

    public List<FileFrameSource> sources() {
        return List.copyOf(sources);
    }

    public long frames() {
        return sources.stream().mapToLong(FileFrameSource::frames).sum();
    }

    @Override
    public void close() throws IOException {
        for (FileFrameSource source : sources) {
            source.close();
        }
    }
}
