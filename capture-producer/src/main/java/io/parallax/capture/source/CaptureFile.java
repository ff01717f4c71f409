package io.parallax.capture.source;

import java.nio.file.Path;

/**
 * A capture file and the observation point that recorded it.
 *
 * <p>Written {@code SENSOR:INTERFACE=FILE}, or just {@code FILE}; then the name says it:
 * <pre>
 *   capvm1.cap0.pcap      sensor capvm1, interface cap0
 *   rack.7.cap0.pcapng    sensor rack.7, interface cap0    (the last dot parts the two)
 *   foo.pcap              sensor foo,    interface 0
 *   foo                   sensor foo,    interface 0
 * </pre>
 * The last extension is dropped if it is one of {@code pcap pcapng cap dmp trace ntar}. An argument is read as the first
 * form only where a colon comes before the first equals sign and no slash comes before that, so paths that hold such
 * characters can be given with a leading {@code ./}.
 *
 * @param sensor name of the capturing machine, not empty
 * @param interfaceName name of its interface, not empty
 */
public record CaptureFile(Path path, String sensor, String interfaceName) {

    /** Interface of a file whose name has none. */
    static final String FIRST_INTERFACE = "0";

    /** Reads a command line argument of either form. Throws IllegalArgumentException where sensor or interface is empty. */
    public static CaptureFile parse(String argument) {
        int equals = argument.indexOf('=');
        int colon = argument.indexOf(':');
        int slash = argument.indexOf('/');
        if (colon < 0 || equals < colon || (slash >= 0 && slash < equals)) {
            return named(Path.of(argument));
        }
        String sensor = argument.substring(0, colon);
        String interfaceName = argument.substring(colon + 1, equals);
        String file = argument.substring(equals + 1);
        if (sensor.isEmpty() || interfaceName.isEmpty() || file.isEmpty()) {
            throw new IllegalArgumentException(
                    "capture '" + argument + "': sensor, interface and file must not be empty; allowed is"
                            + " SENSOR:INTERFACE=FILE, or FILE");
        }
        return new CaptureFile(Path.of(file), sensor, interfaceName);
    }

    /** Takes sensor and interface from the file's name. */
    public static CaptureFile named(Path path) {
        Path last = path.getFileName();
        String name = withoutExtension(last == null ? path.toString() : last.toString());
        int dot = name.lastIndexOf('.');
        if (dot > 0 && dot < name.length() - 1) {
            return new CaptureFile(path, name.substring(0, dot), name.substring(dot + 1));
        }
        return new CaptureFile(path, name, FIRST_INTERFACE);
    }

    private static String withoutExtension(String name) {
        int dot = name.lastIndexOf('.');
        if (dot <= 0) {
            return name;
        }
        return switch (name.substring(dot + 1)) {
            case "pcap", "pcapng", "cap", "dmp", "trace", "ntar" -> name.substring(0, dot);
            default -> name;
        };
    }
}
