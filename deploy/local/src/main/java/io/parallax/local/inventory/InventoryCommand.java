package io.parallax.local.inventory;

import io.parallax.io.JobTopics;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code parallax inventory}: names for the addresses that flows run between. */
@Command(
        name = "inventory",
        description = "Tells the job who held which address when: names of virtual machines, subnets and hosts.",
        mixinStandardHelpOptions = true,
        subcommands = {InventoryCommand.Load.class, InventoryCommand.Check.class, InventoryCommand.Show.class})
public final class InventoryCommand implements Callable<Integer> {

    private static final String ORIGIN = "file";
    private static final int TOPIC_PARTITIONS = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing; allowed are load, check, show");
    }

    /** Writes a file's entries to the topic. */
    @Command(
            name = "load",
            description = {
                "Makes topic inventory say what FILE says; a running job corrects the rows that it still holds.",
                "Entries that a former file had and this one has not are taken back."
            },
            mixinStandardHelpOptions = true)
    static final class Load implements Callable<Integer> {

        @Parameters(paramLabel = "FILE", description = "Inventory as .json, .yaml or .csv; docs/56-inventory.md.")
        @SuppressWarnings("NullAway.Init") // required
        private Path file;

        @Option(
                names = "--bootstrap-servers",
                required = true,
                paramLabel = "HOST:PORT",
                description = "Kafka brokers.")
        private String bootstrapServers = "";

        @Option(names = "--keep", description = "Take nothing back. Default: what is not in FILE any more is.")
        private boolean isKeeping;

        @Option(
                names = "--observed-at",
                paramLabel = "TIME",
                converter = MomentConverter.class,
                description = {
                    "FILE says how things were at that time, as an export of a vCenter does: now, or 2026-01-31T12:00:00Z.",
                    "What changed since the last time begins or ends then, and the topic keeps what was before."
                })
        @Nullable
        private Instant observedAt;

        @Option(
                names = "--topic-replication",
                paramLabel = "N",
                defaultValue = "1",
                description = "Replicas of the topic, if it has to be created. Default: ${DEFAULT-VALUE}.")
        private short replication = 1;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (isKeeping && observedAt != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--keep with --observed-at; allowed: one of them, as what is gone has ended");
            }
            List<InventoryEntry> entries = InventoryFile.read(file);
            JobTopics.ensure(bootstrapServers, TOPIC_PARTITIONS, replication, List.of(Topics.INVENTORY));
            InventoryTopic topic = new InventoryTopic(bootstrapServers);
            PrintWriter out = spec.commandLine().getOut();
            if (observedAt == null) {
                InventoryTopic.Changes changes = topic.write(entries, isKeeping ? null : ORIGIN);
                out.printf(
                        "%d entries written, %d unchanged, %d taken back%n",
                        changes.written(), changes.unchanged(), changes.takenBack());
            } else {
                Observation seen = topic.observe(entries, observedAt);
                out.printf(
                        "%d entries begun, %d unchanged, %d ended, %d taken back, %d left as files say%n",
                        seen.puts().size() - seen.ended(),
                        seen.unchanged(),
                        seen.ended(),
                        seen.removals().size(),
                        seen.kept());
            }
            out.flush();
            return 0;
        }
    }

    /** A moment on the command line, to the microsecond, as the topic has it. */
    static final class MomentConverter implements CommandLine.ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                Instant moment = text.equals("now") ? Instant.now() : Instant.parse(text);
                return moment.truncatedTo(ChronoUnit.MICROS);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'%s' is no time; allowed: now, or one as 2026-01-31T12:00:00Z".formatted(text));
            }
        }
    }

    /** Reads a file and says what is in it. */
    @Command(
            name = "check",
            description =
                    "Says what FILE holds, and which addresses it gives to two machines at a time: nobody is named then.",
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {

        @Parameters(paramLabel = "FILE", description = "Inventory as .json, .yaml or .csv; docs/56-inventory.md.")
        @SuppressWarnings("NullAway.Init") // required
        private Path file;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            List<InventoryEntry> entries = InventoryFile.read(file);
            List<String> conflicts = Conflicts.of(entries);
            PrintWriter out = spec.commandLine().getOut();
            out.println(count(entries, Topics.INVENTORY_INTERFACE) + " interfaces, "
                    + count(entries, Topics.INVENTORY_SUBNET) + " subnets, " + count(entries, Topics.INVENTORY_HOST)
                    + " hosts");
            conflicts.forEach(out::println);
            out.flush();
            return conflicts.isEmpty() ? 0 : 1;
        }

        private static long count(Collection<InventoryEntry> entries, String kind) {
            return entries.stream()
                    .filter(entry -> entry.getKind().equals(kind))
                    .count();
        }
    }

    /** Prints what the topic says now. */
    @Command(
            name = "show",
            description = "Prints what topic inventory says now, one entry a line, as JSON.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {

        @Option(
                names = "--bootstrap-servers",
                required = true,
                paramLabel = "HOST:PORT",
                description = "Kafka brokers.")
        private String bootstrapServers = "";

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            new InventoryTopic(bootstrapServers).read().values().forEach(out::println);
            out.flush();
            return 0;
        }
    }
}
