package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who sends to a host how much: an entry a client, of which the least useful makes room for another. */
final class Uploads implements Memory {

    static final int MOST_CLIENTS = 12;

    /** Names of so many clients at most are kept, for the moment until the window has been told. */
    static final int MOST_PENDING = 3;

    /** What is summed up into one observation of a client: it begins with its first octet. */
    static final long CHUNK_NANOS = TimeUnit.HOURS.toNanos(1);

    /** A client that was heard in one hour only is not worth more. */
    private static final long STRANGER_NANOS = TimeUnit.HOURS.toNanos(2);

    /** Longer than a fortnightly backup is apart. */
    private static final long KNOWN_NANOS = TimeUnit.DAYS.toNanos(15);

    private static final int VERSION = 1;

    /** Observations that count fully; older ones fade. */
    private static final int MOST_OBSERVATIONS = 32;

    /** What is assumed of the spread of log2 of one client's hours, and how many observations that weighs. */
    private static final double PRIOR_DEVIATION = 1.5;

    private static final double PRIOR_WEIGHT = 4;

    /** Greater deviations are taken for so many standard deviations: an anomaly is not learnt (Gelper et al., 2010). */
    private static final double MOST_DEVIATIONS = 3;

    final Client[] clients = new Client[MOST_CLIENTS];
    int count;
    private long due = NEVER;

    /** What one client sends. */
    static final class Client {
        long host;
        long start;
        long since;
        long last;
        long sent;
        long received;
        long moved;
        boolean isBulk;
        long alarmSince;
        long alarmSent;
        int observations;
        float mean;
        float squares;

        @Nullable
        Pending pending;

        /** Deviation of log2 of what was sent from what is usual, as a standard normal value. */
        double deviation(double log2Sent) {
            double deviation = spread() * Math.sqrt(1 + 1.0 / observations);
            return NormalTail.normalOf((log2Sent - mean) / deviation, PRIOR_WEIGHT + observations - 1);
        }

        private double spread() {
            return Math.sqrt(
                    (PRIOR_WEIGHT * PRIOR_DEVIATION * PRIOR_DEVIATION + squares) / (PRIOR_WEIGHT + observations));
        }

        /** What was sent in the chunk becomes an observation. */
        void close() {
            if (sent > 0) {
                learn(NormalTail.log2(sent, 1));
            }
            sent = 0;
            since = 0;
            received = 0;
            moved = 0;
        }

        private void learn(double value) {
            if (observations == 0) {
                mean = (float) value;
                observations = 1;
                return;
            }
            double most = MOST_DEVIATIONS * spread();
            double residual = Math.max(-most, Math.min(most, value - mean));
            double share = 1.0 / Math.min(observations + 1, MOST_OBSERVATIONS);
            mean += (float) (share * residual);
            double kept = observations < MOST_OBSERVATIONS ? 1 : 1 - share;
            squares = (float) (kept * (squares + (1 - share) * residual * residual));
            observations = Math.min(observations + 1, MOST_OBSERVATIONS);
        }
    }

    /** What a finding needs besides figures. */
    record Pending(
            String realm,
            String client,
            String clientAddress,
            String server,
            String flow,
            int port,
            boolean isOutside) {}

    /** The entry of the client, made where there is none; its chunk is that of {@code time}. */
    Client client(long host, long time) {
        Client client = find(host);
        if (client == null) {
            client = new Client();
            clients[count < MOST_CLIENTS ? count++ : least()] = client;
            client.host = host;
            client.start = time;
        } else if (time - client.start >= CHUNK_NANOS) {
            client.close();
            client.start = time;
        }
        if (time - client.last >= CHUNK_NANOS) {
            client.alarmSince = 0;
            client.alarmSent = 0;
        }
        client.last = Math.max(client.last, time);
        return client;
    }

    private @Nullable Client find(long host) {
        for (int i = 0; i < count; i++) {
            if (clients[i].host == host) {
                return clients[i];
            }
        }
        return null;
    }

    /** The one heard longest ago goes, of those first that never moved much. */
    private int least() {
        int least = 0;
        for (int i = 1; i < count; i++) {
            boolean isLess = clients[i].isBulk == clients[least].isBulk
                    ? clients[i].last < clients[least].last
                    : !clients[i].isBulk;
            least = isLess ? i : least;
        }
        return least;
    }

    /** How many others move much data with the host. */
    int othersInBulk(Client client) {
        int others = 0;
        for (int i = 0; i < count; i++) {
            others += clients[i] != client && clients[i].isBulk ? 1 : 0;
        }
        return others;
    }

    /** Keeps the names until everything of that time was told. */
    void await(Client client, Pending pending, long time) {
        int waiting = 0;
        for (int i = 0; i < count; i++) {
            waiting += clients[i].pending != null ? 1 : 0;
        }
        if (waiting < MOST_PENDING) {
            client.pending = pending;
            due = Math.min(due, time + 1);
        }
    }

    void settled() {
        due = NEVER;
    }

    @Override
    public long due() {
        return due;
    }

    @Override
    public long expires() {
        long expires = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            boolean isKnown = clients[i].isBulk || clients[i].observations > 0 || clients[i].alarmSince != 0;
            expires = Math.max(expires, clients[i].last + (isKnown ? KNOWN_NANOS : STRANGER_NANOS));
        }
        return expires;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(due);
        out.writeByte(count);
        for (int i = 0; i < count; i++) {
            write(clients[i], out);
        }
    }

    private static void write(Client client, DataOutput out) throws IOException {
        out.writeLong(client.host);
        out.writeLong(client.start);
        out.writeLong(client.since);
        out.writeLong(client.last);
        out.writeLong(client.sent);
        out.writeLong(client.received);
        out.writeLong(client.moved);
        out.writeBoolean(client.isBulk);
        out.writeLong(client.alarmSince);
        out.writeLong(client.alarmSent);
        out.writeByte(client.observations);
        out.writeFloat(client.mean);
        out.writeFloat(client.squares);
        Pending pending = client.pending;
        out.writeBoolean(pending != null);
        if (pending != null) {
            out.writeUTF(pending.realm());
            out.writeUTF(pending.client());
            out.writeUTF(pending.clientAddress());
            out.writeUTF(pending.server());
            out.writeUTF(pending.flow());
            out.writeInt(pending.port());
            out.writeBoolean(pending.isOutside());
        }
    }

    static Uploads readFrom(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("uploads of version " + version + ", not " + VERSION);
        }
        Uploads uploads = new Uploads();
        uploads.due = in.readLong();
        uploads.count = in.readUnsignedByte();
        for (int i = 0; i < uploads.count; i++) {
            uploads.clients[i] = readClient(in);
        }
        return uploads;
    }

    private static Client readClient(DataInput in) throws IOException {
        Client client = new Client();
        client.host = in.readLong();
        client.start = in.readLong();
        client.since = in.readLong();
        client.last = in.readLong();
        client.sent = in.readLong();
        client.received = in.readLong();
        client.moved = in.readLong();
        client.isBulk = in.readBoolean();
        client.alarmSince = in.readLong();
        client.alarmSent = in.readLong();
        client.observations = in.readUnsignedByte();
        client.mean = in.readFloat();
        client.squares = in.readFloat();
        if (in.readBoolean()) {
            client.pending = new Pending(
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readInt(),
                    in.readBoolean());
        }
        return client;
    }
}
