package io.parallax.local.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs a command of the system to its end. */
final class Shell {

    private Shell() {}

    static void run(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(script + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
