package io.parallax.model;

import java.util.Locale;

/** What the rows and columns of a matrix are. */
public enum MatrixLevel {
    ADDRESS,
    VM,
    APPLICATION,
    SUBNET,
    /** Hypervisor. */
    HOST;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of column {@code level}. */
    public String label() {
        return label;
    }
}
