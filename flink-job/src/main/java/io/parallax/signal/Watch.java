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
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
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

    /** A detector that is due again at once waits so long. */
    private static final long LEAST_STEP_NANOS = 1_000_000;

    private final Map<String, Subject> strangers = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Subject> known = new LinkedHashMap<>(16, 0.75f, true);
    private PriorityQueue<F> waiting = new PriorityQueue<>(Comparator.comparingLong(Fact::time));
    private byte[] frozen = NOTHING;
    private WatchRules<F> rules = WatchRules.none();
    private boolean isConfigured;
    private long passed = Long.MIN_VALUE;
    private final TreeSet<Subject> agenda = new TreeSet<>(Subject.ORDER);
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
        waiting = new PriorityQueue<>(16, current.codec().order());
        if (octets.length > 0) {
            try {
                thaw(new DataInputStream(new ByteArrayInputStream(octets)));
            } catch (IOException e) {
                throw new UncheckedIOException("what detectors know can't be read", e);
            }
        }
    }

    /** Keeps the fact until its time has come, unless it concerns nobody. */
    public void add(F fact) {
        for (int i = 0; i < rules.detectors().size(); i++) {
            if (rules.detectors().get(i).isConcernedBy(fact)) {
                waiting.add(fact);
                return;
            }
        }
    }

    /** When {@link #advance} has something to do, ns; {@link Memory#NEVER}: not before a fact. */
    public long due() {
        F next = waiting.peek();
        return next == null ? nextDue() : Math.min(next.time(), nextDue());
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
        long last = passed;
        for (F next = waiting.peek(); next != null && next.time() <= time; next = waiting.peek()) {
            elapse(next.time(), out);
            waiting.remove();
            lateFacts += next.time() <= passed ? 1 : 0;
            tell(next, out);
            last = Math.max(last, next.time());
        }
        if (time == Long.MAX_VALUE) {
            elapse(last + LEAST_STEP_NANOS, out);
            finish(out);
        } else {
            elapse(time, out);
            passed = Math.max(passed, time);
        }
    }

    private void tell(F fact, Consumer<Raised> out) {
        Subject subject = subject(fact);
        for (int i = 0; i < rules.detectors().size(); i++) {
            tell(rules.detectors().get(i), i, fact, subject, out);
        }
        plan(subject, dueOf(subject));
    }

    /** Only what comes earlier has to be planned anew: what is due later shows when its turn has come. */
    private void plan(Subject subject, long due) {
        if (due < subject.plannedAt) {
            agenda.remove(subject);
            subject.plannedAt = due;
            agenda.add(subject);
        }
    }

    private <M extends Memory> void tell(
            Detector<F, M> detector, int index, F fact, Subject subject, Consumer<Raised> out) {
        if (!detector.isConcernedBy(fact)) {
            return;
        }
        M memory = memory(detector, index, subject);
        detector.observe(fact, memory, rules.tuning(), finding -> take(detector, subject, finding, fact.time(), out));
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
            subject = new Subject(name, rules.detectors().size());
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

    private void take(Detector<F, ?> detector, Subject subject, Finding finding, long time, Consumer<Raised> out) {
        String key = detector.profile().name() + '\n' + finding.key();
        Episode episode = subject.episodes.get(key);
        if (episode == null) {
            if (subject.episodes.size() >= rules.mostEpisodes()) {
                return;
            }
            episode = Episode.open(detector.profile(), subject.name, finding);
            subject.episodes.put(key, episode);
            out.accept(episode.tell(Raised.State.OPEN, detector.profile(), time));
            return;
        }
        episode.add(finding);
        if (episode.isWorthTelling()) {
            out.accept(episode.tell(Raised.State.UPDATE, detector.profile(), time));
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
        for (int i = 0; i < rules.detectors().size(); i++) {
            Detector<F, ?> detector = rules.detectors().get(i);
            Memory memory = subject.memories[i];
            if (memory != null && memory.due() <= time) {
                elapse(detector, i, subject, time, out);
            }
            if (memory != null && memory.expires() <= time) {
                subject.memories[i] = null;
            }
            closeEpisodes(detector, subject, time, out);
        }
    }

    private <M extends Memory> void elapse(
            Detector<F, M> detector, int index, Subject subject, long time, Consumer<Raised> out) {
        M memory = memory(detector, index, subject);
        detector.elapse(
                subject.name, time, memory, rules.tuning(), finding -> take(detector, subject, finding, time, out));
    }

    private static void closeEpisodes(Detector<?, ?> detector, Subject subject, long time, Consumer<Raised> out) {
        String prefix = detector.profile().name() + '\n';
        Iterator<Map.Entry<String, Episode>> open = subject.episodes.entrySet().iterator();
        while (open.hasNext()) {
            Map.Entry<String, Episode> entry = open.next();
            Episode episode = entry.getValue();
            if (entry.getKey().startsWith(prefix) && episode.isOver(detector.profile(), time)) {
                open.remove();
                out.accept(episode.tell(Raised.State.CLOSE, detector.profile(), episode.overAt(detector.profile())));
            }
        }
    }

    /** No more will come: what was found since a signal was last told is told. Episodes stay open, nothing ended them. */
    private void finish(Consumer<Raised> out) {
        finish(strangers, out);
        finish(known, out);
        clear();
    }

    private void finish(Map<String, Subject> subjects, Consumer<Raised> out) {
        for (Subject subject : subjects.values()) {
            for (Detector<F, ?> detector : rules.detectors()) {
                String prefix = detector.profile().name() + '\n';
                subject.episodes.forEach((key, episode) -> {
                    if (key.startsWith(prefix) && episode.isUntold()) {
                        out.accept(episode.tell(Raised.State.UPDATE, detector.profile(), passed));
                    }
                });
            }
        }
    }

    private long dueOf(Subject subject) {
        long first = Memory.NEVER;
        for (Memory memory : subject.memories) {
            if (memory != null) {
                first = Math.min(first, Math.min(memory.due(), memory.expires()));
            }
        }
        if (!subject.episodes.isEmpty()) {
            for (Map.Entry<String, Episode> entry : subject.episodes.entrySet()) {
                first = Math.min(first, entry.getValue().overAt(profileOf(entry.getKey())));
            }
        }
        return first;
    }

    private Profile profileOf(String episodeKey) {
        for (Detector<F, ?> detector : rules.detectors()) {
            if (episodeKey.startsWith(detector.profile().name() + '\n')) {
                return detector.profile();
            }
        }
        throw new IllegalStateException("an episode of no detector: " + episodeKey);
    }

    private static boolean isForgettable(Subject subject) {
        return subject.episodes.isEmpty() && Arrays.stream(subject.memories).allMatch(memory -> memory == null);
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
            rules.codec().write(new ArrayList<>(waiting), out);
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
                    out.writeUTF(rules.detectors().get(i).profile().name());
                    write(subject.memories[i], out);
                }
            }
            out.writeUTF("");
            out.writeInt(subject.episodes.size());
            for (Map.Entry<String, Episode> episode : subject.episodes.entrySet()) {
                out.writeUTF(episode.getKey());
                episode.getValue().writeTo(out);
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
        waiting.addAll(rules.codec().read(in));
        read(strangers, in);
        read(known, in);
    }

    private void read(Map<String, Subject> subjects, DataInput in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            Subject subject = new Subject(in.readUTF(), rules.detectors().size());
            subject.facts = in.readLong();
            subject.lastHeard = in.readLong();
            for (String detector = in.readUTF(); !detector.isEmpty(); detector = in.readUTF()) {
                byte[] octets = new byte[in.readInt()];
                in.readFully(octets);
                int index = rules.indexOf(detector);
                if (index >= 0) {
                    subject.memories[index] =
                            rules.detectors().get(index).read(new DataInputStream(new ByteArrayInputStream(octets)));
                }
            }
            for (int j = in.readInt(); j > 0; j--) {
                String key = in.readUTF();
                Episode episode = Episode.readFrom(in);
                if (rules.indexOf(key.substring(0, key.indexOf('\n'))) >= 0) {
                    subject.episodes.put(key, episode);
                }
            }
            subjects.put(subject.name, subject);
            plan(subject, dueOf(subject));
        }
    }
}
