package io.loss4j.examples;

import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.NewRows;
import io.loss4j.examples.data.Schema;
import io.loss4j.examples.training.SavedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code loss4j predict}. */
@Command(
        name = "predict",
        customSynopsis = "loss4j predict --model=FILE --csv=FILE [OPTIONS]",
        description = {
            "Apply a saved model with its decision rule to the rows of a file.",
            "",
            "Writes one line per row: the class, and the probability of every class as the network gives it. Rows are "
                    + "read one after the other, so the file may be of any size. If it has the label column too, the "
                    + "answers are compared with it.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        sortSynopsis = false,
        usageHelpWidth = 80,
        footer = {
            "",
            "Examples:",
            "  loss4j compare --csv old.csv --label fraud --save fraud.zip",
            "  loss4j predict --model fraud.zip --csv new.csv --out answers.csv --keep id"
        })
final class PredictCommand implements Callable<Integer> {
    /** Rows that are answered at once. */
    private static final int BATCH = 1024;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE",
            description = "What 'loss4j compare --save' wrote.")
    private @Nullable Path model;

    @Option(
            names = "--csv",
            required = true,
            paramLabel = "FILE",
            description = "Rows with the columns that the model learnt from, in any order; others are ignored.")
    private @Nullable Path csv;

    @Option(
            names = "--header",
            negatable = true,
            description = "Whether the first line holds the names of the columns. Default: as in the file that was "
                    + "learnt from.")
    private @Nullable Boolean header;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            defaultValue = ",",
            converter = CsvOptions.DelimiterConverter.class,
            description = "What separates cells: a character or 'tab'. Default: a comma.")
    private char delimiter = ',';

    @Option(
            names = "--keep",
            paramLabel = "COLUMN,...",
            hideParamSyntax = true,
            split = ",",
            description = "Columns to copy to the output, such as an identifier.")
    private List<String> keep = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write; it appears once it is complete. Default: the output stream, after all rows "
                    + "have been checked.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec, "picocli sets it");
        SavedModel saved = SavedModel.load(Objects.requireNonNull(model, "picocli requires it"));
        PrintWriter err = command.commandLine().getErr();
        if (out == null) {
            check(saved.schema());
            write(saved, command.commandLine().getOut(), err);
        } else {
            toFile(saved, out, err);
        }
        return 0;
    }

    private NewRows open(Schema schema) {
        return NewRows.open(Objects.requireNonNull(csv, "picocli requires it"), delimiter, header, schema);
    }

    /** Reads everything once without answering: what is on the output stream cannot be taken back. */
    private void check(Schema schema) {
        float[] inputs = new float[schema.encoding().inputs()];
        try (NewRows rows = open(schema)) {
            kept(rows);
            while (rows.next()) {
                rows.encode(inputs, 0);
                rows.label();
            }
        }
    }

    private void toFile(SavedModel saved, Path file, PrintWriter err) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(aside))) {
                write(saved, writer, err);
                if (writer.checkError()) {
                    throw new IOException("the disk is full or has gone");
                }
            }
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LossInputException(
                    "L4J-D63", file.toString(), "it cannot be written: " + e.getMessage(), "give another file");
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private int[] kept(NewRows rows) {
        return keep.stream().mapToInt(column -> rows.column(column, "--keep")).toArray();
    }

    private void write(SavedModel saved, PrintWriter writer, PrintWriter err) throws IOException {
        Schema schema = saved.schema();
        int width = schema.encoding().inputs();
        int classes = schema.classes().size();
        long[][] confusion = new long[classes][classes];
        long answered = 0;
        CSVPrinter printer = new CSVPrinter(
                writer, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').build());
        try (NewRows rows = open(schema)) {
            int[] columns = kept(rows);
            printHeader(printer, rows, columns, schema);
            List<List<String>> copied = new ArrayList<>();
            int[] labels = new int[BATCH];
            float[] inputs = new float[BATCH * width];
            boolean more = rows.next();
            while (more) {
                Arrays.fill(inputs, 0);
                copied.clear();
                for (; more && copied.size() < BATCH; more = rows.next()) {
                    rows.encode(inputs, copied.size() * width);
                    labels[copied.size()] = rows.label();
                    copied.add(Arrays.stream(columns).mapToObj(rows::cell).toList());
                }
                double[][] probabilities = answer(saved, inputs, copied.size(), width);
                int[] decided = saved.rule().decide(probabilities);
                for (int i = 0; i < decided.length; i++) {
                    print(printer, copied.get(i), schema.classes().get(decided[i]), probabilities[i]);
                    if (labels[i] != NewRows.UNKNOWN) {
                        confusion[labels[i]][decided[i]]++;
                    }
                }
                answered += decided.length;
            }
            printer.flush();
            summarise(rows, ConfusionMatrix.ofCounts(confusion), answered, err);
        }
    }

    private static double[][] answer(SavedModel saved, float[] inputs, int rows, int width) {
        float[] used = rows == BATCH ? inputs : Arrays.copyOf(inputs, rows * width);
        return saved.network()
                .output(Nd4j.create(used, new long[] {rows, width}, 'c'))
                .toDoubleMatrix();
    }

    private static void printHeader(CSVPrinter printer, NewRows rows, int[] kept, Schema schema) throws IOException {
        for (int column : kept) {
            printer.print(rows.names().get(column));
        }
        printer.print("class");
        for (String name : schema.classes()) {
            printer.print("probability " + name);
        }
        printer.println();
    }

    private static void print(CSVPrinter printer, List<String> kept, String answer, double[] probabilities)
            throws IOException {
        for (String cell : kept) {
            printer.print(cell);
        }
        printer.print(answer);
        for (double p : probabilities) {
            printer.print(String.format(Locale.ROOT, "%.6f", p));
        }
        printer.println();
    }

    private static void summarise(NewRows rows, ConfusionMatrix confusion, long answered, PrintWriter err) {
        Lines.wrap(err, "", answered + " rows answered");
        if (rows.unseen() > 0) {
            Lines.wrap(
                    err,
                    "note       ",
                    rows.unseen() + " cells hold categories that training has not seen; they count as none");
        }
        if (confusion.total() > 0) {
            Lines.wrap(
                    err,
                    "",
                    String.format(
                            Locale.ROOT,
                            "%d of them with a label: balanced accuracy %.3f, macro-F1 %.3f, accuracy %.3f",
                            confusion.total(),
                            confusion.balancedAccuracy(),
                            confusion.macroF1(),
                            confusion.accuracy()));
        }
        err.flush();
    }
}
