package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The services at which a host logs in and that matter most: those where guessing was found, then those with most evidence. Of
 * the others the one with least makes room.
 */
public final class BruteForceMemory implements Memory {

    static final int MOST_EDGES = 5;
    static final int MOST_SPRAYS = 3;

    /** After guessing a session that works is looked for so long. */
    static final long SUCCESS_NANOS = TimeUnit.HOURS.toNanos(1);

    /** The slowest that settings let evidence wear off. */
    private static final double NATS_PER_HOUR = 2;

    /** A service with no evidence is kept to tell its long sessions from new ones. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final int VERSION = 1;

    final List<LoginEdge> edges = new ArrayList<>(2);
    final List<LoginSpray> sprays = new ArrayList<>(1);

    /** When a session is to be judged, ns. */
    long judgedAt = NEVER;

    LoginEdge edge(String peer, int port, long time) {
        for (int i = 0; i < edges.size(); i++) {
            LoginEdge edge = edges.get(i);
            if (edge.port == port && edge.peer.equals(peer)) {
                return edge;
            }
        }
        if (edges.size() == MOST_EDGES) {
            edges.remove(least(time));
        }
        LoginEdge added = new LoginEdge(peer, port);
        edges.add(added);
        return added;
    }

    /** Of two alike the newer one: else hosts that take turns would all be forgotten in turn. */
    private int least(long time) {
        int least = 0;
        for (int i = 1; i < edges.size(); i++) {
            if (worth(edges.get(i), time) <= worth(edges.get(least), time)) {
                least = i;
            }
        }
        return least;
    }

    private static double worth(LoginEdge edge, long time) {
        if (edge.sessionStart != LoginEdge.NONE) {
            return Short.MAX_VALUE;
        }
        return edge.walk.worn(BruteForceDetector.WEAR.value()) <= time ? 0 : edge.walk.nats;
    }

    LoginSpray spray(int port) {
        int least = 0;
        for (int i = 0; i < sprays.size(); i++) {
            if (sprays.get(i).port == port) {
                return sprays.get(i);
            }
            least = sprays.get(i).walk.nats < sprays.get(least).walk.nats ? i : least;
        }
        if (sprays.size() == MOST_SPRAYS) {
            sprays.remove(least);
        }
        LoginSpray added = new LoginSpray(port);
        sprays.add(added);
        return added;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(judgedAt);
        out.writeByte(edges.size());
        for (LoginEdge edge : edges) {
            edge.writeTo(out);
        }
        out.writeByte(sprays.size());
        for (LoginSpray spray : sprays) {
            spray.writeTo(out);
        }
    }

    static BruteForceMemory read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("memory of logins has version " + version + ", known is " + VERSION);
        }
        BruteForceMemory memory = new BruteForceMemory();
        memory.judgedAt = in.readLong();
        for (int i = in.readUnsignedByte(); i > 0; i--) {
            memory.edges.add(LoginEdge.read(in));
        }
        for (int i = in.readUnsignedByte(); i > 0; i--) {
            memory.sprays.add(LoginSpray.read(in));
        }
        return memory;
    }

    @Override
    public long due() {
        return judgedAt;
    }

    @Override
    public long expires() {
        long latest = Long.MIN_VALUE;
        for (LoginEdge edge : edges) {
            long idle = edge.walk.time + IDLE_NANOS;
            latest = Math.max(latest, Math.max(idle, edge.walk.worn(NATS_PER_HOUR)));
            latest = Math.max(latest, edge.guessed == LoginEdge.NONE ? latest : edge.guessed + SUCCESS_NANOS);
        }
        for (LoginSpray spray : sprays) {
            latest = Math.max(latest, spray.walk.worn(NATS_PER_HOUR));
        }
        return latest;
    }
}
