package io.parallax.model;

import java.util.Comparator;

/** What is known of the two ends of a dependency in a window beside their names; empty where it is not known. */
public record DependencyEnds(
        String clientApplication,
        String clientSubnet,
        String clientHost,
        String serverApplication,
        String serverSubnet,
        String serverHost,
        String locality)
        implements Comparable<DependencyEnds> {

    public static final DependencyEnds UNKNOWN = new DependencyEnds("", "", "", "", "", "", "");

    private static final Comparator<DependencyEnds> ORDER = Comparator.comparing(DependencyEnds::clientApplication)
            .thenComparing(DependencyEnds::clientSubnet)
            .thenComparing(DependencyEnds::clientHost)
            .thenComparing(DependencyEnds::serverApplication)
            .thenComparing(DependencyEnds::serverSubnet)
            .thenComparing(DependencyEnds::serverHost)
            .thenComparing(DependencyEnds::locality);

    /** @param locality label, empty where it is not determined */
    public static DependencyEnds of(Label client, Label server, String locality) {
        return new DependencyEnds(
                client.application(),
                client.subnet(),
                client.host(),
                server.application(),
                server.subnet(),
                server.host(),
                locality);
    }

    /** By text: which of two that were seen in one window is told does not depend on who came first. */
    @Override
    public int compareTo(DependencyEnds other) {
        return ORDER.compare(this, other);
    }
}
