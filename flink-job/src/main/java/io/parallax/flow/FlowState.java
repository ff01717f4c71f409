package io.parallax.flow;

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
 */
record FlowState(
        Flows flows,
        Windows windows,
        Sightings sightings,
        TcpTracks tracks,
        TcpCounts tcp,
        IcmpErrors errors,
        Names<String> realms) {

    FlowState() {
        this(
                new Flows(),
                new Windows(),
                new Sightings(),
                new TcpTracks(),
                new TcpCounts(),
                new IcmpErrors(),
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
                realms.copy());
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
    }

    static FlowState readFrom(DataInput in) throws IOException {
        return readFrom(in, true);
    }

    /** Reads the second version: nothing was kept of ICMP errors. */
    static FlowState readSecondVersion(DataInput in) throws IOException {
        return readFrom(in, false);
    }

    private static FlowState readFrom(DataInput in, boolean hasErrors) throws IOException {
        FlowState state = new FlowState(
                Flows.readFrom(in),
                Windows.readFrom(in),
                Sightings.readFrom(in),
                TcpTracks.readFrom(in),
                TcpCounts.readFrom(in),
                hasErrors ? IcmpErrors.readFrom(in) : new IcmpErrors(),
                new Names<>());
        for (int i = in.readInt(); i > 0; i--) {
            state.realms.numberOf(in.readUTF());
        }
        return state;
    }
}
