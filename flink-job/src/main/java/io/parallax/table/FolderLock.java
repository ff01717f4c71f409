package io.parallax.table;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.LockManager;
import org.jspecify.annotations.Nullable;

/**
 * One commit at a time in this JVM, for tables whose state is kept by renaming files in a folder.
 *
 * <p>Iceberg's own lock for that is shared by all catalogs of a JVM, and any catalog that is closed lets go of the locks of all
 * others ({@code LockManagers.InMemoryLockManager.close}, 1.11.0). Where a job ends, sinks close their catalogs while others
 * commit: those then said "Cannot find lock for entity", and two commits to one table could have met. A commit holds the lock
 * for a look and a rename, so one for all tables is enough. Made by name, by Iceberg.
 */
final class FolderLock implements LockManager {

    private static final long LONGEST_WAIT_SECONDS = 180;

    private static final Semaphore FREE = new Semaphore(1, true);

    private static volatile @Nullable String holder;

    @Override
    public void initialize(Map<String, String> properties) {
        // There is nothing to choose.
    }

    /** @return false if it was held by others for too long; Iceberg then tries the commit again */
    @Override
    public boolean acquire(String state, String owner) {
        try {
            if (!FREE.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        holder = state + owner;
        return true;
    }

    /** Is called by whoever did not get the lock, too. */
    @Override
    public boolean release(String state, String owner) {
        if (!Objects.equals(holder, state + owner)) {
            return false;
        }
        holder = null;
        FREE.release();
        return true;
    }

    @Override
    public void close() {
        // Whoever holds the lock lets go of it.
    }
}
