package io.parallax.local.report.page;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Chromium without a screen: opens a page, presses keys as a person does, and hears what the page complains of. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHIFT = 8;

    /** Codes of keys that do more than write (UI Events KeyboardEvent key Values; Windows virtual key codes). */
    private static final Map<String, Integer> KEYS = Map.of(
            "Tab",
            9,
            "Enter",
            13,
            "Escape",
            27,
            " ",
            32,
            "ArrowLeft",
            37,
            "ArrowUp",
            38,
            "ArrowRight",
            39,
            "ArrowDown",
            40);

    private final Process process;
    private final Path profile;
    private final DevTools tools;

    private Browser(Process process, Path profile, DevTools tools) {
        this.process = process;
        this.profile = profile;
        this.tools = tools;
    }

    /** Where the browser is, or the empty path where there is none. */
    private static Path binary() {
        for (String folder : System.getenv("PATH").split(":")) {
            for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
                if (Files.isExecutable(Path.of(folder, name))) {
                    return Path.of(folder, name);
                }
            }
        }
        return Path.of("");
    }

    /** Starts one with a profile of its own in {@code work}; where there is none, the test is left out and says so. */
    static Browser start(Path work) throws IOException {
        assumeTrue(!binary().toString().isEmpty(), "no chromium on the PATH: the page is not looked at");
        Path profile = Files.createTempDirectory(work, "profile");
        List<String> command = new ArrayList<>(List.of(
                binary().toString(),
                "--headless",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--no-sandbox"); // Chromium refuses to start as root otherwise
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("browser.log").toFile())
                .start();
        try {
            return new Browser(process, profile, attach(profile.resolve("DevToolsActivePort")));
        } catch (IOException | RuntimeException e) {
            process.destroy();
            throw e;
        }
    }

    /** The browser writes its port and its path into this file once it listens. */
    private static DevTools attach(Path port) throws IOException {
        await().atMost(PATIENCE)
                .until(() -> Files.exists(port) && Files.readString(port).contains("/"));
        List<String> lines = Files.readAllLines(port);
        DevTools tools = DevTools.attach(URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            tools.send(domain + ".enable", Map.of());
        }
        return tools;
    }

    /** Opens the page and waits until it was loaded and drawn. */
    Browser open(Path page) {
        int loaded = tools.events("Page.loadEventFired").size();
        tools.send("Page.navigate", Map.of("url", page.toUri().toString()));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> tools.events("Page.loadEventFired").size() > loaded);
        evaluate("new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))");
        return this;
    }

    /** A screen of this size, in CSS pixels. */
    Browser screen(int widthPixels, int heightPixels) {
        tools.send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", widthPixels, "height", heightPixels, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /** What the system wishes: light or dark. */
    Browser scheme(String colors) {
        Map<String, String> wish = Map.of("name", "prefers-color-scheme", "value", colors);
        tools.send("Emulation.setEmulatedMedia", Map.of("features", List.of(wish)));
        return this;
    }

    /** Value of an expression of JavaScript in the page; of a promise, what it comes to. */
    JsonNode evaluate(String expression) {
        JsonNode result = tools.send(
                "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Presses and releases a key, by its name in the DOM. */
    Browser press(String key) {
        return press(key, 0);
    }

    /** Presses a key while the shift key is down. */
    Browser pressShift(String key) {
        return press(key, SHIFT);
    }

    private Browser press(String key, int modifiers) {
        Map<String, Object> event = new HashMap<>();
        event.put("key", key);
        event.put("code", key);
        event.put("modifiers", modifiers);
        event.put("windowsVirtualKeyCode", Objects.requireNonNull(KEYS.get(key), key));
        event.put("type", "rawKeyDown");
        tools.send("Input.dispatchKeyEvent", event);
        if (key.equals("Enter") || key.equals(" ")) {
            tools.send(
                    "Input.dispatchKeyEvent",
                    Map.of("type", "char", "text", key.equals("Enter") ? "\r" : " ", "key", key));
        }
        event.put("type", "keyUp");
        tools.send("Input.dispatchKeyEvent", event);
        return this;
    }

    /** Types text into what has the focus, key by key. */
    Browser type(String text) {
        text.chars()
                .forEach(letter -> List.of("keyDown", "keyUp")
                        .forEach(type -> tools.send(
                                "Input.dispatchKeyEvent",
                                type.equals("keyDown")
                                        ? Map.of("type", type, "key", "" + (char) letter, "text", "" + (char) letter)
                                        : Map.of("type", type, "key", "" + (char) letter))));
        return this;
    }

    /** Errors and warnings of the page's program, of its console and of the browser about it. */
    List<String> complaints() {
        return Stream.of("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
                .flatMap(event -> tools.events(event).stream())
                .map(JsonNode::toString)
                .toList();
    }

    /** Addresses that the page asked for, the document itself among them. */
    List<String> requests() {
        return tools.events("Network.requestWillBeSent").stream()
                .map(request -> request.path("request").path("url").asText())
                .toList();
    }

    /** The elements of an array, as text. */
    List<String> texts(String expression) {
        return StreamSupport.stream(evaluate(expression).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Override
    public void close() throws IOException {
        tools.close();
        List<ProcessHandle> started = process.descendants().toList();
        process.destroy();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        await().atMost(PATIENCE).until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
        // Links to where it was listening, which outlive it.
        for (String link : List.of("SingletonLock", "SingletonSocket", "SingletonCookie")) {
            Files.deleteIfExists(profile.resolve(link));
        }
    }
}
