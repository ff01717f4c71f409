package io.parallax.capture.spool;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. One thread may write while another one reads octets that were written before. */
interface DiskFile extends AutoCloseable {

    /** Writes all that remains in {@code octets}. A failure may leave any beginning of it in the file. */
    void write(ByteBuffer octets, long offset) throws IOException;

    /** Reads as many octets as fit into {@code octets} and are there. */
    void read(ByteBuffer octets, long offset) throws IOException;

    long size() throws IOException;

    void truncate(long size) throws IOException;

    /** Returns once the content stays after a power cut. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
}
