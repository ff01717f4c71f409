package io.parallax.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far each stream was read: a batch that comes again is recognised by its epoch and sequence, and a missing one leaves
 * a gap that is counted.
 *
 * <p>A restarted producer begins a new epoch at sequence 0. The last {@value #EPOCHS} epochs of a stream are kept, so that
 * a repeat from before the restart is still known as one, whatever the clocks did in between.
 */
public final class StreamPositions {

    static final int EPOCHS = 4;

    /** Position of one epoch of one stream: the sequence expected next and the low watermark asserted last. */
    public static final class Position {
        public final String stream;
        public final long epoch;
        public long nextSequence;
        public long lowWatermarkNanos;

        public Position(String stream, long epoch, long nextSequence, long lowWatermarkNanos) {
            this.stream = stream;
            this.epoch = epoch;
            this.nextSequence = nextSequence;
            this.lowWatermarkNanos = lowWatermarkNanos;
        }
    }

    private final Map<String, Deque<Position>> positions = new HashMap<>();
    private long repeatedHeaders;
    private long missingHeaders;

    /** Leading headers of a batch that were read before; nothing is noted yet. */
    public int known(String stream, long epoch, long firstSequence, int count) {
        Position position = find(stream, epoch);
        return position == null ? 0 : known(position, firstSequence, count);
    }

    private static int known(Position position, long firstSequence, int count) {
        return (int) Math.max(0, Math.min(count, position.nextSequence - firstSequence));
    }

    /**
     * Takes note of a batch. The first one of a stream sets its position without a gap: a job may join late.
     *
     * @return leading headers of the batch that were read before; {@code count} when all were
     */
    public int accept(String stream, long epoch, long firstSequence, int count, long lowWatermarkNanos) {
        Position position = find(stream, epoch);
        if (position == null) {
            position = add(new Position(stream, epoch, firstSequence, lowWatermarkNanos));
        }
        int known = known(position, firstSequence, count);
        repeatedHeaders += known;
        missingHeaders += Math.max(0, firstSequence - position.nextSequence);
        position.nextSequence = Math.max(position.nextSequence, firstSequence + count);
        position.lowWatermarkNanos = Math.max(position.lowWatermarkNanos, lowWatermarkNanos);
        return known;
    }

    private @Nullable Position find(String stream, long epoch) {
        for (Position position : positions.getOrDefault(stream, new ArrayDeque<>())) {
            if (position.epoch == epoch) {
                return position;
            }
        }
        return null;
    }

    private Position add(Position position) {
        Deque<Position> epochs = positions.computeIfAbsent(position.stream, s -> new ArrayDeque<>(EPOCHS));
        if (epochs.size() == EPOCHS) {
            epochs.removeFirst();
        }
        epochs.addLast(position);
        return position;
    }

    /**
     * Takes over a position of an earlier run, the furthest where there are several. Instances store what they once restored
     * along with what they read, in any order: of too many epochs the greatest are kept, or a stale one would push out the
     * one that runs.
     */
    public void restore(Position restored) {
        Position known = find(restored.stream, restored.epoch);
        if (known == null) {
            insert(restored);
        } else {
            known.nextSequence = Math.max(known.nextSequence, restored.nextSequence);
            known.lowWatermarkNanos = Math.max(known.lowWatermarkNanos, restored.lowWatermarkNanos);
        }
    }

    private void insert(Position restored) {
        List<Position> epochs = new ArrayList<>(positions.getOrDefault(restored.stream, new ArrayDeque<>()));
        epochs.add(restored);
        epochs.sort(Comparator.comparingLong(position -> position.epoch));
        List<Position> kept = epochs.subList(Math.max(0, epochs.size() - EPOCHS), epochs.size());
        positions.put(restored.stream, new ArrayDeque<>(kept));
    }

    public void forEach(Consumer<Position> visitor) {
        positions.values().forEach(epochs -> epochs.forEach(visitor));
    }

    /** Headers that were read before and came again since this object was made. */
    public long repeatedHeaders() {
        return repeatedHeaders;
    }

    /** Headers that never came although later ones did, since this object was made. */
    public long missingHeaders() {
        return missingHeaders;
    }

    /** The latest low watermark of any stream; {@code Long.MIN_VALUE} before the first batch. */
    public long latestLowWatermarkNanos() {
        long latest = Long.MIN_VALUE;
        for (Deque<Position> epochs : positions.values()) {
            for (Iterator<Position> each = epochs.iterator(); each.hasNext(); ) {
                latest = Math.max(latest, each.next().lowWatermarkNanos);
            }
        }
        return latest;
    }
}
