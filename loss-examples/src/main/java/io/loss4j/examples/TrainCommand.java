package io.loss4j.examples;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.backend.Resolution;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.examples.data.Dataset;
import io.loss4j.examples.training.Contest;
import io.loss4j.examples.training.Contestant;
import io.loss4j.examples.training.ScoreTable;
import io.loss4j.examples.training.Settings;
import io.loss4j.loss.SoftmaxFocal;
import java.io.PrintWriter;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Mixin
    private CsvOptions table = new CsvOptions();

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--test-fraction",
            paramLabel = "X",
            defaultValue = "0.3",
            description = "Part of every class that is kept for testing. Default: ${DEFAULT-VALUE}.")
    private double testFraction;

    @Override
    public Integer call() {
        table.check();
        network.check();
        network.require(testFraction > 0 && testFraction < 1, "--test-fraction", testFraction, "between 0 and 1");
        PrintWriter out = commandSpec().commandLine().getOut();
        PrintWriter err = commandSpec().commandLine().getErr();
        Settings settings = network.settings();
        Dataset data = table.read().split(testFraction, settings.seed());
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
        Lines.print(out, "numbers    ", data.encoding().numeric());
        Lines.print(out, "categories ", data.encoding().categorical());
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
                new Contestant(
                        "Loss4J focal,\ngamma " + Lines.number(network.gamma()),
                        Dl4jLosses.softmaxFocal(network.gamma())));
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
        int rows = Math.min(network.settings().batch(), data.train().size());
        INDArray logits = Nd4j.zeros(DataType.FLOAT, rows, data.classes().size());
        INDArray labels = Nd4j.zeros(DataType.FLOAT, rows, data.classes().size());
        return LossFunction.of(new SoftmaxFocal(network.gamma())).resolve(logits, labels, null);
    }

    private static List<String> prepend(String first, List<String> rest) {
        List<String> all = new ArrayList<>();
        all.add(first);
        all.addAll(rest);
        return all;
    }
}
