package io.parallax.model;

import io.parallax.wire.PacketHeader;

/**
 * Hears, beside what is counted as flows, what tells of the link itself: ARP, IPv6 neighbour discovery, DHCP servers and who
 * forwards for others. What a batch brought counts once it is {@link #take taken}; a batch that contradicts itself leaves no
 * trace.
 */
public interface LinkListener {

    /** Hears nothing. */
    LinkListener DEAF = new LinkListener() {
        @Override
        public void open(StreamName stream) {}

        @Override
        public boolean isOfLink(PacketHeader entry) {
            return false;
        }

        @Override
        public void hear(PacketHeader entry, long timeNanos, String realm) {}

        @Override
        public void take() {}

        @Override
        public void discard() {}
    };

    /** A batch of that stream begins. */
    void open(StreamName stream);

    /**
     * Whether each header of this dictionary entry is to be heard. Asked once an entry and batch, so also the place to learn
     * from addresses without a cost for each packet.
     */
    boolean isOfLink(PacketHeader entry);

    /**
     * A header was seen.
     *
     * @param entry what headers of its dictionary entry share; a view
     * @param timeNanos when, by the corrected clock of the sensor, ns since the epoch
     */
    void hear(PacketHeader entry, long timeNanos, String realm);

    /** The batch was sound: what was heard since {@link #open} counts. */
    void take();

    /** The batch was not: what was heard since {@link #open} was not said. */
    void discard();
}
