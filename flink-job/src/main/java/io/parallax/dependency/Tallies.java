package io.parallax.dependency;

import java.util.Map;

/** Counts by name, in which a name that counts nothing is not kept: what was taken back leaves no trace. */
final class Tallies {

    private Tallies() {}

    static <K> void add(Map<K, Long> tallies, K name, long count) {
        tallies.merge(name, count, (one, other) -> one + other == 0 ? null : one + other);
    }

    static <K> void addAll(Map<K, Long> tallies, Map<K, Long> others) {
        others.forEach((name, count) -> add(tallies, name, count));
    }
}
