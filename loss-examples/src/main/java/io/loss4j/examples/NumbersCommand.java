package io.loss4j.examples;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.loss4j.backend.Backends;
import io.loss4j.examples.WorkedNumbers.Worked;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code loss4j numbers}. */
@Command(
        name = "numbers",
        description = {
            "Compute small examples that can be checked by hand.",
            "",
            "Every number is computed now, by the backend in use, and compared with the expected one; exit code 1 if one "
                    + "differs."
        },
        mixinStandardHelpOptions = true,
        usageHelpWidth = 80)
final class NumbersCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        List<Worked> numbers = WorkedNumbers.compute();
        out.println(AsciiTable.getTable(
                AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
                numbers,
                List.of(
                        new Column()
                                .header("natural logarithms")
                                .dataAlign(HorizontalAlign.LEFT)
                                .with(Worked::what),
                        new Column().header("computed").with(n -> sixDigits(n.computed())),
                        new Column().header("expected").with(n -> sixDigits(n.expected())),
                        new Column().header("").with(n -> n.agrees() ? "ok" : "DIFFERS"))));
        long different = numbers.stream().filter(n -> !n.agrees()).count();
        out.println((different == 0
                        ? "All " + numbers.size() + " numbers agree"
                        : different + " of " + numbers.size() + " numbers differ")
                + "; computed on backend " + Backends.explain().chosen() + ".");
        out.flush();
        return different == 0 ? 0 : Main.BROKEN;
    }

    private static String sixDigits(double number) {
        return String.format(Locale.ROOT, "%.6f", number);
    }
}
