package io.parallax.vantage;

import io.parallax.model.SegmentSample;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bucket's windows that have not closed. They are few: the meter states rows when a window ends, and one instance of it
 * is not far ahead of another. Not thread-safe.
 */
public final class SegmentTable {

    private final List<SegmentWindow> windows = new ArrayList<>();

    public boolean isEmpty() {
        return windows.isEmpty();
    }

    public void add(SegmentSample sample) {
        SegmentWindow window = find(sample.windowStart);
        if (window == null) {
            window = new SegmentWindow(sample.windowStart);
            windows.add(window);
        }
        window.add(sample);
    }

    /** Takes a window out; null when nothing came for it. */
    public @Nullable SegmentWindow remove(long start) {
        SegmentWindow window = find(start);
        windows.remove(window);
        return window;
    }

    private @Nullable SegmentWindow find(long start) {
        for (SegmentWindow window : windows) {
            if (window.start() == start) {
                return window;
            }
        }
        return null;
    }

    public SegmentTable copy() {
        SegmentTable copy = new SegmentTable();
        windows.forEach(window -> copy.windows.add(window.copy()));
        return copy;
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(windows.size());
        for (SegmentWindow window : windows) {
            window.writeTo(out);
        }
    }

    public static SegmentTable readFrom(DataInput in) throws IOException {
        SegmentTable table = new SegmentTable();
        for (int i = in.readInt(); i > 0; i--) {
            table.windows.add(SegmentWindow.readFrom(in));
        }
        return table;
    }
}
