package io.parallax.flow;

import io.parallax.model.Label;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a bucket remembers, each kind of record in a store of its own; they refer to each other by number.
 *
 * @param flows by realm and 5-tuple
 * @param windows rows and cells of the flows
 * @param sightings directions of flows at observation points
 * @param tracks where TCP stands at a sighting
 * @param tcp what TCP did in a cell
 * @param errors what ICMP says of flows in windows that are open
 * @param realms names of the realms by number
 * @param labels of which rows were stated, by number
 */
record FlowState(
        Flows flows,
        Windows windows,
        Sightings sightings,
        TcpTracks tracks,
        TcpCounts tcp,
        IcmpErrors errors,
        Names<String> realms,
        Names<Label> labels) {

    FlowState() {
        this(
                new Flows(),
                new Windows(),
                new Sightings(),
                new TcpTracks(),
                new TcpCounts(),
                new IcmpErrors(),
                new Names<>(),
                new Names<>());
    }

    /** Nothing is kept but names. */
    boolean isEmpty() {
        return flows.size() == 0
                && windows.size() == 0
                && sightings.size() == 0
                && tracks.size() == 0
                && tcp.size() == 0
                && errors.size() == 0;
    }

    FlowState copy() {
        return new FlowState(
                flows.copy(),
                windows.copy(),
                sightings.copy(),
                tracks.copy(),
                tcp.copy(),
                errors.copy(),
                realms.copy(),
                labels.copy());
    }

    void writeTo(DataOutput out) throws IOException {
        flows.writeTo(out);
        windows.writeTo(out);
        sightings.writeTo(out);
        tracks.writeTo(out);
        tcp.writeTo(out);
        errors.writeTo(out);
        out.writeInt(realms.all().size());
        for (String realm : realms.all()) {
            out.writeUTF(realm);
        }
        out.writeInt(labels.all().size());
        for (Label label : labels.all()) {
            write(label, out);
        }
        flows.writeHandoversTo(out);
    }

    private static void write(Label label, DataOutput out) throws IOException {
        out.writeUTF(label.virtualMachine());
        out.writeUTF(label.uuid());
        out.writeUTF(label.application());
        out.writeUTF(label.host());
        out.writeUTF(label.portGroup());
        out.writeUTF(label.subnet());
        out.writeUTF(label.attribution());
    }

    private static Label readLabel(DataInput in) throws IOException {
        return new Label(
                in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
    }

    static FlowState readFrom(DataInput in) throws IOException {
        FlowState state = readParts(in, Windows::readFrom, true);
        for (int i = in.readInt(); i > 0; i--) {
            state.labels.numberOf(readLabel(in));
        }
        state.flows.readHandoversFrom(in);
        return state;
    }

    /** Reads the third version: nothing was kept of names. */
    static FlowState readThirdVersion(DataInput in) throws IOException {
        return readParts(in, Windows::readThirdVersion, true);
    }

    /** Reads the second version: nor of ICMP errors. */
    static FlowState readSecondVersion(DataInput in) throws IOException {
        return readParts(in, Windows::readThirdVersion, false);
    }

    private interface WindowsReader {
        Windows read(DataInput in) throws IOException;
    }

    private static FlowState readParts(DataInput in, WindowsReader windows, boolean hasErrors) throws IOException {
        FlowState state = new FlowState(
                Flows.readFrom(in),
                windows.read(in),
                Sightings.readFrom(in),
                TcpTracks.readFrom(in),
                TcpCounts.readFrom(in),
                hasErrors ? IcmpErrors.readFrom(in) : new IcmpErrors(),
                new Names<>(),
                new Names<>());
        for (int i = in.readInt(); i > 0; i--) {
            state.realms.numberOf(in.readUTF());
        }
        return state;
    }
}
