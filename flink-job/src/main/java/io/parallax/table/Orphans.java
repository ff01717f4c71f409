package io.parallax.table;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.util.FileSystemWalker;

/**
 * Deletes files below a table's folder that no state of it knows: what a crash leaves that came between a file and its commit.
 *
 * <p>A file that is still to be committed is not told from one that never will be, but by its age. What is listed, and what the
 * states need, is asked of Iceberg's own code. Paths are compared without scheme and authority, so that {@code file:/a} is
 * {@code file:///a}; memory is that of all paths of the table.
 */
final class Orphans {

    private final Table table;

    Orphans(Table table) {
        this.table = table;
    }

    /**
     * Deletes what was last changed before the instant and belongs to no state; returns how many files that were. A store that
     * cannot list files keeps them.
     *
     * @throws IllegalStateException if a data file of the table is not found where the table's files are listed: then paths
     *     are not written alike, any file would look like an orphan, and none is touched
     */
    int removeOlderThan(Instant instant) throws IOException {
        if (!(table.io() instanceof SupportsPrefixOperations store)) {
            return 0;
        }
        Set<String> unseen = dataFiles();
        Map<String, String> old = new HashMap<>();
        List<String> seen = new ArrayList<>();
        FileSystemWalker.listDirRecursivelyWithFileIO(
                store,
                table.location(),
                table.specs(),
                file -> {
                    seen.add(path(file.location()));
                    return file.createdAtMillis() < instant.toEpochMilli();
                },
                location -> old.put(path(location), location));
        seen.forEach(unseen::remove);
        if (!unseen.isEmpty()) {
            throw new IllegalStateException("%d data files of %s are not below %s, such as %s"
                    .formatted(
                            unseen.size(),
                            table.name(),
                            table.location(),
                            unseen.iterator().next()));
        }
        table.refresh(); // a commit that came after a long outage makes old files part of the table
        old.keySet().removeAll(dataFiles());
        old.keySet().removeAll(stateFiles());
        old.values().forEach(store::deleteFile);
        return old.size();
    }

    /** Of all states that are not forgotten. */
    private Set<String> dataFiles() throws IOException {
        Set<String> files = new HashSet<>();
        for (ManifestFile manifest : manifests().values()) {
            try (CloseableIterable<String> paths = ManifestFiles.readPaths(manifest, table.io(), table.specs())) {
                paths.forEach(file -> files.add(path(file)));
            }
        }
        return files;
    }

    private Set<String> stateFiles() {
        Set<String> files = new HashSet<>(manifests().keySet());
        files.add(path(ReachableFileUtil.versionHintLocation(table)));
        ReachableFileUtil.metadataFileLocations(table, false).forEach(file -> files.add(path(file)));
        ReachableFileUtil.manifestListLocations(table).forEach(file -> files.add(path(file)));
        ReachableFileUtil.statisticsFilesLocations(table).forEach(file -> files.add(path(file)));
        return files;
    }

    private Map<String, ManifestFile> manifests() {
        Map<String, ManifestFile> manifests = new HashMap<>();
        for (Snapshot state : table.snapshots()) {
            state.allManifests(table.io()).forEach(manifest -> manifests.put(path(manifest.path()), manifest));
        }
        return manifests;
    }

    private static String path(String location) {
        return new Path(location).toUri().getPath();
    }
}
