package io.parallax.matrix;

/** What a cell adds up: positions in its array of sums, and in checkpoints; they never change. */
public final class Measure {

    public static final int PACKETS = 0;
    public static final int OCTETS = 1;
    public static final int FLOWS_OPENED = 2;
    public static final int FLOWS_REFUSED = 3;
    public static final int FLOWS_UNANSWERED = 4;

    /** TCP payload that the source sent again, octets. */
    public static final int RETRANSMITTED = 5;

    /** Observations of the source's packets that were copies, packets. */
    public static final int DUPLICATES = 6;

    /** Octets of the flows that the source initiated that nobody saw, both directions. */
    public static final int MISSED = 7;

    /** Octets seen, both directions, of the flows that the source initiated and of which it is known what was missed. */
    public static final int ASSESSED = 8;

    /** By how much the revisions of flow rows grew; no unit. */
    public static final int REVISION = 9;

    /** How many there are. */
    static final int COUNT = 10;

    private Measure() {}
}
