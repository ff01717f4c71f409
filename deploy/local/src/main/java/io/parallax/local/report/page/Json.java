package io.parallax.local.report.page;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON that may stand inside a script element.
 *
 * <p>Names come from an inventory that others fill: a name with {@code </script>} must not end the element, so every
 * angle bracket and ampersand is written as an escape (HTML, 4.12.1.3).
 */
final class Json {

    private static final char FIRST_PRINTABLE = 0x20;

    private Json() {}

    /** Writes maps, collections, numbers, booleans and null as such, and all else as text. */
    static void write(StringBuilder out, @Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(out, map);
        } else if (value instanceof Collection<?> values) {
            writeAll(out, values);
        } else {
            writeText(out, value.toString());
        }
    }

    private static void writeMap(StringBuilder out, Map<?, ?> map) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            writeText(out, String.valueOf(entry.getKey()));
            out.append(':');
            write(out, entry.getValue());
            separator = ",";
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    private static void writeAll(StringBuilder out, Collection<?> values) {
        String separator = "[";
        for (Object value : values) {
            out.append(separator);
            write(out, value);
            separator = ",";
        }
        out.append(values.isEmpty() ? "[]" : "]");
    }

    private static void writeText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < FIRST_PRINTABLE || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c > '~') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
