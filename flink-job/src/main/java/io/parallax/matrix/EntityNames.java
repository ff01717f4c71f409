package io.parallax.matrix;

import io.parallax.model.FlowRow;
import io.parallax.model.Label;
import io.parallax.model.MatrixLevel;
import io.parallax.wire.Addresses;
import org.jspecify.annotations.Nullable;

/**
 * What an end of a row is called at a level. Texts of addresses are kept in a cache that forgets on collision, since making
 * one costs more than adding to a cell. Not thread-safe.
 */
final class EntityNames {

    private static final int SLOTS = 1 << 14;

    private final SubnetRule subnets;
    private final long[] highs = new long[SLOTS];
    private final long[] lows = new long[SLOTS];
    private final int[] kinds = new int[SLOTS];
    private final @Nullable String[] texts = new String[SLOTS];

    EntityNames(SubnetRule subnets) {
        this.subnets = subnets;
    }

    String source(MatrixLevel level, FlowRow row, Label label) {
        return name(level, row, row.sourceHigh, row.sourceLow, label);
    }

    String destination(MatrixLevel level, FlowRow row, Label label) {
        return name(level, row, row.destinationHigh, row.destinationLow, label);
    }

    private String name(MatrixLevel level, FlowRow row, long high, long low, Label label) {
        return switch (level) {
            case ADDRESS -> address(row, high, low);
            case VM -> label.isAttributed() ? label.virtualMachine() : address(row, high, low);
            case APPLICATION -> orUnattributed(label.application());
            case HOST -> orUnattributed(label.host());
            case SUBNET ->
                label.subnet().isEmpty()
                        ? text(row.family, high, low, subnets.prefixLength(row.family))
                        : label.subnet();
        };
    }

    private static String orUnattributed(String name) {
        return name.isEmpty() ? Label.UNATTRIBUTED : name;
    }

    private String address(FlowRow row, long high, long low) {
        return text(row.family, high, low, row.prefixLength);
    }

    private String text(int family, long high, long low, int prefixLength) {
        int kind = (family << 16) | (prefixLength + 1);
        long mixed = (high * 31 + low * 0x9E3779B97F4A7C15L + kind) * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 50);
        String kept = texts[slot];
        if (kept != null && lows[slot] == low && highs[slot] == high && kinds[slot] == kind) {
            return kept;
        }
        String made = prefixLength == FlowRow.NO_AGGREGATE
                ? Addresses.ip(family, high, low)
                : Addresses.subnet(family, high, low, prefixLength);
        highs[slot] = high;
        lows[slot] = low;
        kinds[slot] = kind;
        texts[slot] = made;
        return made;
    }
}
