package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {

    @TempDir
    Path folder;

    @Test
    void aSecondRunReplacesTheTablesAndNothingElse() throws Exception {
        OutputFolder first = OutputFolder.prepare(folder.resolve("new/out"));
        Files.writeString(
                Files.createDirectories(first.tables().resolve("flows")).resolve("old.parquet"), "old");
        Files.writeString(
                Files.createDirectories(first.warehouse().resolve("parallax/flows/metadata"))
                        .resolve("v1.metadata.json"),
                "old");
        Path notes = Files.writeString(first.folder().resolve("notes.txt"), "mine");

        OutputFolder second = OutputFolder.prepare(folder.resolve("new/out"));

        assertThat(second.tables()).isEmptyDirectory();
        assertThat(second.warehouse()).as("made by the job").doesNotExist();
        assertThat(second.work()).isEmptyDirectory();
        assertThat(notes).hasContent("mine");
    }

    @Test
    void anEmptyFolderIsTaken() throws Exception {
        assertThat(OutputFolder.prepare(folder).tables()).exists();
    }

    @Test
    void aFileIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertThatThrownBy(() -> OutputFolder.prepare(file)).hasMessageContaining("is a file");
        assertThat(file).hasContent("text");
    }
}
