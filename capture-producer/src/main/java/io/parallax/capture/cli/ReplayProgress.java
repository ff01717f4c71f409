package io.parallax.capture.cli;

import io.parallax.capture.publish.ReplayListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal; nothing where the output is not one. */
public final class ReplayProgress implements ReplayListener, AutoCloseable {

    private final @Nullable ProgressBar bar;

    private ReplayProgress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** A bar for so many frames. */
    public static ReplayProgress of(long frames) {
        return new ReplayProgress(
                !isTerminal()
                        ? null
                        : new ProgressBarBuilder()
                                .setTaskName("replay")
                                .setUnit(" frames", 1)
                                .setInitialMax(frames)
                                .build());
    }

    /** From Java 22 on a console is always there; a log file has no TERM in its environment, as a service has none. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        return System.console() != null && System.getenv("TERM") != null;
    }

    @Override
    public void read(long more) {
        if (bar != null) {
            bar.stepBy(more);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
