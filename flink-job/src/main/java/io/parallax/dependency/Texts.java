package io.parallax.dependency;

import io.parallax.model.DependencyCounts;
import io.parallax.model.DependencyDelta;
import io.parallax.model.DependencyEnds;
import io.parallax.model.DependencyKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/** How keys, ends and deltas stand in checkpoints and travel between operators. */
public final class Texts {

    private Texts() {}

    static void write(DependencyKey key, DataOutput out) throws IOException {
        out.writeUTF(key.realm());
        out.writeUTF(key.client());
        out.writeUTF(key.server());
        out.writeInt(key.protocol());
        out.writeInt(key.port());
    }

    static DependencyKey readKey(DataInput in) throws IOException {
        return new DependencyKey(in.readUTF(), in.readUTF(), in.readUTF(), in.readInt(), in.readInt());
    }

    static void write(DependencyEnds ends, DataOutput out) throws IOException {
        out.writeUTF(ends.clientApplication());
        out.writeUTF(ends.clientSubnet());
        out.writeUTF(ends.clientHost());
        out.writeUTF(ends.serverApplication());
        out.writeUTF(ends.serverSubnet());
        out.writeUTF(ends.serverHost());
        out.writeUTF(ends.locality());
    }

    static DependencyEnds readEnds(DataInput in) throws IOException {
        return new DependencyEnds(
                in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
    }

    /**
     * Bucket (4), window (8), sensor; of a mark whether complete (1); else key, ends, revision (8), counts (11 x 8), clients,
     * handshakes, places.
     */
    public static void write(DependencyDelta delta, DataOutput out) throws IOException {
        out.writeInt(delta.bucket);
        out.writeLong(delta.windowStart);
        out.writeUTF(delta.sensor);
        if (delta.isMark()) {
            out.writeBoolean(delta.isComplete);
            return;
        }
        write(delta.key, out);
        write(delta.ends, out);
        out.writeLong(delta.revision);
        delta.counts.writeTo(out);
        out.writeInt(delta.clients.size());
        for (Map.Entry<String, Long> client : delta.clients.entrySet()) {
            out.writeUTF(client.getKey());
            out.writeLong(client.getValue());
        }
        writeHandshakes(delta.handshakes, out);
        out.writeInt(delta.places.size());
        for (String place : delta.places) {
            out.writeUTF(place);
        }
    }

    public static DependencyDelta readDelta(DataInput in) throws IOException {
        return readDelta(in, DependencyTable.VERSION);
    }

    /** @param version of the table that it stands in; 1 knew no places */
    static DependencyDelta readDelta(DataInput in, int version) throws IOException {
        DependencyDelta delta = new DependencyDelta();
        delta.bucket = in.readInt();
        delta.windowStart = in.readLong();
        delta.sensor = in.readUTF();
        if (delta.isMark()) {
            delta.isComplete = in.readBoolean();
            return delta;
        }
        delta.key = readKey(in);
        delta.ends = readEnds(in);
        delta.revision = in.readLong();
        delta.counts = DependencyCounts.readFrom(in);
        for (int i = in.readInt(); i > 0; i--) {
            delta.clients.put(in.readUTF(), in.readLong());
        }
        readHandshakes(delta.handshakes, in);
        for (int i = version == 1 ? 0 : in.readInt(); i > 0; i--) {
            delta.places.add(in.readUTF());
        }
        return delta;
    }

    static void writeHandshakes(Map<Integer, Long> handshakes, DataOutput out) throws IOException {
        out.writeInt(handshakes.size());
        for (Map.Entry<Integer, Long> bucket : handshakes.entrySet()) {
            out.writeInt(bucket.getKey());
            out.writeLong(bucket.getValue());
        }
    }

    static void readHandshakes(Map<Integer, Long> handshakes, DataInput in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            handshakes.put(in.readInt(), in.readLong());
        }
    }
}
