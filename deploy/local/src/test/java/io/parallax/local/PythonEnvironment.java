package io.parallax.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A virtual environment with what a {@code requirements.txt} pins, below {@code target} and kept for the next run. Tests that
 * need one are skipped, and say so, where there is no Python with venv or no package registry; a pin that cannot be met fails.
 */
final class PythonEnvironment {

    private static final Path TARGET =
            Path.of(System.getProperty("parallax.root", "../.."), "deploy", "local", "target", "python");

    private final Path folder;

    private PythonEnvironment(Path folder) {
        this.folder = folder;
    }

    static PythonEnvironment with(Path requirements) throws IOException, InterruptedException {
        byte[] pins = Files.readAllBytes(requirements);
        CRC32 name = new CRC32();
        name.update(pins);
        PythonEnvironment environment = new PythonEnvironment(TARGET.resolve(Long.toHexString(name.getValue()))
                .toAbsolutePath()
                .normalize());
        Path complete = environment.folder.resolve("complete");
        if (!Files.exists(complete)) {
            environment.create(requirements);
            Files.createFile(complete);
        }
        return environment;
    }

    private void create(Path requirements) throws IOException, InterruptedException {
        Files.createDirectories(TARGET);
        Said venv = Said.of(TARGET, Map.of(), "python3", "-m", "venv", "--clear", folder.toString());
        Needed.isThere(
                venv.exitCode() == 0,
                () -> "python3 -m venv does not work here (Debian: python3-venv):\n" + venv.text());
        Said pip = Said.of(
                TARGET,
                Map.of("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
                program("pip"),
                "install",
                "--quiet",
                "--requirement",
                requirements.toString());
        Needed.isThere(
                pip.exitCode() == 0 || !pip.text().contains("Retrying"),
                () -> "the package registry can't be reached:\n" + pip.text());
        if (pip.exitCode() != 0) {
            throw new IOException(requirements + " can't be met:\n" + pip.text());
        }
    }

    /** Path of a program of the environment, such as {@code python}. */
    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    /** Runs a program of the environment to its end; nothing of the user's own settings takes part. */
    Said run(Path workFolder, Map<String, String> variables, String program, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program(program));
        command.addAll(arguments);
        Map<String, String> settings = new HashMap<>(variables);
        for (String own : List.of("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "MPLCONFIGDIR")) {
            settings.put(own, workFolder.resolve("settings").toString());
        }
        settings.put("PYTHONNOUSERSITE", "1");
        settings.put("PYTHONDONTWRITEBYTECODE", "1");
        return Said.of(workFolder, settings, command.toArray(new String[0]));
    }

    /** How a process ended, and what it said on both streams. */
    record Said(int exitCode, String text) {

        private static final int NO_SUCH_PROGRAM = 127;

        static Said of(Path workFolder, Map<String, String> variables, String... command)
                throws IOException, InterruptedException {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(workFolder.toFile()).redirectErrorStream(true);
            builder.environment().putAll(variables);
            Process process;
            try {
                process = builder.start();
            } catch (IOException e) {
                return new Said(NO_SUCH_PROGRAM, String.valueOf(e.getMessage()));
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), text);
        }
    }
}
