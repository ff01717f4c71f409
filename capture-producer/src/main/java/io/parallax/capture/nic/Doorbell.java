package io.parallax.capture.nic;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;

/**
 * Waits for a file descriptor to become readable, for a time, or until somebody rings.
 *
 * <p>poll(2) over the descriptor and an eventfd(2). libpcap alone has no wait that ends: with a ring of kernel 3.19 or later it
 * waits for the first frame however long that takes, whatever the read timeout says.
 *
 * <p>{@link #ring} may be called from any thread, at any time; the rest in one thread.
 */
final class Doorbell implements AutoCloseable {

    private static final int POLLFD_OCTETS = 8;
    private static final int EVENTS = 4;
    private static final int REVENTS = 6;
    private static final NativeLong COUNT_OCTETS = new NativeLong(8);
    private static final NativeLong DESCRIPTORS = new NativeLong(2);

    private final Memory descriptors = new Memory(2 * POLLFD_OCTETS);
    private final Memory count = new Memory(COUNT_OCTETS.longValue());
    private final Memory one = new Memory(COUNT_OCTETS.longValue());
    private final int bell;
    private boolean closed;

    Doorbell(int descriptor) {
        bell = LibC.eventfd(0, LibC.EFD_NONBLOCK_CLOEXEC);
        one.setLong(0, 1);
        watch(0, descriptor);
        watch(POLLFD_OCTETS, bell);
    }

    private void watch(int offset, int descriptor) {
        descriptors.setInt(offset, descriptor);
        descriptors.setShort(offset + EVENTS, LibC.POLLIN);
    }

    /** True if the descriptor has something to read, or an error to tell. */
    boolean await(int atMostMillis) {
        try {
            if (LibC.poll(descriptors, DESCRIPTORS, atMostMillis) == 0) {
                return false;
            }
        } catch (LastErrorException e) {
            if (e.getErrorCode() == LibC.EINTR) {
                return false;
            }
            throw e;
        }
        if (descriptors.getShort(POLLFD_OCTETS + REVENTS) != 0) {
            LibC.read(bell, count, COUNT_OCTETS);
        }
        return descriptors.getShort(REVENTS) != 0;
    }

    /** Ends the wait under way, or the next one. */
    synchronized void ring() {
        if (!closed) {
            LibC.write(bell, one, COUNT_OCTETS);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LibC.close(bell);
        }
    }
}
