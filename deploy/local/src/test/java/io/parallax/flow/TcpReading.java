package io.parallax.flow;

import io.parallax.model.TcpView;
import io.parallax.wire.Addresses;
import io.parallax.wire.PacketHeader;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** TCP of a whole capture as one observation point, one window, no flow table: what the analysis alone says. */
public final class TcpReading {

    private static final int TCP = 6;

    /** One way between two sockets. Addresses as text. */
    public record Direction(String source, int sourcePort, String destination, int destinationPort) {
        public Direction reversed() {
            return new Direction(destination, destinationPort, source, sourcePort);
        }
    }

    private record Place(int track, int count) {}

    private final TcpTracks tracks = new TcpTracks();
    private final TcpCounts counts = new TcpCounts();
    private final Map<Direction, Place> places = new LinkedHashMap<>();
    private final Map<Direction, Long> handshakes = new HashMap<>();

    /** Takes in a header if it is TCP with its ports; says whether it was. */
    public boolean read(PacketHeader header) {
        if (!header.isIp() || header.protocol != TCP || header.has(PacketHeader.STATUS_PORTS_UNKNOWN)) {
            return false;
        }
        Direction direction = new Direction(
                Addresses.ip(header.family, header.sourceHigh, header.sourceLow),
                header.sourcePort,
                Addresses.ip(header.family, header.destinationHigh, header.destinationLow),
                header.destinationPort);
        Place place = places.get(direction);
        if (place == null) {
            place = new Place(tracks.add(), counts.add(0));
            Place opposite = places.get(direction.reversed());
            if (opposite != null) {
                tracks.pair(place.track(), opposite.track());
            }
            places.put(direction, place);
        }
        tracks.observe(
                place.track(),
                counts,
                place.count(),
                header.timeNanos,
                header.tcpSequence,
                header.tcpAcknowledgment,
                header.tcpWindow,
                Math.max(0, header.octetsIp - header.octetsHeader),
                header.tcpControlBits);
        long handshakeMicros = tracks.handshakeMicros(place.track());
        if (handshakeMicros != TcpView.UNKNOWN) {
            handshakes.put(direction, handshakeMicros);
        }
        return true;
    }

    /** A direction's part of the last handshake of its 5-tuple, or {@link TcpView#UNKNOWN}. */
    public long handshakeMicros(Direction direction) {
        return handshakes.getOrDefault(direction, TcpView.UNKNOWN);
    }

    public Set<Direction> directions() {
        return places.keySet();
    }

    /** What a direction did; of one that was not seen, nothing. */
    public TcpView of(Direction direction) {
        TcpView view = new TcpView();
        Place place = places.get(direction);
        if (place != null) {
            counts.view(place.count(), view);
        }
        return view;
    }
}
