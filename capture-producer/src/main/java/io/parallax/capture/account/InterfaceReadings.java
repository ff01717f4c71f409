package io.parallax.capture.account;

/**
 * From successive readings of an interface's and the kernel's counters to what goes into the ledger.
 *
 * <p>The two cannot be read at one instant. The interface is read first, so a frame that passes in between is offered
 * without having passed: what seems to be missing is never more than what is, and as much once no frame comes in between. So
 * the greatest difference so far is the truth so far, and it never has to be taken back.
 *
 * <pre>
 *  passed the interface = offered to us + never offered       (a filter in the kernel, or the time it took to open)
 *  offered to us        = dropped for want of room + read + waiting
 * </pre>
 *
 * <p>This needs an interface that counts what it hands up: merging of segments below us (GRO, LRO) makes fewer frames of
 * what was counted, and the difference looks like frames never offered. Capture interfaces have it switched off.
 */
public final class InterfaceReadings {

    private long interfaceAtStart;
    private long interfaceSeen;
    private long droppedSeen;
    private long neverOffered;

    /**
     * Differences to the reading before.
     *
     * @param neverOffered frames that passed the interface and were not offered to this process
     * @param waiting frames in the kernel's buffer, now
     */
    public record Difference(long interfaceFrames, long kernelDropped, long neverOffered, long waiting) {}

    /** Begins anew, with an interface that is about to be opened. */
    public void start(long interfaceFrames) {
        interfaceAtStart = interfaceFrames;
        interfaceSeen = interfaceFrames;
        droppedSeen = 0;
        neverOffered = 0;
    }

    /**
     * Takes a reading.
     *
     * @param interfaceFrames the interface's own count, read before the others
     * @param offered frames that passed the kernel's filter since it was opened, dropped ones included
     * @param dropped of these, frames for which there was no room
     * @param read of these, frames that were read
     */
    public Difference read(long interfaceFrames, long offered, long dropped, long read) {
        long missing = Math.max(neverOffered, interfaceFrames - interfaceAtStart - offered);
        Difference difference = new Difference(
                Math.max(0, interfaceFrames - interfaceSeen),
                dropped - droppedSeen,
                missing - neverOffered,
                Math.max(0, offered - dropped - read));
        interfaceSeen = Math.max(interfaceSeen, interfaceFrames);
        droppedSeen = dropped;
        neverOffered = missing;
        return difference;
    }
}
