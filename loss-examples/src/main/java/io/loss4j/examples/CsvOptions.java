package io.loss4j.examples;

import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.CsvFile;
import io.loss4j.examples.data.Examples;
import io.loss4j.examples.data.Passengers;
import io.loss4j.examples.data.Preparation;
import io.loss4j.examples.data.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which table to learn from, and how its cells are meant. Without a file it is that of the Titanic's passengers. */
final class CsvOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--csv", paramLabel = "FILE", description = "Table to learn from: UTF-8, one row per example.")
    private @Nullable Path csv;

    @Option(names = "--label", paramLabel = "COLUMN", description = "The column to predict; needed with --csv.")
    private @Nullable String label;

    @Option(
            names = "--header",
            negatable = true,
            description = "Whether the first line holds the names of the columns; found out if not given.")
    private @Nullable Boolean header;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            defaultValue = ",",
            converter = DelimiterConverter.class,
            description = "What separates cells: a character or 'tab'. Default: a comma.")
    private char delimiter = ',';

    @Option(
            names = "--missing",
            paramLabel = "[COLUMN=]VALUE,...",
            hideParamSyntax = true,
            split = ",",
            description = "Cells that stand for 'not known', in all features or in one column, besides empty cells, ? "
                    + "and NA.")
    private List<String> missing = new ArrayList<>();

    @Option(
            names = "--drop",
            paramLabel = "COLUMN,...",
            hideParamSyntax = true,
            split = ",",
            description = "Columns to leave out.")
    private List<String> drop = new ArrayList<>();

    @Option(
            names = "--categorical",
            paramLabel = "COLUMN,...",
            hideParamSyntax = true,
            split = ",",
            description = "Columns of categories even if they look like numbers; never left out by themselves.")
    private List<String> categorical = new ArrayList<>();

    /** Refuses options that contradict each other. */
    void check() {
        if (csv == null && header != null) {
            throw new ParameterException(
                    Objects.requireNonNull(command, "picocli sets it").commandLine(),
                    "--header is " + header + ", but must be used with --csv");
        }
    }

    /**
     * Reads the table.
     *
     * @throws LossInputException if it cannot be used
     */
    Examples read() {
        Table table = csv == null ? Passengers.table() : CsvFile.open(csv, delimiter, header, mentioned());
        return new Preparation(labelColumn(table), drop, categorical, missing).read(table);
    }

    /** The columns that options name: seen in the first line of a file, they show that it is a header. */
    private List<String> mentioned() {
        List<String> mentioned = new ArrayList<>(drop);
        mentioned.addAll(categorical);
        if (label != null) {
            mentioned.add(label);
        }
        return mentioned;
    }

    private String labelColumn(Table table) {
        if (label != null) {
            return label;
        }
        if (csv == null) {
            return Passengers.LABEL;
        }
        throw new LossInputException(
                "L4J-D26",
                table.source(),
                "it is not said which column to predict; there are " + table.names(),
                "use --label COLUMN, for example --label last");
    }

    /** {@code tab} or one character. */
    static final class DelimiterConverter implements ITypeConverter<Character> {
        @Override
        public Character convert(String text) {
            String delimiter = text.equals("tab") || text.equals("\\t") ? "\t" : text;
            if (delimiter.length() != 1 || "\"\r\n".contains(delimiter)) {
                throw new TypeConversionException("'" + text + "' is not one character or 'tab'");
            }
            return delimiter.charAt(0);
        }
    }
}
