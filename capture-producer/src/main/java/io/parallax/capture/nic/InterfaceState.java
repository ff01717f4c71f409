package io.parallax.capture.nic;

/**
 * An interface as {@code /sys/class/net/NAME} shows it; for people to look at, as sysfs belongs to the network namespace in
 * which it was mounted.
 *
 * @param up the administrator wants it up (IFF_UP)
 * @param promiscuous somebody listens to everything (IFF_PROMISC), an open capture included
 * @param operational RFC 2863 state: {@code up}, {@code down}, {@code unknown} (loopback and tunnels), ...
 * @param mtuOctets of the payload of a frame
 * @param missed frames the device had no room for (rx_missed_errors)
 */
public record InterfaceState(
        String name, int index, boolean up, boolean promiscuous, String operational, int mtuOctets, long missed) {}
