package io.parallax.model;

/**
 * What to add to one cell of the matrix: the difference between two revisions of a flow row in one direction. Counts may
 * be negative when a revision takes something back.
 *
 * <p>Mutable and reused.
 */
public final class MatrixDelta {

    public MatrixLevel level = MatrixLevel.ADDRESS;
    public String realm = "";

    /** Start of the window, nanoseconds since the epoch. */
    public long windowStart;

    /** {@link io.parallax.wire.PacketHeader#FAMILY_IPV4} or {@code FAMILY_IPV6}. */
    public int family;

    /** Sender: an address, or the network address of a subnet, as the level says. */
    public long sourceHigh;

    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;

    public long packets;
    public long octets;
    public long flowsOpened;

    /** By how much the revision of the flow row grew, above 0: a cell's revision is the sum, whatever the order. */
    public long revision;
}
