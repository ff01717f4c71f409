package io.parallax.capture.spool;

import java.io.IOException;
import java.util.List;

/**
 * The folder of the journal, and all that the journal may ask of it; so that tests can take the power away between any two
 * octets. Thread-safe.
 */
interface Disk extends AutoCloseable {

    /** Keeps other processes out until {@link #close}. */
    void lock() throws IOException;

    /** Names of the files, in no order. */
    List<String> list() throws IOException;

    /** Opens a file for reading and writing; makes it if absent. */
    DiskFile open(String name) throws IOException;

    /** Removes a file. Whoever has it open can go on reading. */
    void delete(String name) throws IOException;

    /** Returns once files made and removed so far stay so after a power cut. Their content is {@link DiskFile#sync}'s. */
    void syncFolder() throws IOException;

    @Override
    void close() throws IOException;
}
