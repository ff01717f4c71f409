package io.parallax.local;

import io.parallax.local.cluster.EmbeddedBroker;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parallax broker}: a standing Kafka broker, for trying things out. */
@Command(
        name = "broker",
        description = {
            "Runs one Kafka broker until it is stopped, for trying Parallax out without a Kafka of one's own.",
            "It has no replicas, no authentication and no encryption: listen on an address that only you reach."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BrokerCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--listen",
            defaultValue = "127.0.0.1:9092",
            paramLabel = "HOST:PORT",
            description = "Address to listen on, as clients reach it (default ${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(
            names = "--folder",
            defaultValue = "parallax-broker",
            paramLabel = "DIR",
            description = "Its log; a broker started again with the same one goes on (default ${DEFAULT-VALUE}).")
    private Path folder = Path.of("parallax-broker");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        int colon = listen.lastIndexOf(':');
        String host = listen.substring(0, Math.max(0, colon));
        int port = portOf(listen.substring(colon + 1));
        if (host.isEmpty() || port < 1 || port > MAX_PORT) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--listen is " + listen + ", allowed is HOST:PORT with a port of 1 to " + MAX_PORT);
        }
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        PrintWriter err = spec.commandLine().getErr();
        try (EmbeddedBroker broker = EmbeddedBroker.at(host, port, folder.toAbsolutePath())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stopped, ended), "stop"));
            err.println("broker at " + broker.bootstrapServers() + ", log in " + folder + "; Ctrl-C ends it");
            err.flush();
            stopped.await();
        } finally {
            ended.countDown();
        }
        return 0;
    }

    /** The JVM ends when its hooks do: this one waits for the broker's files to be closed. */
    private static void end(CountDownLatch stopped, CountDownLatch ended) {
        stopped.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int portOf(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
