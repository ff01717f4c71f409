package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PrivilegesTest {

    private static final String NOTHING = "0000000000000000";

    @TempDir
    private Path folder;

    @BeforeEach
    void needsRealInterfaces() {
        Root.orSkip();
    }

    @Test
    void rootBecomesNobodyInEveryThreadAndReadsOn() throws IOException {
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender()) {
            Process probe = probe(List.of(), pair.name(), "nobody");
            List<String> said = converse(probe, sender);

            assertThat(said).startsWith("may capture true");
            assertThat(threads(said))
                    .hasSizeGreaterThan(8)
                    .allSatisfy(thread -> assertThat(thread)
                            .contains("CapPrm: " + NOTHING)
                            .contains("CapEff: " + NOTHING)
                            .contains("Uid: 65534 65534 65534 65534")
                            .contains("Gid: 65534 65534 65534 65534")
                            .contains("Groups: CapPrm")
                            .contains("CapAmb: " + NOTHING));
            assertThat(threads(said)).anyMatch(thread -> thread.endsWith("NoNewPrivs: 1"));
            assertThat(said).contains("may capture false", "read 10", "counted 10");
            assertThat(said)
                    .filteredOn(line -> line.startsWith("refused"))
                    .singleElement()
                    .asString()
                    .contains("interface " + pair.name(), "the process lacks CAP_NET_RAW", "run as root", "setcap");
        }
    }

    /** What it can't do is as much a fact as what it can. */
    @Test
    void anotherUserDropsTheCapabilityInItsOwnThreadOnly() throws IOException {
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender()) {
            List<String> ambient = List.of(
                    "setpriv",
                    "--reuid=65534",
                    "--regid=65534",
                    "--clear-groups",
                    "--inh-caps=+net_raw",
                    "--ambient-caps=+net_raw");
            List<String> said = converse(probe(ambient, pair.name(), "-"), sender);

            assertThat(said).startsWith("may capture true");
            assertThat(said).contains("privileged others true", "may capture false", "read 10", "counted 10");
            assertThat(threads(said)).anyMatch(thread -> thread.contains("CapEff: " + NOTHING));
            assertThat(threads(said)).anyMatch(thread -> thread.contains("CapEff: 0000000000002000"));
        }
    }

    @Test
    void withoutTheCapabilityTheErrorSaysHowToGetIt() throws IOException {
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender()) {
            List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

            assertThat(converse(probe(nobody, pair.name(), "-"), sender))
                    .first()
                    .isEqualTo("may capture false");
        }
    }

    @Test
    void withoutLibpcapTheErrorSaysHowToGetIt() throws IOException {
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender()) {
            Process probe = probe(List.of(), "-Dorg.pcap4j.core.pcapLibName=nosuchpcap", pair.name(), "-");

            assertThat(converse(probe, sender))
                    .anyMatch(line -> line.startsWith("refused live capture needs libpcap")
                            && line.contains("apt-get install libpcap0.8"));
        }
    }

    @Test
    void onlyAUserThatIsLessThanRootWillDo() {
        assertThatThrownBy(() -> Privileges.become("nosuchuser"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nosuchuser: there is none");
        assertThatThrownBy(() -> Privileges.become("root")).hasMessageContaining("it is root");
        assertThat(Privileges.mayCapture()).isTrue();
    }

    private static List<String> threads(List<String> said) {
        return said.stream().filter(line -> line.startsWith("thread")).toList();
    }

    /** Waits until it is ready, lets ten frames arrive and hears it out. */
    private static List<String> converse(Process probe, FrameSender sender) throws IOException {
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = probe.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                if (line.equals("ready")) {
                    sender.send(Frames.numbered(53, 10, 100), 10, 0);
                    probe.getOutputStream().write('\n');
                    probe.getOutputStream().close();
                }
            }
        }
        return said;
    }

    private Process probe(List<String> before, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", readable()));
        int options = arguments.length - 2;
        command.addAll(Arrays.asList(arguments).subList(0, options));
        command.add(PrivilegesProbe.class.getName());
        command.addAll(Arrays.asList(arguments).subList(options, arguments.length));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("standard-error").toFile())
                .start();
    }

    /** The class path where anybody may read it: classes are loaded after the change of user, too. */
    private String readable() throws IOException {
        Path copies = Files.createDirectories(folder.resolve("classpath"));
        List<Path> entries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> Files.isDirectory(path)
                        || path.getFileName()
                                .toString()
                                .matches("(pcap4j-core|jna|slf4j-api|jspecify|assertj-core)-.*"))
                .toList();
        List<String> readable = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Path copy = copies.resolve(i + "-" + entries.get(i).getFileName());
            copyAll(entries.get(i), copy);
            readable.add(copy.toString());
        }
        openUp(folder);
        return String.join(File.pathSeparator, readable);
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.collect(Collectors.toList())) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void openUp(Path folder) throws IOException {
        Ip.run("chmod", "-R", "a+rX", folder.toString());
    }
}
