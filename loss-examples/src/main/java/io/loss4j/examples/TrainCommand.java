package io.loss4j.examples;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.backend.Resolution;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.CsvFile;
import io.loss4j.examples.data.Dataset;
import io.loss4j.examples.data.Passengers;
import io.loss4j.examples.data.Preparation;
import io.loss4j.examples.data.Table;
import io.loss4j.examples.training.Contest;
import io.loss4j.examples.training.Contestant;
import io.loss4j.examples.training.ScoreTable;
import io.loss4j.examples.training.Settings;
import io.loss4j.loss.SoftmaxFocal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code loss4j train}. */
@Command(
        name = "train",
        customSynopsis = "loss4j train [--csv=FILE --label=COLUMN] [OPTIONS]",
        description = {
            "Train one small network with three losses and compare them.",
            "",
            "The losses: Deeplearning4j's own (MCXENT), Loss4J's cross-entropy with balanced class weights, and Loss4J's "
                    + "focal loss. The networks start from the same weights and see the same batches.",
            "Without --csv it predicts who of the 2201 people on the Titanic survived.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        sortSynopsis = false,
        usageHelpWidth = 80,
        footer = {
            "",
            "COLUMN is a name, a number from 1, or 'last'.",
            "",
            "Examples:",
            "  loss4j train",
            "  loss4j train --csv glass.csv --label last",
            "  loss4j train --csv people.csv --label income --drop id --missing age=0"
        })
final class TrainCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

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
            description = "Cells that stand for 'not known', in all features or in one column, besides empty cells, ?, "
                    + "NA and NaN.")
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

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "40",
            description = "How often every example is seen. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "64",
            description = "Examples per step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            defaultValue = "32",
            description = "Neurons in the hidden layer. Default: ${DEFAULT-VALUE}.")
    private int hidden;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            defaultValue = "0.005",
            description = "Step size of Adam. Default: ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(
            names = "--gamma",
            paramLabel = "X",
            defaultValue = "2",
            description = "Focus of the focal loss on hard examples. Default: ${DEFAULT-VALUE}.")
    private double gamma;

    @Option(
            names = "--test-fraction",
            paramLabel = "X",
            defaultValue = "0.3",
            description = "Part of every class that is kept for testing. Default: ${DEFAULT-VALUE}.")
    private double testFraction;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of the split, the initial weights and the order. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() {
        check();
        PrintWriter out = commandSpec().commandLine().getOut();
        PrintWriter err = commandSpec().commandLine().getErr();
        Table table = csv == null ? Passengers.table() : CsvFile.read(csv, delimiter, header, mentioned());
        Dataset data =
                new Preparation(labelColumn(table), drop, categorical, missing, testFraction, seed).prepare(table);
        Settings settings = new Settings(hidden, epochs, batch, learningRate, seed);
        describe(data, settings, out);

        Contest contest = new Contest(data, settings, contestants(data));
        try (Progress progress = Progress.of("training 3 networks", contest.steps(), err)) {
            contest.train(progress::step);
        }
        out.println();
        out.println(ScoreTable.of(data.classes(), contest.results()));
        Lines.wrap(out, "", explanation(data));
        out.println();
        resolution(data).explain().lines().forEach(line -> {
            String text = line.stripLeading();
            Lines.wrap(out, " ".repeat(line.length() - text.length()), text);
        });
        out.flush();
        return 0;
    }

    private CommandSpec commandSpec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }

    private void check() {
        require(epochs >= 1, "--epochs", epochs, "1 or more");
        require(batch >= 1, "--batch", batch, "1 or more");
        require(hidden >= 1, "--hidden", hidden, "1 or more");
        require(learningRate > 0 && learningRate <= Double.MAX_VALUE, "--learning-rate", learningRate, "more than 0");
        require(gamma >= 0 && gamma <= Double.MAX_VALUE, "--gamma", gamma, "0 or more");
        require(testFraction > 0 && testFraction < 1, "--test-fraction", testFraction, "between 0 and 1");
        require(csv != null || header == null, "--header", header, "used with --csv");
    }

    private void require(boolean condition, String option, @Nullable Object found, String expected) {
        if (!condition) {
            throw new ParameterException(
                    commandSpec().commandLine(), option + " is " + found + ", but must be " + expected);
        }
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

    private static void describe(Dataset data, Settings settings, PrintWriter out) {
        long[] train = data.train().counts(data.classes().size());
        long[] test = data.test().counts(data.classes().size());
        List<String> classes = new ArrayList<>();
        for (int k = 0; k < train.length; k++) {
            classes.add(data.classes().get(k) + " " + (train[k] + test[k]));
        }
        int rows = data.train().size() + data.test().size();
        Lines.print(out, "data       ", List.of(data.source(), rows + " rows"));
        Lines.print(out, "label      ", prepend(data.label(), classes));
        Lines.print(out, "numbers    ", data.numeric());
        Lines.print(out, "categories ", data.categorical());
        for (String remark : data.remarks()) {
            Lines.wrap(out, "note       ", remark);
        }
        Lines.print(
                out,
                "split      ",
                List.of(
                        data.train().size() + " rows to train",
                        data.test().size() + " to test",
                        "each class in proportion",
                        "seed " + settings.seed()));
        Lines.print(
                out,
                "network    ",
                List.of(
                        data.inputs() + " inputs",
                        settings.hidden() + " hidden (ReLU)",
                        data.classes().size() + " outputs (softmax)",
                        "Adam " + settings.learningRate(),
                        settings.epochs() + " epochs",
                        "batches of " + settings.batch()));
        out.flush();
    }

    private List<Contestant> contestants(Dataset data) {
        ClassWeights balanced =
                ClassWeights.balanced(data.train().counts(data.classes().size()));
        return List.of(
                new Contestant("Deeplearning4j\nMCXENT", new LossMCXENT()),
                new Contestant("Loss4J CE,\nbalanced", Dl4jLosses.softmaxCrossEntropy(balanced)),
                new Contestant("Loss4J focal,\ngamma " + Lines.number(gamma), Dl4jLosses.softmaxFocal(gamma)));
    }

    private static String explanation(Dataset data) {
        String area = data.classes().size() == 2
                ? "of the rarer class"
                : "the average of each class against the rest (macro)";
        return "Scores are of the " + data.test().size() + " rows to test. PR-AUC (average precision), ROC-AUC and "
                + "Brier score (less is better) are " + area + ". Seconds in the loss are for one gradient and one "
                + "score per batch.";
    }

    /** What ran, asked with arrays of the shape of a batch. */
    private Resolution resolution(Dataset data) {
        int rows = Math.min(batch, data.train().size());
        INDArray logits = Nd4j.zeros(DataType.FLOAT, rows, data.classes().size());
        INDArray labels = Nd4j.zeros(DataType.FLOAT, rows, data.classes().size());
        return LossFunction.of(new SoftmaxFocal(gamma)).resolve(logits, labels, null);
    }

    private static List<String> prepend(String first, List<String> rest) {
        List<String> all = new ArrayList<>();
        all.add(first);
        all.addAll(rest);
        return all;
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
