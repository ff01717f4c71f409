package io.parallax.capture.source;

import java.io.IOException;
import java.util.List;

/** One file format: walks the records of a {@link FileWindow}, reading record headers but no frame octets. */
interface RecordReader {

    /**
     * The most octets a frame may have; libpcap's MAXIMUM_SNAPLEN. A record that claims more is damage, and since a record
     * says where the next one starts, nothing behind it can be trusted.
     */
    int MAX_FRAME_OCTETS = 262_144;

    /** Fills {@code frame} from the next record; false at the end or where the file is cut off or damaged. */
    boolean next(Frame frame) throws IOException;

    /** Back to the first record. */
    void rewind();

    /** Names of the interfaces met so far, without the file's own; at the index that {@link Frame#interfaceIndex} uses. */
    List<String> labels();

    /** Octets of the file behind the last record that could be read. */
    long unreadOctets();
}
