package io.parallax.local.report;

import java.util.Locale;

/** Numbers as people read them, the same in every country. */
final class Numbers {

    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};
    private static final int STEP = 1000;

    private Numbers() {}

    /** {@link String#format} in the root locale. */
    static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }

    /** A count with thousands apart: 1,234,567. */
    static String count(long number) {
        return format("%,d", number);
    }

    /** Octets with an SI prefix and three digits: 1.23 MB. */
    static String octets(long number) {
        double value = number;
        int prefix = 0;
        // 999.5 would be shown as 1000.
        while (value >= STEP - 0.5 && prefix < PREFIXES.length - 1) {
            value /= STEP;
            prefix++;
        }
        int decimals = prefix == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return format("%." + decimals + "f %sB", value, PREFIXES[prefix]);
    }
}
