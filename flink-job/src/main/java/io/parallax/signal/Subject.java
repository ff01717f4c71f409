package io.parallax.signal;

import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is known of one subject: a memory a detector that has been concerned, and the episodes that are open. */
final class Subject {

    /** By when something is planned. */
    static final Comparator<Subject> ORDER =
            Comparator.comparingLong((Subject subject) -> subject.plannedAt).thenComparing(subject -> subject.name);

    private static final SortedMap<String, Episode> NO_EPISODES = Collections.emptySortedMap();

    final String name;
    final @Nullable Memory[] memories;

    /** When to look after it, ns; earlier than necessary, perhaps. */
    long plannedAt = Memory.NEVER;

    long facts;
    long lastHeard = Long.MIN_VALUE;

    /** A detector's, by key; null: none was ever open. */
    private final @Nullable TreeMap<String, Episode>[] episodes;

    private int openEpisodes;

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
    Subject(String name, int detectors) {
        this.name = name;
        this.memories = new Memory[detectors];
        this.episodes = new TreeMap[detectors];
    }

    /** Of all detectors. */
    int openEpisodes() {
        return openEpisodes;
    }

    /** Those of a detector by key, in its order. */
    SortedMap<String, Episode> episodes(int detector) {
        TreeMap<String, Episode> known = episodes[detector];
        return known == null ? NO_EPISODES : known;
    }

    @Nullable
    Episode episode(int detector, String key) {
        return episodes(detector).get(key);
    }

    void open(int detector, String key, Episode episode) {
        TreeMap<String, Episode> known = episodes[detector];
        if (known == null) {
            known = new TreeMap<>();
            episodes[detector] = known;
        }
        known.put(key, episode);
        openEpisodes++;
    }

    /** Ends the episodes of a detector in which nothing was found for long enough. */
    void close(int detector, Profile profile, long time, Consumer<Raised> out) {
        if (openEpisodes == 0) {
            return;
        }
        for (Iterator<Episode> open = episodes(detector).values().iterator(); open.hasNext(); ) {
            Episode episode = open.next();
            if (episode.isOver(profile, time)) {
                open.remove();
                openEpisodes--;
                out.accept(episode.tell(Raised.State.CLOSE, profile, episode.overAt(profile)));
            }
        }
    }

    /** When the first of a detector's episodes is over if nothing more is found, ns. */
    long firstOver(int detector, Profile profile) {
        long first = Memory.NEVER;
        if (openEpisodes > 0) {
            for (Episode episode : episodes(detector).values()) {
                first = Math.min(first, episode.overAt(profile));
            }
        }
        return first;
    }
}
