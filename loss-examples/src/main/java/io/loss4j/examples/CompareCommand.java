package io.loss4j.examples;

import io.loss4j.LossFunction;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.comparison.Candidate;
import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.comparison.CrossValidation;
import io.loss4j.examples.comparison.FitStore;
import io.loss4j.examples.comparison.MarkdownTable;
import io.loss4j.examples.comparison.Measure;
import io.loss4j.examples.comparison.RankingTable;
import io.loss4j.examples.comparison.Recipe;
import io.loss4j.examples.comparison.Standings;
import io.loss4j.examples.comparison.Verdict;
import io.loss4j.examples.data.Examples;
import io.loss4j.examples.report.Report;
import io.loss4j.examples.training.Cores;
import io.loss4j.examples.training.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code loss4j compare}. */
@Command(
        name = "compare",
        customSynopsis = "loss4j compare [--csv=FILE --label=COLUMN] [OPTIONS]",
        description = {
            "Find out which remedy for imbalance works on your data.",
            "",
            "Trains one small network per candidate and fold of a cross-validation, all candidates from the same initial "
                    + "weights, on the same folds, for the same number of steps. Prints a ranking with confidence "
                    + "intervals, whether the best one is really better than plain training, and its lines of Java. "
                    + "Without --csv it compares on the 2201 people of the Titanic.",
            "",
            "Stop it at any time with Ctrl-C: the same command goes on where it was.",
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
            "Remedies, to be joined by '+':",
            "  the loss      focal, ldam-drw, logit-adjusted, asymmetric",
            "  its weights   class-weighted, effective-number",
            "  the samples   oversampled, undersampled, smote",
            "  the answers   thresholds",
            "",
            "Examples:",
            "  loss4j compare",
            "  loss4j compare --csv glass.csv --label last --repeats 5",
            "  loss4j compare --csv fraud.csv --label fraud --by pr-auc \\",
            "      --candidates plain,focal,focal+class-weighted,smote+focal"
        })
final class CompareCommand implements Callable<Integer> {
    private static final Path REPORT = Path.of("loss4j-report");

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private CsvOptions table = new CsvOptions();

    @Option(
            names = "--candidates",
            paramLabel = "ID,...",
            hideParamSyntax = true,
            split = ",",
            description = "What to compare, 'plain' or remedies joined by '+'. Default: plain, each loss and kind of "
                    + "weights, oversampled, smote, focal+class-weighted and focal+smote.")
    private List<String> candidates = new ArrayList<>();

    @Option(
            names = "--folds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Into how many parts the rows are cut; each is tested once. Default: ${DEFAULT-VALUE}.")
    private int folds;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "2",
            description = "How often they are cut anew: more give shorter intervals. Default: ${DEFAULT-VALUE}.")
    private int repeats;

    @Option(
            names = "--by",
            paramLabel = "MEASURE",
            defaultValue = "balanced-accuracy",
            description = "What the ranking is by: balanced-accuracy, macro-f1, pr-auc, roc-auc, matthews or accuracy. "
                    + "Default: ${DEFAULT-VALUE}.")
    private Measure by = Measure.BALANCED_ACCURACY;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many networks are trained at a time. Default: one per core.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--report", paramLabel = "DIR", description = "Where to write the report. Default: loss4j-report.")
    private Path report = REPORT;

    @Option(names = "--no-report", description = "Write no report.")
    private boolean noReport;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where finished fits are kept. Default: 'fits' in the directory of the report.")
    private @Nullable Path state;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description = "Train the best candidate on all rows and save it, for 'loss4j predict'.")
    private @Nullable Path save;

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Also write the table of all candidates as Markdown.")
    private @Nullable Path markdown;

    @Override
    public Integer call() throws IOException {
        table.check();
        network.check();
        network.require(folds >= 2, "--folds", folds, "2 or more");
        network.require(repeats >= 1, "--repeats", repeats, "1 or more");
        network.require(threads >= 1, "--threads", threads, "1 or more");
        List<Recipe> recipes = recipes();
        Cores.oneForEachFit();
        CommandSpec command = Objects.requireNonNull(spec, "picocli sets it");
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        Examples examples = table.read();
        Settings settings = network.settings();
        FitStore store = FitStore.of(state == null ? report.resolve("fits") : state, examples, settings, folds);
        CrossValidation validation = new CrossValidation(examples, settings, recipes, folds, repeats, store);
        describe(examples, settings, recipes.size(), out);
        sayWhatIsKept(validation, store, out);

        Comparison comparison;
        String task = "training " + validation.missing() + " networks";
        try (Progress progress = Progress.of(task, validation.steps(), err)) {
            comparison = validation.run(threads, progress::step);
        }
        Standings standings = Standings.of(comparison, by);
        out.println();
        out.println(RankingTable.of(standings));
        Lines.wrap(out, "", RankingTable.explanation(comparison));
        out.println();
        for (Verdict verdict : standings.verdicts().subList(0, 3)) {
            Lines.wrap(out, "", verdict.sentence());
        }
        out.println();
        out.println("To train with " + standings.winner().candidate().id() + ":");
        standings.winner().candidate().java().forEach(line -> out.println("    " + line));
        if (save != null) {
            save(validation, standings.winner().candidate(), save, err);
            Lines.wrap(out, "", "Trained on all rows and saved in " + save + ".");
        }
        if (!noReport) {
            Path page = Report.write(comparison, standings, losses(recipes, examples), report);
            Lines.wrap(out, "", "Report: " + page);
        }
        if (markdown != null) {
            MarkdownTable.write(comparison, standings, markdown);
        }
        out.flush();
        return 0;
    }

    private void save(CrossValidation validation, Candidate winner, Path file, PrintWriter err) {
        try (Progress progress = Progress.of(
                "training " + winner.id() + " on all rows", network.settings().epochs(), err)) {
            validation.train(winner, progress::step).save(file);
        }
    }

    /** The losses of the candidates, for their shapes. */
    private static Map<String, LossFunction> losses(List<Recipe> recipes, Examples examples) {
        Map<String, LossFunction> losses = new LinkedHashMap<>();
        recipes.forEach(recipe -> losses.put(recipe.id(), recipe.lossOf(examples.counts())));
        return losses;
    }

    private List<Recipe> recipes() {
        Map<String, Recipe> recipes = new LinkedHashMap<>();
        for (String id : candidates.isEmpty() ? Recipe.USUAL : candidates) {
            Recipe recipe = Recipe.parse(id.trim(), network.gamma());
            if (recipes.put(recipe.id(), recipe) != null) {
                throw new LossInputException(
                        "L4J-D61", "--candidates", "'" + recipe.id() + "' is there twice", "remove one");
            }
        }
        return List.copyOf(recipes.values());
    }

    private void describe(Examples examples, Settings settings, int candidateCount, PrintWriter out) {
        List<String> classes = new ArrayList<>();
        classes.add(examples.label());
        long[] counts = examples.counts();
        for (int k = 0; k < counts.length; k++) {
            classes.add(examples.classes().get(k) + " " + counts[k]);
        }
        Lines.print(out, "data       ", List.of(examples.source(), examples.labels().length + " rows"));
        Lines.print(out, "label      ", classes);
        for (String remark : examples.remarks()) {
            Lines.wrap(out, "note       ", remark);
        }
        Lines.print(
                out,
                "folds      ",
                List.of(
                        folds + " folds, each class in proportion",
                        repeats == 1 ? "once" : repeats + " times",
                        "seed " + settings.seed()));
        Lines.print(
                out,
                "network    ",
                List.of(
                        settings.hidden() + " hidden (ReLU)",
                        "Adam " + settings.learningRate(),
                        settings.epochs() + " epochs",
                        "batches of " + settings.batch()));
        Lines.print(
                out,
                "candidates ",
                List.of(
                        candidateCount + " candidates",
                        candidateCount * folds * repeats + " fits",
                        threads + " at a time"));
    }

    private static void sayWhatIsKept(CrossValidation validation, FitStore store, PrintWriter out) {
        int kept = validation.fits() - validation.missing();
        if (kept > 0) {
            Lines.wrap(out, "kept       ", kept + " fits of an earlier run, in " + store.directory());
        }
        if (store.damaged() > 0) {
            Lines.wrap(
                    out,
                    "note       ",
                    store.damaged() + " files in " + store.directory()
                            + " are damaged or belong to another comparison; these fits are made anew");
        }
        out.flush();
    }
}
