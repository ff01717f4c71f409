package io.parallax.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line as a process of its own. */
public final class ParallaxProcess {

    private ParallaxProcess() {}

    /** What starts it, to be followed by a command of Parallax. */
    public static List<String> command(String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ParallaxMain.class.getName()));
        return command;
    }

    /**
     * Runs a command of Parallax to its end.
     *
     * @param folder for what it says, in {@code parallax-said.log}
     * @return its exit code
     */
    static int run(Path folder, List<String> arguments) throws IOException, InterruptedException {
        List<String> command =
                command("-Xmx1500m", "-XX:TieredStopAtLevel=1", "--add-opens=java.base/java.util=ALL-UNNAMED");
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("parallax-said.log").toFile())
                .start();
        return process.waitFor();
    }
}
