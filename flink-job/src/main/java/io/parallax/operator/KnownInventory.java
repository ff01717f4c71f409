package io.parallax.operator;

import io.parallax.io.InventoryEntries;
import io.parallax.label.Inventory;
import io.parallax.label.RealmRule;
import io.parallax.model.RawRecord;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The inventory of a task: the last record of each key as broadcast state, in the encoding of the topic and so with the
 * evolution of its schema, and what is made of all of them.
 */
final class KnownInventory {

    private static final MapStateDescriptor<String, byte[]> ENTRIES =
            new MapStateDescriptor<>("inventory", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    /** Anybody on a link can claim addresses. */
    private static final int MOST_CLAIMS = 1 << 18;

    private final SingleObjectCodec<InventoryEntry> codec = SingleObjectCodec.of(InventoryEntry.getClassSchema());
    private final BroadcastState<String, byte[]> entries;
    private final IntUnaryOperator prefixLength;
    private final RealmRule realms;
    private Inventory inventory;
    private Map<String, String> hostOfSensor = Map.of();
    private boolean isChanged = true;
    private int claims;
    private long refusedClaims;

    /**
     * @param prefixLength bits of the subnet of an address that no named subnet holds, by protocol family
     * @param realms of neighbours
     */
    KnownInventory(OperatorStateStore store, IntUnaryOperator prefixLength, RealmRule realms) throws Exception {
        this.realms = realms;
        this.entries = store.getBroadcastState(ENTRIES);
        this.prefixLength = prefixLength;
        this.inventory = Inventory.empty(prefixLength);
    }

    /** A claim that can change no name is kept for the case that it will, and makes no work now. */
    void take(RawRecord change) throws Exception {
        byte[] value = change.value();
        boolean isClaim = change.topic().equals(Topics.NEIGHBOURS);
        if (value == null) {
            entries.remove(change.key());
        } else if (isClaim && claims == MOST_CLAIMS) {
            refusedClaims++;
            return;
        } else {
            entries.put(change.key(), value);
            claims += isClaim ? 1 : 0;
        }
        isChanged |= !isClaim || inventory.isAskingClaims();
    }

    /** Claims for which there was no room, in this life of the task. */
    long refusedClaims() {
        return refusedClaims;
    }

    boolean isChanged() {
        return isChanged;
    }

    /** Makes the inventory of what was taken so far. */
    void settle() throws Exception {
        InventoryEntries all = new InventoryEntries(realms);
        Map<String, byte[]> sorted = new TreeMap<>();
        for (Map.Entry<String, byte[]> entry : entries.immutableEntries()) {
            sorted.put(entry.getKey(), entry.getValue());
        }
        claims = 0;
        for (byte[] octets : sorted.values()) {
            try {
                InventoryEntry entry = codec.decode(octets);
                claims += entry.getKind().equals(Topics.INVENTORY_NEIGHBOUR) ? 1 : 0;
                all.add(entry);
            } catch (WireFormatException e) {
                throw new IllegalStateException("decode-inventory let through what it has to refuse", e);
            }
        }
        inventory = all.inventory(prefixLength);
        hostOfSensor = all.hostOfSensor();
        isChanged = false;
    }

    Inventory inventory() {
        return inventory;
    }

    /** Host of each sensor: what is configured goes before what the inventory says. */
    Map<String, String> hostOfSensor(Map<String, String> configured) {
        Map<String, String> hosts = new HashMap<>(hostOfSensor);
        hosts.putAll(configured);
        return hosts;
    }
}
