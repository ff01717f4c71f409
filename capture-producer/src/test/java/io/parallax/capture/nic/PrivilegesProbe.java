package io.parallax.capture.nic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * A process of its own that gives its privileges up and says on standard output what it has left; a test can't do it to itself.
 *
 * <p>Arguments: the interface to read, and the user to become, or {@code -} to drop capabilities only. It waits for a line on
 * standard input before it reads.
 */
final class PrivilegesProbe {

    private PrivilegesProbe() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String name = arguments[0];
        // One thread older than the drop, asleep all the time.
        CountDownLatch end = new CountDownLatch(1);
        Thread older = new Thread(() -> await(end), "older");
        older.setDaemon(true);
        older.start();
        System.out.println("may capture " + Privileges.mayCapture());
        Nic nic;
        try {
            nic = Nic.open(name, NicOptions.DEFAULT.withBufferOctets(1024 * 1024), "");
        } catch (NicException e) {
            System.out.println("refused " + e.getMessage());
            return;
        }
        if (arguments[1].equals("-")) {
            System.out.println(
                    "privileged others " + !Privileges.dropCapabilities().isEmpty());
        } else {
            Privileges.become(arguments[1]);
        }
        statuses().forEach(System.out::println);
        System.out.println("may capture " + Privileges.mayCapture());
        try {
            Nic.open(name, NicOptions.DEFAULT, "").close();
            System.out.println("opened again");
        } catch (NicException e) {
            System.out.println("refused " + e.getMessage());
        }
        System.out.println("ready");
        System.in.read();
        System.out.println("read " + Recording.of(nic, 10).frames.size());
        System.out.println("counted " + nic.counters().received());
        nic.close();
        end.countDown();
    }

    /** One line a thread: its name, capabilities, real, effective, saved and file user. */
    private static List<String> statuses() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.map(PrivilegesProbe::status).toList();
        }
    }

    private static String status(Path task) {
        try {
            StringBuilder line = new StringBuilder("thread");
            for (String field : Files.readAllLines(task.resolve("status"))) {
                if (field.matches("(CapPrm|CapEff|CapAmb|Uid|Gid|Groups|NoNewPrivs):.*")) {
                    line.append(' ').append(field.replaceAll("\\s+", " ").strip());
                }
            }
            return line.toString();
        } catch (IOException e) {
            return "ended";
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
