package io.parallax.matrix;

import io.parallax.model.MatrixDelta;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A bucket's part of the matrix: its cells in every window that can still change, oldest window first. Not thread-safe. */
public final class CellTable {

    private final List<WindowCells> windows;

    public CellTable() {
        this(new ArrayList<>());
    }

    private CellTable(List<WindowCells> windows) {
        this.windows = windows;
    }

    public boolean isEmpty() {
        return windows.isEmpty();
    }

    /**
     * Folds {@code delta} into its cell.
     *
     * @return true when nothing of its window was unstated before: somebody has to remember to state it
     */
    public boolean add(MatrixDelta delta) {
        WindowCells cells = window(delta.windowStart);
        boolean wasStated = !cells.hasUnstated();
        cells.add(delta);
        return wasStated;
    }

    /** Searched from the newest, which is nearly always the one. */
    private WindowCells window(long start) {
        int at = windows.size();
        while (at > 0 && windows.get(at - 1).start() > start) {
            at--;
        }
        if (at > 0 && windows.get(at - 1).start() == start) {
            return windows.get(at - 1);
        }
        WindowCells cells = new WindowCells(start);
        windows.add(at, cells);
        return cells;
    }

    /** Passes on the windows that are over at {@code watermarkMillis} and have anything unstated, and marks them stated. */
    public void state(CellSchedule schedule, long watermarkMillis, Consumer<WindowCells> out) {
        for (WindowCells cells : windows) {
            if (cells.hasUnstated() && schedule.closesAt(cells.start()) <= watermarkMillis) {
                out.accept(cells);
                cells.markStated();
            }
        }
    }

    /** Forgets the windows that no revision can reach any more at {@code watermarkMillis}. */
    public void forget(CellSchedule schedule, long watermarkMillis) {
        windows.removeIf(cells -> schedule.forgottenAt(cells.start()) <= watermarkMillis);
    }

    public CellTable copy() {
        List<WindowCells> copied = new ArrayList<>(windows.size());
        windows.forEach(cells -> copied.add(cells.copy()));
        return new CellTable(copied);
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(windows.size());
        for (WindowCells cells : windows) {
            cells.writeTo(out);
        }
    }

    public static CellTable readFrom(DataInput in) throws IOException {
        int count = in.readInt();
        List<WindowCells> windows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            windows.add(WindowCells.readFrom(in));
        }
        return new CellTable(windows);
    }
}
