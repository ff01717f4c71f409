package io.parallax.dependency;

import io.parallax.model.FlowRow;
import io.parallax.model.Label;
import io.parallax.model.Locality;
import io.parallax.model.ServiceEvidence;
import io.parallax.wire.PacketHeader;
import java.util.concurrent.TimeUnit;

/** Rows of one flow to port 5432 of 10.10.2.13, and their revisions, as the meter states them. */
public final class UseRows {

    private final FlowRow row = new FlowRow();

    /** @param client last octet of the client's address in 10.10.1.0/24 */
    public UseRows(int client, long windowSecond) {
        row.realm = "default";
        row.family = PacketHeader.FAMILY_IPV4;
        row.protocol = 6;
        row.sourceLow = 0x0A0A_0100L + client;
        row.destinationLow = 0x0A0A_020DL;
        row.destinationPort = 5_432;
        row.windowStart = TimeUnit.SECONDS.toNanos(windowSecond);
        row.isPortsKnown = true;
    }

    public FlowRow row() {
        return row;
    }

    /** The next revision, in which the row has 10 packets more each way. */
    public UseRows state(ServiceEvidence service, Label client, Label server, Locality locality) {
        row.previousRevision = row.revision;
        row.previousPackets = row.packets;
        row.previousOctets = row.octets;
        row.previousReversePackets = row.reversePackets;
        row.previousReverseOctets = row.reverseOctets;
        row.previousSource = row.source;
        row.previousDestination = row.destination;
        row.previousLocality = row.locality;
        row.previousService = row.service;
        row.wasInService = row.isInService;
        row.previousHandshakeBucket = row.handshakeBucket;
        row.revision += 7;
        row.packets += 10;
        row.octets += 1_000;
        row.reversePackets += 10;
        row.reverseOctets += 5_000;
        row.source = client;
        row.destination = server;
        row.locality = locality;
        row.service = service;
        row.isInService = service == ServiceEvidence.SERVED;
        row.handshakeBucket = row.isInService ? 40 : 0;
        return this;
    }

    public UseRows state(ServiceEvidence service) {
        return state(service, Label.unattributed("10.10.1.0/24"), Label.unattributed("10.10.2.0/24"), Locality.UNKNOWN);
    }

    /** Further packets of it were seen at an interface. */
    public UseRows seenAt(String sensor, String card) {
        FlowRow.Sighting seen = row.addSighting();
        seen.sensorId = sensor;
        seen.interfaceName = card;
        return this;
    }

    public UseRows served() {
        return state(ServiceEvidence.SERVED);
    }

    public static Label vm(String name, String host) {
        return new Label(name, "", "shop", host, "", "blue", Label.BY_ADDRESS);
    }
}
