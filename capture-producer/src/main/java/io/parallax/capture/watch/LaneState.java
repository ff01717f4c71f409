package io.parallax.capture.watch;

import java.util.Locale;

/** What became of an interface that was to be captured. */
public enum LaneState {
    /** It is being read. */
    OPEN,

    /** It was read and vanished or went down; it is opened again when it comes back. */
    GONE,

    /** It could not be opened. */
    REFUSED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in metrics. */
    public String label() {
        return label;
    }
}
