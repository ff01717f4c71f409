package io.parallax.label;

/**
 * Which MAC addresses were seen with an IP address: they tell holders of one address apart. Mutable and reused.
 *
 * <p>A router puts its own MAC address on what it forwards, so not every one is the holder's. The sender's is, where the time
 * to live is one that hosts send with: nobody has forwarded that packet.
 */
public final class MacEvidence {

    private static final int MOST = 16;

    private final long[] seen = new long[MOST];
    private int size;
    private long sender = Tenure.NO_MAC;
    private boolean isContradicted;

    public void clear() {
        size = 0;
        sender = Tenure.NO_MAC;
        isContradicted = false;
    }

    /** {@code mac} stood with the IP address in a frame, the holder's or a router's. */
    public void add(long mac) {
        if (size < MOST && !has(mac)) {
            seen[size++] = mac;
        }
    }

    /** {@code mac} sent from the IP address, and nobody had forwarded it. */
    public void addSender(long mac) {
        add(mac);
        isContradicted |= sender != Tenure.NO_MAC && sender != mac;
        sender = mac;
    }

    boolean has(long mac) {
        for (int i = 0; i < size; i++) {
            if (seen[i] == mac) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody was seen sending from the IP address without having been forwarded. */
    boolean isSilent() {
        return sender == Tenure.NO_MAC;
    }

    /** The one that sent, {@link Tenure#NO_MAC} when none or more than one did. */
    long sender() {
        return isContradicted ? Tenure.NO_MAC : sender;
    }
}
