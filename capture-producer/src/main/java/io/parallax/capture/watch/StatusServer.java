package io.parallax.capture.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code /metrics}, {@code /health} and {@code /}, the last with what the others are.
 *
 * <p>It has no authentication: bind it to loopback, or to a network of the operator's. Requests are answered one after the
 * other by one thread of its own, which outlives nothing: it is a daemon.
 */
public final class StatusServer implements AutoCloseable {

    public static final int DEFAULT_PORT = 9_464;

    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; charset=utf-8";

    private static final String INDEX = """
            Parallax capture, sensor %s

            /health   200 while all is well, else 503; JSON with what is wrong, since when, and what to do
            /metrics  Prometheus text, or OpenMetrics for who asks for it
            """;

    private final HttpServer server;
    private final ExecutorService thread;

    private StatusServer(HttpServer server, ExecutorService thread) {
        this.server = server;
        this.thread = thread;
    }

    /** The address that nobody outside reaches. */
    public static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * @param address port 0 for any that is free
     * @param status asked at every request, in the server's thread; must not wait
     * @throws IOException if the address is taken; the message names it
     */
    public static StatusServer start(InetSocketAddress address, Supplier<CaptureStatus> status) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("status can't be served at " + address + ": " + e.getMessage(), e);
        }
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread answering = new Thread(task, "status-server");
            answering.setDaemon(true);
            return answering;
        });
        server.setExecutor(thread);
        server.createContext("/", exchange -> answer(exchange, status));
        server.start();
        return new StatusServer(server, thread);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static void answer(HttpExchange exchange, Supplier<CaptureStatus> status) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            Page page;
            if (method.equals("GET") || method.equals("HEAD")) {
                page = page(exchange, status);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                page = Page.of(METHOD_NOT_ALLOWED, TEXT, method + " is not allowed; allowed are GET and HEAD\n");
            }
            send(exchange, page, method.equals("HEAD"));
        }
    }

    private static Page page(HttpExchange exchange, Supplier<CaptureStatus> status) {
        String path = exchange.getRequestURI().getPath();
        try {
            CaptureStatus now = status.get();
            return switch (path) {
                case "/metrics" -> metrics(exchange, now);
                case "/health" ->
                    Page.of(
                            now.problems().isEmpty() ? OK : UNAVAILABLE,
                            "application/json; charset=utf-8",
                            HealthJson.of(now));
                case "/" -> Page.of(OK, TEXT, INDEX.formatted(now.sensor()));
                default -> Page.of(NOT_FOUND, TEXT, "nothing is here; there are /, /health and /metrics\n");
            };
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} could not be answered", path, e);
            return Page.of(FAILED, TEXT, "the status can't be read: " + e + "\n");
        }
    }

    private static Page metrics(HttpExchange exchange, CaptureStatus now) throws IOException {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        MetricsPage page = MetricsPage.of(now, accept == null ? "" : accept);
        return new Page(OK, page.contentType(), page.octets());
    }

    private static void send(HttpExchange exchange, Page page, boolean isHead) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", page.contentType);
        exchange.sendResponseHeaders(page.code, isHead ? -1 : page.octets.length);
        if (!isHead) {
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(page.octets);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Page(int code, String contentType, byte[] octets) {

        static Page of(int code, String contentType, String text) {
            return new Page(code, contentType, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
