package io.parallax.local.scenario;

import io.parallax.io.FlowRecords;
import io.parallax.model.FlowRow;
import io.parallax.wire.Flow;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;

/** The rows that a meter emitted, superseded revisions taken out; a row whose revision does not grow is an error. */
public final class MeteredRows {

    private static final int MOST_DIFFERENCES = 8;

    private final FlowRecords records;
    private final Map<String, Flow> latest = new HashMap<>();

    MeteredRows(int windowSeconds) {
        this.records = new FlowRecords(windowSeconds);
    }

    /** Rows of which the superseded ones have been taken out already. */
    public static MeteredRows of(Collection<Flow> latest) {
        MeteredRows rows = new MeteredRows(1);
        latest.forEach(rows::add);
        return rows;
    }

    void add(FlowRow row) {
        add(records.of(row));
    }

    private void add(Flow flow) {
        Flow before = latest.put(Topics.flowKey(flow), flow);
        if (before != null && before.getRevision() >= flow.getRevision()) {
            throw new AssertionError("revision %d after %d: a reader would keep the older row%n%s%n%s"
                    .formatted(flow.getRevision(), before.getRevision(), before, flow));
        }
    }

    public List<Flow> flows() {
        return List.copyOf(latest.values());
    }

    /**
     * Where these rows differ from {@code expected}, at most {@value #MOST_DIFFERENCES} places: row, column, both values.
     *
     * @param but columns that may differ
     */
    public List<String> differences(MeteredRows expected, String... but) {
        Set<String> keys = new TreeSet<>(latest.keySet());
        keys.addAll(expected.latest.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            Flow found = latest.get(key);
            Flow wanted = expected.latest.get(key);
            if (found == null || wanted == null) {
                differences.add(found == null ? "missing " + wanted : "beyond expectation " + found);
            } else if (!found.equals(wanted)) {
                addColumns(key, found, wanted, Set.of(but), differences);
            }
            if (differences.size() >= MOST_DIFFERENCES) {
                break;
            }
        }
        return differences;
    }

    private static void addColumns(String key, Flow found, Flow wanted, Set<String> but, List<String> differences) {
        for (Schema.Field column : Flow.getClassSchema().getFields()) {
            Object one = found.get(column.pos());
            Object other = wanted.get(column.pos());
            if (!Objects.equals(one, other) && !but.contains(column.name())) {
                differences.add("%s %s: %s instead of %s".formatted(key, column.name(), one, other));
            }
        }
    }

    /** The rows as the topic would hold them, every column of them, sorted: equal for equal results. */
    public List<byte[]> encoded() {
        SingleObjectCodec<Flow> codec = SingleObjectCodec.of(Flow.getClassSchema());
        List<byte[]> rows = new ArrayList<>(latest.size());
        for (Flow row : latest.values()) {
            rows.add(codec.encode(row));
        }
        rows.sort(Arrays::compare);
        return rows;
    }
}
