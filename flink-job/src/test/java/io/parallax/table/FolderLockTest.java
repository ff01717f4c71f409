package io.parallax.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderLockTest {

    @TempDir
    private Path folder;

    /** Iceberg's own lock is let go of here: by the sink of any table that is done before another. */
    @Test
    void aCatalogThatIsClosedDoesNotLetGoOfTheLockThatACommitWaitsFor() throws Exception {
        TableCatalog catalog = TableCatalog.inFolder(folder.toUri().toString());
        FolderLock committing = new FolderLock();
        assertThat(committing.acquire("v2", "one")).isTrue();
        CompletableFuture<Table> other = CompletableFuture.supplyAsync(() -> catalog.ensure(TableSpecs.COMPLETENESS));
        try {
            assertThat(catalog.has(TableSpecs.FLOWS))
                    .as("opens and closes a catalog")
                    .isFalse();
            await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(() -> !other.isDone());
            assertThat(catalog.has(TableSpecs.COMPLETENESS)).isFalse();
        } finally {
            assertThat(committing.release("v2", "one")).isTrue();
        }
        other.get();
        assertThat(catalog.has(TableSpecs.COMPLETENESS)).isTrue();
    }

    @Test
    void oneCommitWaitsForTheOtherAndOnlyItsOwnerLetsGo() throws Exception {
        FolderLock one = new FolderLock();
        FolderLock other = new FolderLock();
        assertThat(one.acquire("v2", "one")).isTrue();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> other.acquire("v2", "other"));
        assertThat(other.release("v2", "other")).isFalse();
        assertThat(waiting).isNotDone();
        assertThat(one.release("v2", "one")).isTrue();
        assertThat(waiting.get()).isTrue();
        assertThat(other.release("v2", "other")).isTrue();
        assertThat(other.release("v2", "other")).as("twice").isFalse();
    }
}
