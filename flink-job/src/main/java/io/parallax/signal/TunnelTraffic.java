package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What a host exchanged in the last window with servers of names, and with those that it pings. */
final class TunnelTraffic implements Memory {

    /** A host asks two or three resolvers; one that asks more is a resolver, and the busiest stay. */
    static final int MOST_PEERS = 6;

    /** Longer than an episode's pause; there is nothing else to remember. */
    static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final int VERSION = 1;

    final Peer[] peers = new Peer[MOST_PEERS];
    int count;

    /** One window with one of them. */
    static final class Peer {
        long host;
        boolean isDns;
        long window;
        long packets;
        long octets;
        long reversePackets;
        long reverseOctets;
        long mostOfFlow;
        long first;
        long since;

        /** Mean octets of an IP packet to the peer. */
        double meanOut() {
            return (double) octets / Math.max(1, packets);
        }

        /** Mean octets of an IP packet from the peer. */
        double meanIn() {
            return (double) reverseOctets / Math.max(1, reversePackets);
        }

        void turnTo(long next, long flowStart) {
            if (next - window >= KEPT_NANOS) {
                since = 0;
            }
            window = next;
            packets = 0;
            octets = 0;
            reversePackets = 0;
            reverseOctets = 0;
            mostOfFlow = 0;
            first = flowStart;
        }
    }

    /** The entry of the peer in the window, made where there is none. */
    Peer peer(long host, boolean isDns, long window, long flowStart) {
        for (int i = 0; i < count; i++) {
            if (peers[i].host == host && peers[i].isDns == isDns) {
                if (peers[i].window < window) {
                    peers[i].turnTo(window, flowStart);
                }
                return peers[i];
            }
        }
        Peer peer = new Peer();
        peer.host = host;
        peer.isDns = isDns;
        peer.window = window;
        peer.first = flowStart;
        peers[count < MOST_PEERS ? count++ : leastOf()] = peer;
        return peer;
    }

    /** The oldest goes, and of those of the same window the one that least was sent to. */
    private int leastOf() {
        int least = 0;
        for (int i = 1; i < count; i++) {
            boolean isLess = peers[i].window == peers[least].window
                    ? peers[i].octets < peers[least].octets
                    : peers[i].window < peers[least].window;
            least = isLess ? i : least;
        }
        return least;
    }

    @Override
    public long due() {
        return NEVER;
    }

    @Override
    public long expires() {
        long last = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            last = Math.max(last, peers[i].window + KEPT_NANOS);
        }
        return last;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeByte(count);
        for (int i = 0; i < count; i++) {
            Peer peer = peers[i];
            out.writeLong(peer.host);
            out.writeBoolean(peer.isDns);
            out.writeLong(peer.window);
            out.writeLong(peer.packets);
            out.writeLong(peer.octets);
            out.writeLong(peer.reversePackets);
            out.writeLong(peer.reverseOctets);
            out.writeLong(peer.mostOfFlow);
            out.writeLong(peer.first);
            out.writeLong(peer.since);
        }
    }

    static TunnelTraffic readFrom(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("tunnel traffic of version " + version + ", not " + VERSION);
        }
        TunnelTraffic traffic = new TunnelTraffic();
        traffic.count = in.readUnsignedByte();
        for (int i = 0; i < traffic.count; i++) {
            Peer peer = new Peer();
            peer.host = in.readLong();
            peer.isDns = in.readBoolean();
            peer.window = in.readLong();
            peer.packets = in.readLong();
            peer.octets = in.readLong();
            peer.reversePackets = in.readLong();
            peer.reverseOctets = in.readLong();
            peer.mostOfFlow = in.readLong();
            peer.first = in.readLong();
            peer.since = in.readLong();
            traffic.peers[i] = peer;
        }
        return traffic;
    }
}
