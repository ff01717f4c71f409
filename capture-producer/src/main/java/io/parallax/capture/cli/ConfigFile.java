package io.parallax.capture.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Options from a file: lines {@code name = value}, where the names are those of the command's long options without the dashes.
 * {@code #} begins a comment at the start of a line, commas separate the values of a list, flags are {@code true} or
 * {@code false}. What the command line says wins.
 *
 * <p>For a command with an option {@code --config}: {@code @Command(preprocessor = ConfigFile.Preprocessor.class)}. A command
 * below another one takes the other's names too and passes over them, so that both can read one file.
 *
 * <p>A file that is not wholly understood is refused as the command line would be, naming file, line, name and value.
 */
public final class ConfigFile implements IDefaultValueProvider {

    private static final String OPTION = "--config";

    /** Two letters that were swapped, left out or mistaken; more are another word. */
    private static final int NEAR_MISS = 2;

    private final Map<String, String> values;
    private final Set<String> givenOnCommandLine;

    private ConfigFile(Map<String, String> values, Set<String> givenOnCommandLine) {
        this.values = values;
        this.givenOnCommandLine = givenOnCommandLine;
    }

    /**
     * Null for an option that the command line has as well: picocli would take a flag's default for the value to be turned
     * around.
     */
    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || givenOnCommandLine.contains(option.longestName())) {
            return null;
        }
        return values.get(nameOf(option));
    }

    private static ConfigFile read(Path file, CommandSpec command, Set<String> givenOnCommandLine) {
        Map<String, OptionSpec> allowed = allowed(command);
        Map<String, String> values = new HashMap<>();
        Map<String, Integer> lines = new HashMap<>();
        int number = 0;
        for (String raw : lines(file, command)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Refusal refusal = new Refusal(command, file, number, line);
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw refusal.because("it is not of the form name = value");
            }
            String name = line.substring(0, equals).strip();
            String value = line.substring(equals + 1).strip();
            OptionSpec option = allowed.get(name);
            if (option == null) {
                throw refusal.because("'" + name + "' is not known; " + advice(name, allowed.keySet()));
            }
            Integer first = lines.putIfAbsent(name, number);
            if (first != null) {
                throw refusal.because("'" + name + "' is in line " + first + " already; a name may be there once");
            }
            check(option, value, refusal);
            values.put(name, value);
        }
        return new ConfigFile(values, givenOnCommandLine);
    }

    private static List<String> lines(Path file, CommandSpec command) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ParameterException(
                    command.commandLine(),
                    "configuration " + file + " can't be read: " + reason(e, file)
                            + "; allowed is a text file with lines name = value");
        }
    }

    private static String reason(IOException e, Path file) {
        if (!Files.exists(file)) {
            return "there is no such file";
        }
        return Files.isDirectory(file) ? "it is a folder" : e.toString();
    }

    /** The names that may be in the file: of the command's own options and of those of the commands above. */
    private static Map<String, OptionSpec> allowed(CommandSpec command) {
        Map<String, OptionSpec> allowed = new TreeMap<>();
        for (CommandSpec each = command; each != null; each = each.parent()) {
            for (OptionSpec option : each.options()) {
                boolean isSetting = !option.usageHelp()
                        && !option.versionHelp()
                        && option.longestName().startsWith("--");
                if (isSetting && !option.longestName().equals(OPTION)) {
                    allowed.putIfAbsent(nameOf(option), option);
                }
            }
        }
        return allowed;
    }

    private static String nameOf(OptionSpec option) {
        return option.longestName().substring("--".length());
    }

    private static String advice(String name, Set<String> allowed) {
        Optional<String> near = allowed.stream()
                .filter(each -> EditDistance.between(name, each) <= NEAR_MISS)
                .min(Comparator.comparingInt(each -> EditDistance.between(name, each)));
        return near.map(each -> "did you mean '" + each + "'?")
                .orElseGet(() -> "allowed are " + String.join(", ", allowed));
    }

    /** Has picocli convert the value with a copy of the option that leads nowhere. */
    private static void check(OptionSpec option, String value, Refusal refusal) {
        if (option.arity().max() == 0 && !value.equals("true") && !value.equals("false")) {
            throw refusal.because("'" + value + "' is not allowed for a flag; allowed are true and false");
        }
        if (value.isEmpty()) {
            throw refusal.because("the value is empty; leave the line out for the default");
        }
        Slot slot = new Slot();
        OptionSpec.Builder copy = OptionSpec.builder(option)
                .required(false)
                .defaultValue(null)
                .getter(slot)
                .setter(slot);
        if (option.arity().max() == 0) {
            return;
        }
        CommandLine trial = new CommandLine(CommandSpec.create().addOption(copy.build()));
        try {
            trial.parseArgs(option.longestName() + "=" + value);
        } catch (ParameterException e) {
            throw refusal.because(String.valueOf(e.getMessage()));
        }
    }

    /** Takes a value and forgets it with itself. */
    private static final class Slot implements IGetter, ISetter {

        private @Nullable Object value;

        @Override
        @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // picocli's signature
        public <T> T get() {
            return (T) value;
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // picocli's signature
        public <T> T set(T next) {
            Object before = value;
            value = next;
            return (T) before;
        }
    }

    /** A line that is not taken. */
    private record Refusal(CommandSpec command, Path file, int number, String line) {

        ParameterException because(String reason) {
            return new ParameterException(
                    command.commandLine(),
                    "configuration " + file + ", line " + number + ", '" + line + "': " + reason);
        }
    }

    /** Finds {@code --config} among the arguments before picocli asks for defaults. */
    public static final class Preprocessor implements IParameterPreprocessor {

        /** @return false: picocli goes on to parse the arguments, this one included */
        @Override
        public boolean preprocess(
                Stack<String> arguments,
                CommandSpec command,
                @Nullable ArgSpec notAnArgumentsOwn,
                Map<String, Object> remarks) {
            Set<String> given = new HashSet<>();
            Path file = null;
            List<String> inOrder = new ArrayList<>(arguments);
            // A command line that was used before still has the file of that time.
            command.defaultValueProvider(null);
            for (int next = inOrder.size() - 1; next >= 0; next--) {
                String argument = inOrder.get(next);
                if (argument.equals("--") || command.subcommands().containsKey(argument)) {
                    break;
                }
                OptionSpec option = command.findOption(nameIn(argument));
                if (option == null) {
                    continue;
                }
                given.add(option.longestName());
                boolean isAttached = argument.indexOf('=') >= 0;
                boolean takesNext = !isAttached && option.arity().min() > 0 && next > 0;
                if (option.longestName().equals(OPTION) && (isAttached || takesNext)) {
                    file = Path.of(isAttached ? argument.substring(argument.indexOf('=') + 1) : inOrder.get(next - 1));
                }
                next -= takesNext ? 1 : 0;
            }
            if (file != null) {
                command.defaultValueProvider(read(file, command, given));
            }
            return false;
        }

        private static String nameIn(String argument) {
            int equals = argument.indexOf('=');
            return equals < 0 ? argument : argument.substring(0, equals);
        }
    }
}
