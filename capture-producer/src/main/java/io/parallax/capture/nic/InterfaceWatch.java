package io.parallax.capture.nic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells what became of a set of interfaces between two looks.
 *
 * <p>An interface that was deleted and created again under its name has a new index: a capture on the old one is dead and
 * says nothing.
 */
public final class InterfaceWatch {

    /** What happened to an interface. */
    public enum Kind {
        APPEARED,
        VANISHED,
        REPLACED
    }

    /** @param index of the interface now, for {@link Kind#VANISHED} the one it had */
    public record Change(Kind kind, String name, int index) {}

    private Map<String, Integer> known = Map.of();

    /** What changed since the last look, in the order of names; at the first everything appeared. */
    public List<Change> look(Map<String, Integer> indexByName) {
        List<Change> changes = new ArrayList<>();
        Map<String, Integer> all = new TreeMap<>(known);
        all.putAll(indexByName);
        for (String name : all.keySet()) {
            Integer before = known.get(name);
            Integer now = indexByName.get(name);
            if (now == null) {
                changes.add(new Change(Kind.VANISHED, name, all.get(name)));
            } else if (before == null) {
                changes.add(new Change(Kind.APPEARED, name, now));
            } else if (!before.equals(now)) {
                changes.add(new Change(Kind.REPLACED, name, now));
            }
        }
        known = Map.copyOf(indexByName);
        return List.copyOf(changes);
    }
}
