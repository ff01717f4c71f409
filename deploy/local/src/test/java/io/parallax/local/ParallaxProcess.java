package io.parallax.local;

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
}
