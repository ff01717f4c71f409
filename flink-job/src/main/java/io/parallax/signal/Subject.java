package io.parallax.signal;

import java.util.Comparator;
import java.util.TreeMap;

/** What is known of one subject: a memory a detector that has been concerned, and the episodes that are open. */
final class Subject {

    /** By when something is planned. */
    static final Comparator<Subject> ORDER =
            Comparator.comparingLong((Subject subject) -> subject.plannedAt).thenComparing(subject -> subject.name);

    final String name;
    final Memory[] memories;

    /** By detector's name and key. */
    final TreeMap<String, Episode> episodes = new TreeMap<>();

    /** When to look after it, ns; earlier than necessary, perhaps. */
    long plannedAt = Memory.NEVER;

    long facts;
    long lastHeard = Long.MIN_VALUE;

    Subject(String name, int detectors) {
        this.name = name;
        this.memories = new Memory[detectors];
    }
}
