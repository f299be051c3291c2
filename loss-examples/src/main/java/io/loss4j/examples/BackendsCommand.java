package io.loss4j.examples;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.loss4j.backend.Backends;
import io.loss4j.backend.Resolution;
import io.loss4j.backend.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code loss4j backends}. */
@Command(
        name = "backends",
        description = {"List the backends with a verdict on each.", "", "Exit code 1 if none can be used."},
        mixinStandardHelpOptions = true,
        usageHelpWidth = 80)
final class BackendsCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        Resolution resolution = Backends.explain();
        out.println("asked for: " + resolution.wish() + ", from " + resolution.source());
        out.println(AsciiTable.getTable(
                AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
                resolution.verdicts(),
                List.of(
                        left("backend", 16).with(Verdict::backend),
                        left("verdict", 14).with(BackendsCommand::outcome),
                        left("why, and what to do", 44)
                                .with(v -> v.remedy() == null ? v.detail() : v.detail() + "; " + v.remedy()))));
        out.flush();
        return resolution.chosen() == null ? Main.BROKEN : 0;
    }

    static String outcome(Verdict verdict) {
        return verdict.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Column left(String header, int width) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .maxWidth(width);
    }
}
