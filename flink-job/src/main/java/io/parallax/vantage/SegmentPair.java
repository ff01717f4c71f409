package io.parallax.vantage;

import io.parallax.model.SegmentCounts;
import io.parallax.model.SegmentSample;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What is known of one pair of interfaces in one window. */
public final class SegmentPair {

    private final String sensorId;
    private final String interfaceName;
    private final String otherSensorId;
    private final String otherInterfaceName;
    private final SegmentTimings timings;
    private final SegmentCounts counts = new SegmentCounts();
    private long rows;

    private SegmentPair(
            String sensorId,
            String interfaceName,
            String otherSensorId,
            String otherInterfaceName,
            SegmentTimings timings) {
        this.sensorId = sensorId;
        this.interfaceName = interfaceName;
        this.otherSensorId = otherSensorId;
        this.otherInterfaceName = otherInterfaceName;
        this.timings = timings;
    }

    /** The pair of a sample, with nothing in it. */
    static SegmentPair of(SegmentSample sample) {
        return new SegmentPair(
                sample.sensorId,
                sample.interfaceName,
                sample.otherSensorId,
                sample.otherInterfaceName,
                new SegmentTimings());
    }

    /** The order of pairs in a window. */
    int compareTo(SegmentSample sample) {
        int bySensor = sensorId.compareTo(sample.sensorId);
        if (bySensor != 0) {
            return bySensor;
        }
        int byInterface = interfaceName.compareTo(sample.interfaceName);
        if (byInterface != 0) {
            return byInterface;
        }
        int byOther = otherSensorId.compareTo(sample.otherSensorId);
        return byOther != 0 ? byOther : otherInterfaceName.compareTo(sample.otherInterfaceName);
    }

    void add(SegmentSample sample) {
        rows++;
        counts.add(sample.counts);
        if (sample.isTimed) {
            timings.add(sample);
        }
    }

    /** Samples that were added, timed or not. */
    long rows() {
        return rows;
    }

    public String sensorId() {
        return sensorId;
    }

    public String interfaceName() {
        return interfaceName;
    }

    public String otherSensorId() {
        return otherSensorId;
    }

    public String otherInterfaceName() {
        return otherInterfaceName;
    }

    public SegmentTimings timings() {
        return timings;
    }

    public SegmentCounts counts() {
        return counts;
    }

    SegmentPair copy() {
        SegmentPair copy = new SegmentPair(sensorId, interfaceName, otherSensorId, otherInterfaceName, timings.copy());
        copy.counts.add(counts);
        copy.rows = rows;
        return copy;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeUTF(sensorId);
        out.writeUTF(interfaceName);
        out.writeUTF(otherSensorId);
        out.writeUTF(otherInterfaceName);
        out.writeLong(rows);
        counts.writeTo(out);
        timings.writeTo(out);
    }

    static SegmentPair readFrom(DataInput in) throws IOException {
        String sensorId = in.readUTF();
        String interfaceName = in.readUTF();
        String otherSensorId = in.readUTF();
        String otherInterfaceName = in.readUTF();
        long rows = in.readLong();
        SegmentCounts counts = new SegmentCounts();
        counts.readFrom(in);
        SegmentPair pair = new SegmentPair(
                sensorId, interfaceName, otherSensorId, otherInterfaceName, SegmentTimings.readFrom(in));
        pair.rows = rows;
        pair.counts.add(counts);
        return pair;
    }
}
