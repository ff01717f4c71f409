package io.parallax.label;

import java.util.List;

/**
 * An interface of a virtual machine in an interval of time: the addresses and the MAC address that it held, and where it was.
 * Texts that are not known are empty.
 *
 * @param realm routing domain of the addresses
 * @param from beginning, ns since the epoch, inclusive; {@code Long.MIN_VALUE}: always
 * @param to end, ns, exclusive; {@code Long.MAX_VALUE}: until further notice
 * @param mac of the interface; {@link #NO_MAC}: not known
 * @param addresses may be none: the interface is recognised by its MAC address
 */
public record Tenure(
        String realm,
        long from,
        long to,
        long mac,
        List<Address> addresses,
        String virtualMachine,
        String uuid,
        String application,
        String host,
        String portGroup) {

    public static final long NO_MAC = -1;

    public Tenure {
        addresses = List.copyOf(addresses);
    }

    /** Whether it holds at some time from {@code first} to {@code last}, both inclusive. */
    boolean overlaps(long first, long last) {
        return from <= last && first < to;
    }

    /** Whether it holds all the time from {@code first} to {@code last}. */
    boolean covers(long first, long last) {
        return from <= first && last < to;
    }

    boolean isOfSameMachine(Tenure other) {
        return virtualMachine.equals(other.virtualMachine) && uuid.equals(other.uuid);
    }
}
