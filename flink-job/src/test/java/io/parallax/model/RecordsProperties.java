package io.parallax.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link Records} held against a map of arrays. */
class RecordsProperties {

    private static final int WIDTH = 3;

    @Property(tries = 300)
    void behaveAsAMapOfArraysWhateverIsAllocatedAndReleased(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int steps) throws IOException {
        Random random = new Random(seed);
        Records records = new Records(WIDTH);
        Map<Integer, long[]> model = new HashMap<>();
        for (int i = 0; i < steps; i++) {
            records = step(random, records, model);
            assertThat(records.live()).isEqualTo(model.size());
            model.forEach(reader(records));
        }
    }

    private static java.util.function.BiConsumer<Integer, long[]> reader(Records records) {
        return (record, words) -> {
            assertThat(record).isLessThan(records.limit());
            for (int field = 0; field < WIDTH; field++) {
                assertThat(records.get(record, field)).isEqualTo(words[field]);
            }
        };
    }

    private static Records step(Random random, Records records, Map<Integer, long[]> model) throws IOException {
        List<Integer> live = new ArrayList<>(model.keySet());
        switch (live.isEmpty() ? 0 : random.nextInt(9)) {
            case 0, 1, 2 -> {
                int added = records.allocate();
                assertThat(model.put(added, new long[WIDTH]))
                        .as("handed out twice")
                        .isNull();
            }
            case 3, 4 -> {
                int released = live.get(random.nextInt(live.size()));
                records.release(released);
                model.remove(released);
            }
            case 5, 6 -> write(random, records, model, live.get(random.nextInt(live.size())));
            case 7 -> {
                Records copy = records.copy();
                records.set(live.get(0), 1, random.nextLong());
                return copy;
            }
            default -> {
                return reread(records);
            }
        }
        return records;
    }

    private static void write(Random random, Records records, Map<Integer, long[]> model, int record) {
        int field = random.nextInt(WIDTH);
        long value = random.nextLong();
        long[] words = requireNonNull(model.get(record));
        switch (random.nextInt(4)) {
            case 0 -> {
                records.set(record, field, value);
                words[field] = value;
            }
            case 1 -> {
                records.add(record, field, value);
                words[field] += value;
            }
            case 2 -> {
                records.setHigh(record, field, (int) value);
                words[field] = (words[field] & 0xFFFF_FFFFL) | (value << 32);
                assertThat(records.high(record, field)).isEqualTo((int) value);
            }
            default -> {
                records.setLow(record, field, (int) value);
                words[field] = (words[field] >>> 32 << 32) | (value & 0xFFFF_FFFFL);
                assertThat(records.low(record, field)).isEqualTo((int) value);
            }
        }
    }

    private static Records reread(Records records) throws IOException {
        return Records.readFrom(new DataInputStream(new ByteArrayInputStream(written(records))), WIDTH);
    }

    private static byte[] written(Records records) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        records.writeTo(new DataOutputStream(octets));
        return octets.toByteArray();
    }

    @Example
    void takeNoRoomOnceTheLastOneIsReleased() throws IOException {
        Records records = new Records(WIDTH);
        int empty = written(records).length;
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(records.allocate());
        }
        assertThat(written(records).length).isEqualTo(empty + 1_000 * WIDTH * Long.BYTES);
        all.forEach(records::release);
        assertThat(records.limit()).isZero();
        assertThat(written(records).length).isEqualTo(empty);
    }

    @Example
    void copiedOrReadBackFillTheirGapsFirst() throws IOException {
        Records records = new Records(WIDTH);
        for (int i = 0; i < 10; i++) {
            records.allocate();
        }
        records.release(3);
        records.release(7);
        for (Records again : List.of(records.copy(), reread(records))) {
            assertThat(List.of(again.allocate(), again.allocate())).containsExactlyInAnyOrder(3, 7);
            assertThat(again.limit()).isEqualTo(10);
        }
    }

    @Example
    void ofAnotherWidthAreRefused() throws IOException {
        byte[] octets = written(new Records(WIDTH + 1));
        assertThatThrownBy(() -> Records.readFrom(new DataInputStream(new ByteArrayInputStream(octets)), WIDTH))
                .isInstanceOf(IOException.class)
                .hasMessage("records of 4 words in the state, 3 in this version");
    }
}
