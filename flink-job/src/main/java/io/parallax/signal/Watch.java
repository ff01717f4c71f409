package io.parallax.signal;

import io.parallax.model.Fact;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Detectors at work on the subjects of one bucket. Facts wait until event time has passed them, and are then told in the
 * order of time: so signals do not depend on the order in which streams were read. What comes late all the same is told at
 * once.
 *
 * <p>A subject is forgotten when none of its memories could still matter, and where there are more subjects than
 * {@link WatchRules#mostSubjects}: those first of which little was heard, so that a flood of spoofed addresses forgets
 * itself and not the hosts.
 *
 * <p>Written as octets that only the rules can read: a table that was read back is opaque until {@link #configure}. A
 * detector that is no longer there loses its memories, one that is new begins without.
 */
public final class Watch<F extends Fact> {

    private static final int VERSION = 1;

    /** Subjects of which fewer facts were heard are forgotten first. */
    private static final long KNOWN_FACTS = 32;

    private static final byte[] NOTHING = new byte[0];
    private static final Subject NOBODY = new Subject("", 0);

    /** A detector that is due again at once waits so long. */
    private static final long LEAST_STEP_NANOS = 1_000_000;

    private final Map<String, Subject> strangers = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Subject> known = new LinkedHashMap<>(16, 0.75f, true);
    private final List<F> waiting = new ArrayList<>();

    /** Of the facts that wait, ns. */
    private long earliest = Memory.NEVER;

    private byte[] frozen = NOTHING;
    private WatchRules<F> rules = WatchRules.none();
    private Detector<F, ?>[] detectors = detectorsOf(rules);
    private boolean isConfigured;
    private long passed = Long.MIN_VALUE;
    private final TreeSet<Subject> agenda = new TreeSet<>(Subject.ORDER);
    private final Taker taker = new Taker();
    private long lateFacts;
    private long forgottenSubjects;

    /** Goes by these rules from now on; reads what was frozen. The same detectors each time cost nothing. */
    public void configure(WatchRules<F> current) {
        if (isConfigured && rules.detectors() == current.detectors()) {
            rules = current;
            return;
        }
        byte[] octets = isConfigured ? freeze() : frozen;
        rules = current;
        isConfigured = true;
        frozen = NOTHING;
        clear();
        waiting.clear();
        earliest = Memory.NEVER;
        detectors = detectorsOf(current);
        if (octets.length > 0) {
            try {
                thaw(new DataInputStream(new ByteArrayInputStream(octets)));
            } catch (IOException e) {
                throw new UncheckedIOException("what detectors know can't be read", e);
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
    private static <F extends Fact> Detector<F, ?>[] detectorsOf(WatchRules<F> rules) {
        return rules.detectors().toArray(new Detector[0]);
    }

    /** Keeps the fact until its time has come, unless it concerns nobody. */
    public void add(F fact) {
        for (Detector<F, ?> detector : detectors) {
            if (detector.isConcernedBy(fact)) {
                waiting.add(fact);
                earliest = Math.min(earliest, fact.time());
                return;
            }
        }
    }

    /** When {@link #advance} has something to do, ns; {@link Memory#NEVER}: not before a fact. */
    public long due() {
        return Math.min(earliest, nextDue());
    }

    private long nextDue() {
        return agenda.isEmpty() ? Memory.NEVER : agenda.first().plannedAt;
    }

    private void clear() {
        strangers.clear();
        known.clear();
        agenda.clear();
    }

    /** Nothing is kept. */
    public boolean isEmpty() {
        return frozen.length == 0 && waiting.isEmpty() && strangers.isEmpty() && known.isEmpty();
    }

    public int subjects() {
        return strangers.size() + known.size();
    }

    /** Facts that came after event time had passed them, since the last call. */
    public long takeLateFacts() {
        long taken = lateFacts;
        lateFacts = 0;
        return taken;
    }

    /** Subjects that there was no room for, since the last call. */
    public long takeForgottenSubjects() {
        long taken = forgottenSubjects;
        forgottenSubjects = 0;
        return taken;
    }

    /**
     * Tells detectors everything up to {@code time}, and the signals that follow from it.
     *
     * @param time everything has been heard up to it, ns; {@code Long.MAX_VALUE}: all there will ever be
     */
    public void advance(long time, Consumer<Raised> out) {
        long last = Math.max(passed, tellThoseUpTo(time, out));
        if (time == Long.MAX_VALUE) {
            elapse(last + LEAST_STEP_NANOS, out);
            finish(out);
        } else {
            elapse(time, out);
            passed = Math.max(passed, time);
        }
    }

    /** In their order, each when what was due before it has been done; returns the latest, ns. */
    private long tellThoseUpTo(long time, Consumer<Raised> out) {
        if (earliest > time) {
            return Long.MIN_VALUE;
        }
        waiting.sort(rules.codec().order());
        long last = Long.MIN_VALUE;
        int told = 0;
        while (told < waiting.size() && waiting.get(told).time() <= time) {
            F next = waiting.get(told++);
            last = next.time();
            elapse(last, out);
            lateFacts += last <= passed ? 1 : 0;
            tell(next, out);
        }
        waiting.subList(0, told).clear();
        earliest = waiting.isEmpty() ? Memory.NEVER : waiting.get(0).time();
        return last;
    }

    private void tell(F fact, Consumer<Raised> out) {
        Subject subject = null;
        long due = Memory.NEVER;
        for (int i = 0; i < detectors.length; i++) {
            Detector<F, ?> detector = detectors[i];
            if (detector.isConcernedBy(fact)) {
                subject = subject == null ? subject(fact) : subject;
                due = Math.min(due, tell(detector, i, fact, subject, out));
            }
        }
        if (subject != null) {
            plan(subject, due);
        }
    }

    /** Only what comes earlier has to be planned anew: what is due later shows when its turn has come. */
    private void plan(Subject subject, long due) {
        if (due < subject.plannedAt) {
            agenda.remove(subject);
            subject.plannedAt = due;
            agenda.add(subject);
        }
    }

    /** When there is something to do because of it, ns: what was planned for the memory before stands. */
    private <M extends Memory> long tell(
            Detector<F, M> detector, int index, F fact, Subject subject, Consumer<Raised> out) {
        boolean isNew = subject.memories[index] == null;
        M memory = memory(detector, index, subject);
        taker.begin(index, subject, fact.time(), out);
        detector.observe(fact, memory, rules.tuning(), taker);
        long due = Math.min(memory.due(), taker.due);
        return isNew ? Math.min(due, memory.expires()) : due;
    }

    @SuppressWarnings("unchecked") // a memory of index i was made by detector i
    private <M extends Memory> M memory(Detector<F, M> detector, int index, Subject subject) {
        if (subject.memories[index] == null) {
            subject.memories[index] = detector.begin();
        }
        return (M) subject.memories[index];
    }

    private Subject subject(F fact) {
        String name = fact.subject();
        Subject subject = known.get(name);
        if (subject == null) {
            subject = strangers.get(name);
        }
        if (subject == null) {
            makeRoom();
            subject = new Subject(name, detectors.length);
            strangers.put(name, subject);
        }
        subject.facts++;
        subject.lastHeard = Math.max(subject.lastHeard, fact.time());
        if (subject.facts == KNOWN_FACTS) {
            strangers.remove(name);
            known.put(name, subject);
        }
        return subject;
    }

    private void makeRoom() {
        if (subjects() < rules.mostSubjects()) {
            return;
        }
        Iterator<Subject> oldest =
                (strangers.isEmpty() ? known : strangers).values().iterator();
        agenda.remove(oldest.next());
        oldest.remove();
        forgottenSubjects++;
    }

    /** Turns what a detector finds into signals; one for all, since detectors find seldom and are asked often. */
    private final class Taker implements Findings {

        private int index;
        private Subject subject = NOBODY;
        private long time;
        private Consumer<Raised> out = none -> {};

        /** When the first of the episodes that were touched is over if nothing more is found, ns. */
        private long due;

        private void begin(int index, Subject subject, long time, Consumer<Raised> out) {
            this.index = index;
            this.subject = subject;
            this.time = time;
            this.out = out;
            this.due = Memory.NEVER;
        }

        @Override
        public void report(Finding finding) {
            Profile profile = detectors[index].profile();
            Episode episode = subject.episode(index, finding.key());
            if (episode == null) {
                if (subject.openEpisodes() >= rules.mostEpisodes()) {
                    return;
                }
                episode = Episode.open(profile, subject.name, finding);
                subject.open(index, finding.key(), episode);
                out.accept(episode.tell(Raised.State.OPEN, profile, time));
            } else {
                episode.add(finding);
                if (episode.isWorthTelling()) {
                    out.accept(episode.tell(Raised.State.UPDATE, profile, time));
                }
            }
            due = Math.min(due, episode.overAt(profile));
        }
    }

    /** Does what falls due up to {@code time}, in the order of time. */
    private void elapse(long time, Consumer<Raised> out) {
        while (nextDue() <= time) {
            Subject subject = agenda.pollFirst();
            long at = subject.plannedAt;
            subject.plannedAt = Memory.NEVER;
            elapse(subject, at, out);
            if (isForgettable(subject)) {
                strangers.remove(subject.name);
                known.remove(subject.name);
            } else {
                plan(subject, Math.max(dueOf(subject), at + LEAST_STEP_NANOS));
            }
        }
    }

    private void elapse(Subject subject, long time, Consumer<Raised> out) {
        for (int i = 0; i < detectors.length; i++) {
            Detector<F, ?> detector = detectors[i];
            Memory memory = subject.memories[i];
            if (memory != null && memory.due() <= time) {
                elapse(detector, i, subject, time, out);
            }
            if (memory != null && memory.expires() <= time) {
                subject.memories[i] = null;
            }
            subject.close(i, detector.profile(), time, out);
        }
    }

    private <M extends Memory> void elapse(
            Detector<F, M> detector, int index, Subject subject, long time, Consumer<Raised> out) {
        M memory = memory(detector, index, subject);
        taker.begin(index, subject, time, out);
        detector.elapse(subject.name, time, memory, rules.tuning(), taker);
    }

    /** No more will come: what was found since a signal was last told is told. Episodes stay open, nothing ended them. */
    private void finish(Consumer<Raised> out) {
        finish(strangers, out);
        finish(known, out);
        clear();
    }

    private void finish(Map<String, Subject> subjects, Consumer<Raised> out) {
        for (Subject subject : subjects.values()) {
            for (int i = 0; i < detectors.length; i++) {
                Profile profile = detectors[i].profile();
                subject.episodes(i).values().stream()
                        .filter(Episode::isUntold)
                        .forEach(episode -> out.accept(episode.tell(Raised.State.UPDATE, profile, passed)));
            }
        }
    }

    private long dueOf(Subject subject) {
        long first = Memory.NEVER;
        for (int i = 0; i < subject.memories.length; i++) {
            Memory memory = subject.memories[i];
            if (memory != null) {
                first = Math.min(first, Math.min(memory.due(), memory.expires()));
            }
            first = Math.min(first, subject.firstOver(i, detectors[i].profile()));
        }
        return first;
    }

    private static boolean isForgettable(Subject subject) {
        return subject.openEpisodes() == 0 && Arrays.stream(subject.memories).allMatch(memory -> memory == null);
    }

    /** A copy that shares nothing that changes. */
    public Watch<F> copy() {
        Watch<F> copy = new Watch<>();
        copy.frozen = isConfigured ? freeze() : frozen;
        return copy;
    }

    public void writeTo(DataOutput out) throws IOException {
        byte[] octets = isConfigured ? freeze() : frozen;
        out.writeInt(octets.length);
        out.write(octets);
    }

    public static <F extends Fact> Watch<F> readFrom(DataInput in) throws IOException {
        Watch<F> watch = new Watch<>();
        watch.frozen = new byte[in.readInt()];
        in.readFully(watch.frozen);
        return watch;
    }

    private byte[] freeze() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(octets);
            out.writeByte(VERSION);
            out.writeLong(passed);
            rules.codec().write(waiting, out);
            write(strangers, out);
            write(known, out);
        } catch (IOException e) {
            throw new UncheckedIOException("octets in memory can be written", e);
        }
        return octets.toByteArray();
    }

    private void write(Map<String, Subject> subjects, DataOutput out) throws IOException {
        out.writeInt(subjects.size());
        for (Subject subject : subjects.values()) {
            out.writeUTF(subject.name);
            out.writeLong(subject.facts);
            out.writeLong(subject.lastHeard);
            for (int i = 0; i < subject.memories.length; i++) {
                if (subject.memories[i] != null) {
                    out.writeUTF(detectors[i].profile().name());
                    write(subject.memories[i], out);
                }
            }
            out.writeUTF("");
            out.writeInt(subject.openEpisodes());
            for (int i = 0; i < subject.memories.length; i++) {
                for (Map.Entry<String, Episode> episode : subject.episodes(i).entrySet()) {
                    out.writeUTF(detectors[i].profile().name());
                    out.writeUTF(episode.getKey());
                    episode.getValue().writeTo(out);
                }
            }
        }
    }

    private static void write(Memory memory, DataOutput out) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        memory.writeTo(new DataOutputStream(octets));
        out.writeInt(octets.size());
        out.write(octets.toByteArray());
    }

    private void thaw(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException(
                    "what detectors know is of version %d; this job reads %d".formatted(version, VERSION));
        }
        passed = in.readLong();
        for (F fact : rules.codec().read(in)) {
            waiting.add(fact);
            earliest = Math.min(earliest, fact.time());
        }
        read(strangers, in);
        read(known, in);
    }

    private void read(Map<String, Subject> subjects, DataInput in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            Subject subject = new Subject(in.readUTF(), detectors.length);
            subject.facts = in.readLong();
            subject.lastHeard = in.readLong();
            for (String detector = in.readUTF(); !detector.isEmpty(); detector = in.readUTF()) {
                byte[] octets = new byte[in.readInt()];
                in.readFully(octets);
                int index = rules.indexOf(detector);
                if (index >= 0) {
                    subject.memories[index] =
                            detectors[index].read(new DataInputStream(new ByteArrayInputStream(octets)));
                }
            }
            for (int j = in.readInt(); j > 0; j--) {
                int index = rules.indexOf(in.readUTF());
                String key = in.readUTF();
                Episode episode = Episode.readFrom(in);
                if (index >= 0) {
                    subject.open(index, key, episode);
                }
            }
            subjects.put(subject.name, subject);
            plan(subject, dueOf(subject));
        }
    }
}
