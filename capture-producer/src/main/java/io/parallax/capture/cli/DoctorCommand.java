package io.parallax.capture.cli;

import io.parallax.capture.doctor.BrokerAnswer;
import io.parallax.capture.doctor.BrokerFindings;
import io.parallax.capture.doctor.FileExamination;
import io.parallax.capture.doctor.Finding;
import io.parallax.capture.doctor.LiveExamination;
import io.parallax.capture.doctor.MachineFindings;
import io.parallax.capture.doctor.Verdict;
import io.parallax.capture.nic.NicOptions;
import io.parallax.capture.publish.KafkaOptions;
import io.parallax.capture.publish.KafkaProbe;
import io.parallax.capture.source.CaptureFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parallax capture doctor}: whether capturing here would show what it is meant to. */
@Command(
        name = "doctor",
        description = "Checks whether this machine can capture and deliver, one line a check. Changes nothing.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        preprocessor = ConfigFile.Preprocessor.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is well, or there are warnings only",
            "1:at least one check failed",
            "2:the command line is wrong"
        })
public final class DoctorCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Options as lines name = value; the command line wins. May be the file of parallax capture.")
    @SuppressWarnings("UnusedVariable") // the preprocessor reads it; here it is for --help and for picocli to know
    private @Nullable Path config;

    @Option(
            names = "--interface",
            split = ",",
            paramLabel = "NAME",
            description = "Interfaces to look at, several with commas between; * and ? stand for any characters.")
    private List<String> interfaces = List.of();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers, several with commas between; without it Kafka is not asked.")
    private String bootstrapServers = "";

    @Option(
            names = "--timeout",
            defaultValue = "10s",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Time without an answer after which Kafka counts as unreachable (default ${DEFAULT-VALUE}).")
    private Duration timeout = KafkaOptions.DEFAULT_TIMEOUT;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            paramLabel = "N",
            description = "How long the interfaces are looked at (default ${DEFAULT-VALUE}). Longer sees more.")
    private int seconds;

    @Option(
            names = "--snap-length",
            defaultValue = "128",
            paramLabel = "OCTETS",
            description = "Octets kept of each frame, as capture would (default ${DEFAULT-VALUE}).")
    private int snapLength;

    @Option(
            names = "--filter",
            defaultValue = "",
            paramLabel = "EXPRESSION",
            description = "libpcap expression, as capture would (default: everything).")
    private String filter = "";

    @Option(names = "--spool-folder", paramLabel = "DIR", description = "Where batches wait for Kafka.")
    private @Nullable Path spool;

    @Parameters(
            arity = "0..*",
            paramLabel = "CAPTURE",
            description = "pcap or pcapng files to look at instead of interfaces.",
            converter = CaptureFileConverter.class)
    private List<CaptureFile> captures = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    private final List<Finding> findings = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        findings.clear();
        if (captures.isEmpty()) {
            examineMachine();
        } else {
            for (CaptureFile capture : captures) {
                examine(capture);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        findings.forEach(finding -> out.println(finding.line()));
        out.flush();
        return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.FAILED) ? 1 : 0;
    }

    private void examine(CaptureFile capture) {
        try {
            findings.addAll(FileExamination.of(capture));
        } catch (IOException e) {
            findings.add(new Finding("file", capture.path().toString(), Verdict.FAILED, Messages.of(e), ""));
        }
    }

    private void examineMachine() throws IOException {
        if (interfaces.isEmpty() || seconds < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    interfaces.isEmpty()
                            ? "nothing to look at; --interface NAME or capture files are needed"
                            : "seconds is " + seconds + ", allowed is 1 or more");
        }
        LiveExamination live;
        try {
            live = new LiveExamination(NicOptions.DEFAULT.withSnapLength(snapLength), filter, seconds);
            if (!bootstrapServers.isEmpty()) {
                kafka();
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), Messages.of(e), e);
        }
        findings.add(MachineFindings.clock());
        if (spool != null) {
            findings.add(MachineFindings.spool(spool));
        }
        findings.addAll(live.examine(interfaces, this::brokers));
    }

    private KafkaOptions kafka() {
        return new KafkaOptions(bootstrapServers, KafkaOptions.DEFAULT_PARTITIONS, timeout);
    }

    /** Asked while the interfaces are open, so that our own traffic shows where it is captured. */
    private Set<InetSocketAddress> brokers() {
        if (bootstrapServers.isEmpty()) {
            return Set.of();
        }
        try {
            BrokerAnswer answer = new KafkaProbe(kafka()).ask();
            findings.addAll(BrokerFindings.of(answer));
            return answer.brokers();
        } catch (IOException e) {
            findings.add(BrokerFindings.unreachable(Messages.of(e)));
            return Set.of();
        }
    }
}
