package io.loss4j.examples;

import java.io.PrintStream;
import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar that moves on a terminal, and one line anywhere else: a log full of carriage returns helps nobody. */
final class Progress implements AutoCloseable {
    /** Set by the launcher, which can ask whether the error stream is a terminal; Java cannot. */
    private static final String TERMINAL = "loss4j.terminal";

    private static final int WIDTH = 79;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /**
     * @param task what is going on
     * @param steps how many there will be
     * @param lines where to write if there is no terminal
     */
    static Progress of(String task, long steps, PrintWriter lines) {
        if (!onTerminal()) {
            lines.println(task);
            lines.flush();
            return new Progress(null);
        }
        PrintStream terminal = System.err;
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setUpdateIntervalMillis(100)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(terminal, WIDTH))
                .clearDisplayOnFinish()
                .build();
        return new Progress(bar);
    }

    private static boolean onTerminal() {
        return Boolean.getBoolean(TERMINAL);
    }

    void step() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
