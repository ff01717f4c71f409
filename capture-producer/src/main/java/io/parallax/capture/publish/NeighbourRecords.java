package io.parallax.capture.publish;

import io.parallax.capture.neighbour.Claim;
import io.parallax.wire.Addresses;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Claims of one stream as records of topic neighbours. */
final class NeighbourRecords {

    private static final String ORIGIN = "learnt";

    private final SingleObjectCodec<InventoryEntry> codec = SingleObjectCodec.of(InventoryEntry.getClassSchema());
    private final String heardBy;
    private final String streamId;
    private final StreamSink sink;

    NeighbourRecords(String sensor, String interfaceName, int lane, StreamSink sink) {
        this.heardBy = sensor + "/" + interfaceName;
        this.streamId = Topics.streamId(sensor, interfaceName, lane);
        this.sink = sink;
    }

    void publish(List<Claim> claims) throws PublishException {
        for (Claim claim : claims) {
            InventoryEntry entry = recordOf(claim);
            sink.claim(streamId, Topics.inventoryKey(entry), codec.encode(entry));
        }
    }

    private InventoryEntry recordOf(Claim claim) {
        InventoryEntry.Builder entry = InventoryEntry.newBuilder()
                .setKind(Topics.INVENTORY_NEIGHBOUR)
                .setName(heardBy)
                .setValidFrom(Instant.EPOCH.plusNanos(claim.timeNanos()).truncatedTo(ChronoUnit.MICROS))
                .setMacAddress(Addresses.mac(claim.mac()))
                .setAddresses(List.of(Addresses.ip(claim.family(), claim.high(), claim.low())))
                .setOrigin(ORIGIN);
        if (claim.vlan() != Claim.UNTAGGED) {
            entry.setVlanId(claim.vlan());
        }
        return entry.build();
    }
}
