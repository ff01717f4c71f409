package io.parallax.capture.nic;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The yardstick: C, writing every frame to /dev/null. */
final class TcpdumpReader extends LiveReader {

    /** tcpdump lets a frame wait in the ring for a second, so it is through only when it was quiet for longer. */
    private static final int IDLE_ROUNDS = 300;

    private final Process tcpdump;
    private final BufferedReader said;
    private final long startNanos;

    TcpdumpReader(String name, NicOptions options) throws IOException {
        tcpdump = new ProcessBuilder(
                        "tcpdump",
                        "-n",
                        "-i",
                        name,
                        "-s",
                        String.valueOf(options.snapLength()),
                        "-B",
                        String.valueOf(options.bufferOctets() / 1024),
                        "-w",
                        "/dev/null")
                .redirectErrorStream(true)
                .start();
        said = tcpdump.inputReader(StandardCharsets.UTF_8);
        String line = said.readLine();
        while (line != null && !line.contains("listening on")) {
            line = said.readLine();
        }
        startNanos = cpuNanos();
    }

    @Override
    Count finish(long arrived) throws IOException {
        long cpu = cpuNanos();
        for (int idle = 0; idle < IDLE_ROUNDS; ) {
            pause();
            long now = cpuNanos();
            idle = now - cpu < 500_000 ? idle + 1 : 0;
            cpu = now;
        }
        // Process.destroy would close the stream that the totals come on.
        tcpdump.toHandle().destroy();
        long read = 0;
        long dropped = 0;
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.endsWith("captured")) {
                read = Long.parseLong(line.substring(0, line.indexOf(' ')));
            } else if (line.endsWith("dropped by kernel")) {
                dropped = Long.parseLong(line.substring(0, line.indexOf(' ')));
            }
        }
        return new Count(read, dropped, cpu - startNanos);
    }

    /** Of its only thread, as the scheduler counts (proc(5): schedstat). */
    private long cpuNanos() throws IOException {
        String schedule = Files.readString(Path.of("/proc", String.valueOf(tcpdump.pid()), "schedstat"));
        return Long.parseLong(schedule.substring(0, schedule.indexOf(' ')));
    }

    @Override
    public void close() throws IOException {
        tcpdump.destroy();
        said.close();
    }
}
