package io.parallax.capture.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at one snapshot after the other and remembers since when what is wrong. Not thread-safe: one thread looks. */
public final class HealthWatch {

    private final HealthRules rules;
    private Map<String, Course> courses = Map.of();
    private @Nullable CaptureStatus earlier;

    public HealthWatch(HealthRules rules) {
        this.rules = rules;
    }

    /**
     * What is wrong by the latest snapshot.
     *
     * @param at wall clock of {@code now}; looks should be as far apart as the shares in it are meant for, some seconds
     */
    public List<Problem> look(CaptureStatus now, Instant at) {
        CaptureStatus before = earlier == null ? now : earlier;
        earlier = now;
        Map<String, Course> lasting = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Symptom symptom : rules.symptoms(new Look(before, now, at))) {
            Course known = courses.get(symptom.identity());
            Course course = known == null ? new Course(at, 1) : new Course(known.since, known.looks + 1);
            lasting.put(symptom.identity(), course);
            if (course.looks >= symptom.looks()) {
                problems.add(
                        new Problem(symptom.name(), symptom.subject(), course.since, symptom.what(), symptom.remedy()));
            }
        }
        courses = lasting;
        return problems;
    }

    /** Since when and how many looks in a row. */
    private record Course(Instant since, int looks) {}
}
