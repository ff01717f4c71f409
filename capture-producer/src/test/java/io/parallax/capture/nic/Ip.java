package io.parallax.capture.nic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** ip(8) and what goes with it. */
final class Ip {

    private Ip() {}

    /** @throws IOException with what the command said, if it fails */
    static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", List.of(command)) + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + String.join(" ", List.of(command)), e);
        }
    }
}
