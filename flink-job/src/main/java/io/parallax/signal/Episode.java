package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Findings of one key, one after the other: one signal, from its opening until nothing was reported for a while. */
final class Episode {

    /** An update is worth a record when the statistic has grown by this factor: few records, however long it lasts. */
    private static final double WORTH_TELLING = 2;

    private final String id;
    private final long since;
    private final long detectedAt;
    private Finding greatest;
    private long until;
    private long revision;
    private double toldStatistic;
    private Severity toldSeverity;
    private boolean isTold;

    private Episode(String id, long since, long detectedAt, Finding greatest) {
        this.id = id;
        this.since = since;
        this.detectedAt = detectedAt;
        this.greatest = greatest;
        this.until = greatest.at();
        this.toldStatistic = greatest.statistic();
        this.toldSeverity = greatest.severity();
    }

    static Episode open(Profile detector, String subject, Finding finding) {
        String id = SignalIds.of(detector.name(), subject, finding.key(), finding.since());
        return new Episode(id, finding.since(), finding.at(), finding);
    }

    void add(Finding finding) {
        until = Math.max(until, finding.at());
        if (finding.statistic() >= greatest.statistic() || finding.severity().compareTo(greatest.severity()) > 0) {
            isTold &= finding.statistic() == greatest.statistic() && finding.severity() == greatest.severity();
            greatest = finding;
        }
    }

    /** Whether there is more to tell than was told: much more, or worse. */
    boolean isWorthTelling() {
        return greatest.statistic() >= WORTH_TELLING * Math.abs(toldStatistic)
                || greatest.severity().compareTo(toldSeverity) > 0;
    }

    /** Whether anything was found beyond what was told. */
    boolean isUntold() {
        return !isTold;
    }

    boolean isOver(Profile detector, long time) {
        return overAt(detector) <= time;
    }

    /** When the episode is over if nothing more is reported, ns. */
    long overAt(Profile detector) {
        return until + detector.quietNanos();
    }

    Raised tell(Raised.State state, Profile detector, long time) {
        revision++;
        toldStatistic = greatest.statistic();
        toldSeverity = greatest.severity();
        isTold = true;
        return new Raised(id, revision, state, detector, since, detectedAt, until, time, greatest);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeUTF(id);
        out.writeLong(since);
        out.writeLong(detectedAt);
        write(greatest, out);
        out.writeLong(until);
        out.writeLong(revision);
        out.writeDouble(toldStatistic);
        out.writeByte(toldSeverity.code());
        out.writeBoolean(isTold);
    }

    static Episode readFrom(DataInput in) throws IOException {
        Episode episode = new Episode(in.readUTF(), in.readLong(), in.readLong(), readFinding(in));
        episode.until = in.readLong();
        episode.revision = in.readLong();
        episode.toldStatistic = in.readDouble();
        episode.toldSeverity = Severity.ofCode(in.readUnsignedByte());
        episode.isTold = in.readBoolean();
        return episode;
    }

    private static void write(Finding finding, DataOutput out) throws IOException {
        out.writeUTF(finding.key());
        out.writeUTF(finding.realm());
        out.writeUTF(finding.entity());
        out.writeUTF(finding.peer());
        out.writeUTF(finding.technique());
        out.writeLong(finding.since());
        out.writeLong(finding.at());
        out.writeDouble(finding.statistic());
        out.writeDouble(finding.threshold());
        out.writeDouble(finding.evidence());
        out.writeByte(finding.severity().code());
        out.writeInt(finding.baseline().size());
        for (Map.Entry<String, Double> figure : new TreeMap<>(finding.baseline()).entrySet()) {
            out.writeUTF(figure.getKey());
            out.writeDouble(figure.getValue());
        }
        out.writeInt(finding.flowIds().size());
        for (String flow : finding.flowIds()) {
            out.writeUTF(flow);
        }
        out.writeUTF(finding.sentence());
    }

    private static Finding readFinding(DataInput in) throws IOException {
        return new Finding(
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                Severity.ofCode(in.readUnsignedByte()),
                readBaseline(in),
                readFlows(in),
                in.readUTF());
    }

    private static Map<String, Double> readBaseline(DataInput in) throws IOException {
        Map<String, Double> baseline = new TreeMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            baseline.put(in.readUTF(), in.readDouble());
        }
        return baseline;
    }

    private static List<String> readFlows(DataInput in) throws IOException {
        List<String> flows = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            flows.add(in.readUTF());
        }
        return flows;
    }
}
