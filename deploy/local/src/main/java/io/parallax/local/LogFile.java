package io.parallax.local;

import java.nio.file.Path;

/** Where broker, Flink and job write what a user does not want to read on the terminal. */
final class LogFile {

    // Both are read by log4j2.xml when the first logger is made.
    private static final String FILE = "parallax.log.file";

    private static final String CONSOLE = "parallax.log.console";

    private LogFile() {}

    /** Sends log lines to {@code file} only; without effect once a logger was made, or where properties say otherwise. */
    static void use(Path file) {
        System.getProperties().putIfAbsent(FILE, file.toString());
        System.getProperties().putIfAbsent(CONSOLE, "OFF");
    }
}
