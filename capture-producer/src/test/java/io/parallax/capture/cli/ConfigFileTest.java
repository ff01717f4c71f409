package io.parallax.capture.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ConfigFileTest {

    @TempDir
    Path folder;

    private final Sample sample = new Sample();
    private final Below below = new Below();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine = new CommandLine(sample)
            .addSubcommand("below", below)
            .setErr(new PrintWriter(err, true))
            .setOut(new PrintWriter(err, true));

    @Test
    void valuesOfEveryKindComeFromTheFile() throws IOException {
        assertThat(run("""
                # a comment
                seconds = 7

                interface=eth1,eth2
                promiscuous = true
                linger = 3s
                """)).isZero();

        assertThat(sample.seconds).isEqualTo(7);
        assertThat(sample.interfaces).containsExactly("eth1", "eth2");
        assertThat(sample.promiscuous).isTrue();
        assertThat(sample.linger).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aRequiredOptionMayBeInTheFile() throws IOException {
        assertThat(commandLine.execute()).isEqualTo(2);
        assertThat(run("seconds = 7")).isZero();
    }

    @Test
    void theCommandLineWins() throws IOException {
        assertThat(run("seconds = 7\ninterface = eth1,eth2\n", "--seconds", "9", "--interface=lo"))
                .isZero();

        assertThat(sample.seconds).isEqualTo(9);
        assertThat(sample.interfaces).containsExactly("lo");
    }

    @Test
    void aFlagInBothPlacesIsOn() throws IOException {
        assertThat(run("seconds = 7\npromiscuous = true\n", "--promiscuous")).isZero();
        assertThat(sample.promiscuous).isTrue();
        assertThat(run("seconds = 7\npromiscuous = false\n", "--promiscuous")).isZero();
        assertThat(sample.promiscuous).isTrue();
        assertThat(run("seconds = 7\npromiscuous = false\n")).isZero();
        assertThat(sample.promiscuous).isFalse();
    }

    @Test
    void theFileOfTheRunBeforeIsForgotten() throws IOException {
        assertThat(run("seconds = 7\nlinger = 3s\n")).isZero();
        assertThat(commandLine.execute("--seconds", "1")).isZero();

        assertThat(sample.linger).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearestOrAllThatAreAllowed() throws IOException {
        assertThat(run("seconds = 7\n\nintreface = eth1\n")).isEqualTo(2);
        assertThat(err.toString())
                .contains("parallax.conf, line 3, 'intreface = eth1'")
                .contains("'intreface' is not known; did you mean 'interface'?");
        assertThat(run("colour = red")).isEqualTo(2);
        assertThat(err.toString()).contains("allowed are interface, linger, promiscuous, seconds");
    }

    @Test
    void neitherConfigNorHelpIsAName() throws IOException {
        assertThat(run("config = other.conf")).isEqualTo(2);
        assertThat(err.toString()).contains("'config' is not known");
        assertThat(run("help = true")).isEqualTo(2);
        assertThat(err.toString()).contains("'help' is not known");
    }

    @Test
    void aBadValueIsRefusedWhereItStands() throws IOException {
        assertThat(run("seconds = soon")).isEqualTo(2);
        assertThat(err.toString())
                .contains("parallax.conf, line 1, 'seconds = soon'")
                .contains("'soon' is not an int");
        assertThat(run("linger = soon\nseconds = 1")).isEqualTo(2);
        assertThat(err.toString()).contains("'soon' is not a duration").contains("such as 10s");
        assertThat(run("promiscuous = yes")).isEqualTo(2);
        assertThat(err.toString()).contains("'yes' is not allowed for a flag; allowed are true and false");
        assertThat(run("seconds =")).isEqualTo(2);
        assertThat(err.toString()).contains("the value is empty");
        assertThat(run("seconds 7")).isEqualTo(2);
        assertThat(err.toString()).contains("not of the form name = value");
    }

    @Test
    void aBadValueIsRefusedAlthoughTheCommandLineHasABetterOne() throws IOException {
        assertThat(run("seconds = soon", "--seconds", "1")).isEqualTo(2);
    }

    @Test
    void aDoubledNameIsRefused() throws IOException {
        assertThat(run("seconds = 7\nlinger = 1s\nseconds = 7\n")).isEqualTo(2);
        assertThat(err.toString()).contains("line 3").contains("'seconds' is in line 1 already");
    }

    @Test
    void aFileThatCannotBeReadIsRefused() throws IOException {
        assertThat(commandLine.execute("--config", folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is no such file");
        assertThat(commandLine.execute("--config=" + folder)).isEqualTo(2);
        assertThat(err.toString()).contains("it is a folder");
        Path octets = Files.write(folder.resolve("octets"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(commandLine.execute("--config", octets.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("octets can't be read");
        assertThat(commandLine.execute("--seconds", "1", "--config")).isEqualTo(2);
        assertThat(err.toString()).contains("--config");
    }

    @Test
    void aCommandBelowReadsTheSameFile() throws IOException {
        Path file = Files.writeString(folder.resolve("parallax.conf"), "seconds = 7\ndeep = 3\n");

        assertThat(commandLine.execute("--seconds=1", "below", "--config", file.toString()))
                .isZero();

        assertThat(below.deep).isEqualTo(3);
        assertThat(sample.seconds).isEqualTo(1);
    }

    private int run(String content, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("parallax.conf"), content);
        String[] arguments = new String[more.length + 2];
        System.arraycopy(more, 0, arguments, 0, more.length);
        arguments[more.length] = "--config";
        arguments[more.length + 1] = file.toString();
        return commandLine.execute(arguments);
    }

    @Command(name = "sample", mixinStandardHelpOptions = true, preprocessor = ConfigFile.Preprocessor.class)
    static final class Sample implements Runnable {

        @Option(names = "--config")
        @Nullable
        Path config;

        @Option(names = "--seconds", required = true)
        int seconds;

        @Option(names = "--interface", split = ",")
        List<String> interfaces = List.of();

        @Option(names = "--promiscuous")
        boolean promiscuous;

        @Option(names = "--linger", defaultValue = "1s", converter = DurationConverter.class)
        Duration linger = Duration.ZERO;

        @Override
        public void run() {}
    }

    @Command(name = "below", preprocessor = ConfigFile.Preprocessor.class)
    static final class Below implements Runnable {

        @Option(names = "--config")
        @Nullable
        Path config;

        @Option(names = "--deep")
        int deep;

        @Override
        public void run() {}
    }
}
