package io.parallax.local.signal;

import io.parallax.capture.source.CaptureFile;
import io.parallax.local.signal.LabelledRecording.Scenario;
import io.parallax.signal.Raised;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which attacks of labelled recordings are found, how soon, and what else is signalled: the tables of
 * docs/benchmarks/signals.md.
 *
 * <pre>SignalEvaluation FOLDER...      (captures named SENSOR.INTERFACE.pcap, and truth.json)</pre>
 */
public final class SignalEvaluation {

    private SignalEvaluation() {}

    public static void main(String[] folders) throws Exception {
        for (String folder : folders) {
            print(Path.of(folder), System.out);
        }
    }

    private static void print(Path folder, PrintStream out) throws Exception {
        LabelledRecording truth = LabelledRecording.read(folder.resolve("truth.json"));
        CaptureSignals found = CaptureSignals.of(captures(folder));
        out.printf(
                "%n%s%n%n| attack | technique | detector | after | why |%n|---|---|---|---|---|%n",
                folder.getFileName());
        for (Scenario attack : truth.attacks()) {
            Optional<Raised> first = truth.found(attack, found.signals());
            out.println(first.map(signal -> "| %s %s | %s | `%s` | %.2f s | %s |"
                            .formatted(
                                    attack.id(),
                                    attack.kind(),
                                    attack.technique(),
                                    signal.detector().name(),
                                    attack.secondsTo(signal),
                                    signal.finding().sentence()))
                    .orElse("| %s %s | %s | missed | | |".formatted(attack.id(), attack.kind(), attack.technique())));
        }
        List<Raised> others = truth.ofNoAttack(found.signals(), found.facts());
        out.printf("%nSignals of no attack: %d%n", others.size());
        others.forEach(signal -> out.printf(
                "- `%s` %s: %s%n",
                signal.detector().name(),
                signal.finding().severity().label(),
                signal.finding().sentence()));
    }

    private static List<CaptureFile> captures(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("cap.*\\.pcap"))
                    .sorted()
                    .map(CaptureFile::named)
                    .toList();
        }
    }
}
