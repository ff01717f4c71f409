package io.parallax.capture.doctor;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * What the frames of one interface are held against.
 *
 * @param ownMac hardware address of the interface in the low 48 bits; 0: not known, as in a recording
 * @param mtuOctets of the interface; 0: not known
 * @param ownAddresses of this machine; empty: not known
 * @param brokers where our own traffic goes; empty: not known
 */
public record Surroundings(long ownMac, int mtuOctets, Set<InetAddress> ownAddresses, Set<InetSocketAddress> brokers) {

    /** Of a recording: it says nothing of where it was made. */
    public static final Surroundings UNKNOWN = new Surroundings(0, 0, Set.of(), Set.of());

    public Surroundings {
        ownAddresses = Set.copyOf(ownAddresses);
        brokers = Set.copyOf(brokers);
    }

    boolean isOwn(String source, int sourcePort, String destination, int destinationPort) {
        return isOwnWay(source, destination, destinationPort) || isOwnWay(destination, source, sourcePort);
    }

    private boolean isOwnWay(String here, String there, int port) {
        return brokers.stream()
                        .anyMatch(broker -> broker.getPort() == port
                                && broker.getAddress() != null
                                && broker.getAddress().getHostAddress().equals(there))
                && ownAddresses.stream().anyMatch(own -> own.getHostAddress().equals(here));
    }
}
