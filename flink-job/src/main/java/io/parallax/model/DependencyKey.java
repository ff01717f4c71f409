package io.parallax.model;

import java.util.Comparator;

/**
 * What names a dependency: a client entity uses a service of a server entity.
 *
 * @param client virtual machine, or the address where none is known
 * @param server virtual machine, or the address where none is known
 * @param protocol IP protocol
 * @param port the server's
 */
public record DependencyKey(String realm, String client, String server, int protocol, int port)
        implements Comparable<DependencyKey> {

    /** Stands for the entities of dependencies that had no room. */
    public static final String OTHER = "(other)";

    private static final Comparator<DependencyKey> ORDER = Comparator.comparing(DependencyKey::realm)
            .thenComparing(DependencyKey::client)
            .thenComparing(DependencyKey::server)
            .thenComparingInt(DependencyKey::protocol)
            .thenComparingInt(DependencyKey::port);

    private static final int MIX = 0x9E37_79B9;
    private static final int HALF = 16;

    /** Of the dependencies of a realm that had no room. */
    public static DependencyKey other(String realm) {
        return new DependencyKey(realm, OTHER, OTHER, 0, 0);
    }

    public boolean isOther() {
        return client.equals(OTHER);
    }

    /** The bucket, 0 to {@code buckets} - 1, in which the dependency is kept: the same in every process. */
    public int bucket(int buckets) {
        int hash = realm.hashCode();
        hash = hash * MIX + client.hashCode();
        hash = hash * MIX + server.hashCode();
        hash = hash * MIX + (protocol << HALF) + port;
        hash = (hash ^ (hash >>> HALF)) * MIX;
        hash ^= hash >>> HALF;
        return (int) (((hash & 0xFFFF_FFFFL) * buckets) >>> Integer.SIZE);
    }

    @Override
    public int compareTo(DependencyKey other) {
        return ORDER.compare(this, other);
    }
}
