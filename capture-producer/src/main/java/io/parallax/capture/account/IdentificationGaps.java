package io.parallax.capture.account;

/**
 * Estimates what one sender's mirror packets lost, from the identification of their outer IPv4 header: many stacks count
 * it up by one for each packet. Rather an upper bound, since whatever else the sender sends may share the counter.
 *
 * <p>Trusted only while the identification advances as a counter of our packets does. Doubt grows when it stays (a stack
 * that leaves 0 where fragmentation is forbidden, RFC 6864), when it jumps, and with each gap by half its width, and shrinks
 * by one with each step of one: so a third of the packets may be lost, and a burst now and then, but a counter of which half
 * is missing belongs to others too. A distributed switch's sample (public/tunnels/deepflow-vmware-gre-teb: two keys on
 * one counter, 42 steps of one and 14 of up to 74 among 57 packets) is not trusted.
 */
final class IdentificationGaps {

    private static final int WINDOW = 256;
    private static final int MOST_FORWARD = 255;
    private static final int MOST_BACKWARD = 64;

    private static final int TRUSTED_BELOW = 16;
    private static final int DOUBT_OF_A_JUMP = 2 * TRUSTED_BELOW - 1;
    private static final int MOST_DOUBT = 4 * TRUSTED_BELOW;

    private final SequenceWindow window = new SequenceWindow(WINDOW);
    private int highest;
    private boolean isOpen;
    private int doubt = DOUBT_OF_A_JUMP;

    /**
     * Takes the identification of a mirror packet.
     *
     * @return packets now found lost, as far as the counter is trusted
     */
    long accept(int identification) {
        if (!isOpen) {
            isOpen = true;
            beginAt(identification);
            return 0;
        }
        int step = (short) (identification - highest);
        if (step < -MOST_BACKWARD || step > MOST_FORWARD) {
            doubt = Math.min(MOST_DOUBT, doubt + DOUBT_OF_A_JUMP);
            beginAt(identification);
            return 0;
        }
        doubt = Math.max(0, Math.min(MOST_DOUBT, doubt + doubtOf(step)));
        window.accept(highest + step);
        highest += Math.max(0, step);
        return takeTrusted();
    }

    private static int doubtOf(int step) {
        if (step == 0) {
            return 1;
        }
        return step <= 1 ? -1 : Math.min(DOUBT_OF_A_JUMP, step / 2);
    }

    private void beginAt(int identification) {
        window.forget();
        window.accept(identification);
        highest = identification;
    }

    private long takeTrusted() {
        long lost = window.takeLost();
        return isTrusted() ? lost : 0;
    }

    /** Whether the identifications advance as a counter does. */
    boolean isTrusted() {
        return doubt < TRUSTED_BELOW;
    }

    /** Gives up waiting; returns what is then found lost. */
    long finish() {
        window.finish();
        isOpen = false;
        return takeTrusted();
    }
}
