package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.wire.PacketHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The index of {@link Flows} held against a HashMap of sets, with hashes made to collide. */
class FlowsProperties {

    private static final int KEYS = 200;

    @Property(tries = 300)
    void findExactlyTheFlowsThatWereAddedAndNotRemoved(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 200) int distinctHashes,
            @ForAll @IntRange(min = 1, max = 600) int steps)
            throws IOException {
        Random random = new Random(seed);
        HeaderBlock block = keys(distinctHashes);
        Flows flows = new Flows();
        Map<Integer, Set<Integer>> model = new HashMap<>();
        for (int i = 0; i < steps; i++) {
            flows = step(random, flows, block, model);
        }
        for (int key = 0; key < KEYS; key++) {
            assertThat(found(flows, block, key)).isEqualTo(model.getOrDefault(key, Set.of()));
        }
        assertThat(flows.size())
                .isEqualTo(model.values().stream().mapToInt(Set::size).sum());
    }

    private static Flows step(Random random, Flows flows, HeaderBlock block, Map<Integer, Set<Integer>> model)
            throws IOException {
        int key = random.nextInt(KEYS);
        Set<Integer> known = model.computeIfAbsent(key, k -> new HashSet<>());
        switch (random.nextInt(20)) {
            case 0 -> {
                return flows.copy();
            }
            case 1 -> {
                return reread(flows);
            }
            case 2, 3, 4, 5, 6, 7 -> removeOne(random, flows, model);
            case 8, 9 -> {
                if (!known.isEmpty()) {
                    int successor = flows.addLike(known.iterator().next());
                    assertThat(known.add(successor)).isTrue();
                }
            }
            default -> assertThat(known.add(flows.add(block, key, 0))).isTrue();
        }
        return flows;
    }

    private static void removeOne(Random random, Flows flows, Map<Integer, Set<Integer>> model) {
        List<Set<Integer>> some = new ArrayList<>(
                model.values().stream().filter(set -> !set.isEmpty()).toList());
        if (!some.isEmpty()) {
            Set<Integer> set = some.get(random.nextInt(some.size()));
            int flow = set.iterator().next();
            set.remove(flow);
            flows.remove(flow);
            assertThat(flows.isInUse(flow)).isFalse();
        }
    }

    private static Set<Integer> found(Flows flows, HeaderBlock block, int key) {
        Set<Integer> found = new HashSet<>();
        int slot = flows.firstSlot(block.entryLong(key, HeaderBlock.ENTRY_HASH));
        while ((slot = flows.find(block, key, 0, slot)) != Flows.NONE) {
            assertThat(found.add(flows.at(slot))).as("found twice").isTrue();
            slot++;
        }
        return found;
    }

    private static Flows reread(Flows flows) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        flows.writeTo(new DataOutputStream(octets));
        return Flows.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
    }

    /** One entry per key; keys share so many hashes, which fall at the end of the index to make probing wrap around. */
    private static HeaderBlock keys(int distinctHashes) {
        HeaderBlock block = new HeaderBlock();
        block.reset(0, KEYS, 0);
        FlowKey key = new FlowKey();
        for (int i = 0; i < KEYS; i++) {
            PacketHeader header =
                    Traffic.udp("capvm1", 0, 1, 1_000 + i, 2, 53, 100).header();
            key.of(header, 0);
            key.hash = -1L - (i % distinctHashes);
            block.addEntry(key, header, 0, 0);
        }
        return block;
    }
}
