package io.parallax.signal;

import java.util.Locale;

/** How bad it is if true. */
public enum Severity {
    /** Worth knowing. */
    INFORMATIONAL(0),
    LOW(1),
    MEDIUM(2),
    HIGH(3),
    CRITICAL(4);

    private static final Severity[] SEVERITIES = values();

    private final int code;

    Severity(int code) {
        this.code = code;
    }

    static Severity ofCode(int code) {
        return SEVERITIES[code];
    }

    /** As written in state, and the greater the worse. */
    public int code() {
        return code;
    }

    /** As in column {@code severity}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
