package io.parallax.local;

import io.parallax.local.cluster.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a run puts its results.
 *
 * <pre>
 *   DIR/.parallax      says that the folder is ours; without it a folder that holds something is not touched
 *   DIR/tables/        one folder of Parquet files per table, latest revisions only; replaced by each run
 *   DIR/warehouse/     the Iceberg tables that the job wrote, all revisions; replaced by each run
 *   DIR/parallax.log   what broker, Flink and job said
 *   DIR/.work/         broker log and checkpoints while running
 * </pre>
 */
record OutputFolder(Path folder) {

    private static final String MARKER = ".parallax";
    private static final String MARKER_TEXT =
            "Written by parallax analyze. The next run with this --out replaces tables/, warehouse/ and parallax.log.\n";

    /**
     * Makes the folder ready for a new run: absent, empty or ours before, without results after.
     *
     * @throws IOException if it is somebody else's, with a message for the user
     */
    static OutputFolder prepare(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder + " is a file; --out takes a folder");
        }
        if (Files.isDirectory(folder) && !Files.exists(folder.resolve(MARKER)) && !isEmpty(folder)) {
            throw new IOException(
                    folder + " is not empty and was not written by parallax; give --out a new or an empty folder");
        }
        OutputFolder out = new OutputFolder(folder.toAbsolutePath().normalize());
        Files.createDirectories(out.folder());
        Files.writeString(out.folder().resolve(MARKER), MARKER_TEXT);
        Folders.delete(out.tables());
        Folders.delete(out.warehouse());
        Folders.delete(out.work());
        Files.createDirectories(out.tables());
        Files.createDirectories(out.work());
        return out;
    }

    Path tables() {
        return folder.resolve("tables");
    }

    Path warehouse() {
        return folder.resolve("warehouse");
    }

    Path work() {
        return folder.resolve(".work");
    }

    Path log() {
        return folder.resolve("parallax.log");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }
}
