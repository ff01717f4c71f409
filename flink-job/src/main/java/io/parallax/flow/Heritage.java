package io.parallax.flow;

import io.parallax.model.Records;
import io.parallax.vantage.Sightings;

/**
 * Where TCP stood at a point when an earlier flow of the 5-tuple ended, handed on to the flow that follows. TCP is followed
 * from packet to packet, whatever flows they are counted in: whether the end of the earlier one was known already when a
 * packet came depends on other streams, and must not show.
 */
final class Heritage {

    private static final int NONE = Records.NONE;

    private final Flows flows;
    private final Sightings sightings;
    private final TcpTracks tracks;

    Heritage(FlowState state) {
        this.flows = state.flows();
        this.sightings = state.sightings();
        this.tracks = state.tracks();
    }

    /**
     * Gives a sighting a track of its own, and the opposite direction at its place with it.
     *
     * @param formerHead first sighting of the flow that ended last and was seen at the place; NONE: TCP begins here
     */
    void begin(int flow, int sighting, int formerHead) {
        if (sightings.track(sighting) != NONE) {
            return;
        }
        int former = trackOf(sightings.findLike(formerHead, sighting));
        int track = former == NONE ? tracks.add() : tracks.adopt(former);
        sightings.setTrack(sighting, track);
        int peer = sightings.peer(flows.sighting(flow), sighting);
        if (trackOf(peer) == NONE) {
            peer = inheritPeer(flow, sightings.peer(formerHead, sighting));
        }
        if (peer != NONE) {
            tracks.pair(track, sightings.track(peer));
        }
    }

    /** Whether TCP was followed at a sighting's place in a flow, in either direction. */
    boolean isFrom(int formerHead, int sighting) {
        return trackOf(sightings.findLike(formerHead, sighting)) != NONE
                || trackOf(sightings.peer(formerHead, sighting)) != NONE;
    }

    private int trackOf(int sighting) {
        return sighting == NONE ? NONE : sightings.track(sighting);
    }

    private int inheritPeer(int flow, int former) {
        if (trackOf(former) == NONE) {
            return NONE;
        }
        int peer = sightings.findOrAddLike(flows.sighting(flow), former);
        if (sightings.next(peer) == flows.sighting(flow)) {
            flows.setSighting(flow, peer);
        }
        if (sightings.track(peer) == NONE) {
            sightings.setTrack(peer, tracks.adopt(sightings.track(former)));
        }
        return peer;
    }
}
