package io.loss4j.examples.report;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.examples.comparison.Candidate;
import io.loss4j.examples.comparison.CandidateResult;
import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.comparison.Fit;
import io.loss4j.examples.comparison.Interval;
import io.loss4j.examples.comparison.Measure;
import io.loss4j.examples.comparison.Standing;
import io.loss4j.examples.comparison.Standings;
import io.loss4j.examples.comparison.Verdict;
import io.loss4j.examples.training.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A comparison that nobody made: rows, probabilities and curves by chance, such as networks could give. */
record PlausibleComparison(Comparison comparison, Standings standings, Map<String, LossFunction> losses) {
    private static final List<String> REMEDIES = List.of(
            "plain",
            "class-weighted",
            "effective number, beta 0.999",
            "focal, gamma 2",
            "LDAM, deferred re-weighting",
            "logit-adjusted, tau 1",
            "asymmetric",
            "oversampling",
            "SMOTE",
            "borderline SMOTE + focal, gamma 2",
            "class-weighted + threshold",
            "undersampling",
            "balanced batches",
            "post-hoc adjustment");

    private static final int FOLDS = 5;
    private static final int EPOCHS = 40;

    static PlausibleComparison of(List<String> classes, int candidates, int rows, boolean real) {
        Random random = new Random(7);
        int[] labels = IntStream.range(0, rows)
                .map(i -> i < classes.size() ? i : rare(random, classes.size()))
                .toArray();
        List<CandidateResult> results = new ArrayList<>();
        for (int c = 0; c < candidates; c++) {
            String title = REMEDIES.get(c);
            String id = title.replaceAll("[ ,+]+", "-");
            Candidate candidate = new Candidate(
                    id,
                    title,
                    "Does what " + title + " does, in a sentence of the usual length.",
                    List.of(
                            "ClassWeights weights = ClassWeights.balanced(ClassCounts.of(trainingData));",
                            "new OutputLayer.Builder(Dl4jLosses.softmaxCrossEntropy(weights)).nIn(32).nOut(2).build();"));
            List<Fit> fits = new ArrayList<>();
            for (int fold = 0; fold < FOLDS; fold++) {
                fits.add(fit(random, id, fold, labels, classes.size(), 1.2 + 0.1 * c, 0.12 * c));
            }
            results.add(new CandidateResult(candidate, fits));
        }
        Comparison comparison = new Comparison(
                "plausible.csv",
                "outcome",
                classes,
                labels,
                FOLDS,
                1,
                42,
                new Settings(32, EPOCHS, 64, 0.005, 42),
                List.of("column ticket is left out: every row has a value of its own"),
                results);
        return new PlausibleComparison(comparison, standings(results, real), losses(comparison));
    }

    private static Map<String, LossFunction> losses(Comparison comparison) {
        ClassCounts counts = ClassCounts.of(comparison.counts());
        List<LossFunction> kinds = List.of(
                Dl4jLosses.softmaxCrossEntropy().function(),
                Dl4jLosses.softmaxCrossEntropy(ClassWeights.balanced(counts)).function(),
                Dl4jLosses.softmaxFocal(2).function(),
                Dl4jLosses.ldam(counts).function(),
                Dl4jLosses.logitAdjusted(counts, 1).function());
        Map<String, LossFunction> losses = new LinkedHashMap<>();
        for (CandidateResult result : comparison.candidates()) {
            losses.put(result.candidate().id(), kinds.get(losses.size() % kinds.size()));
        }
        return losses;
    }

    /** Each class is rarer than the one before it. */
    private static int rare(Random random, int classes) {
        int k = 0;
        while (k < classes - 1 && random.nextDouble() < (classes > 8 ? 0.85 : 0.35)) {
            k++;
        }
        return k;
    }

    private static Fit fit(Random random, String id, int fold, int[] labels, int classes, double skill, double shift) {
        int[] rows =
                IntStream.range(0, labels.length).filter(i -> i % FOLDS == fold).toArray();
        float[][] probabilities = new float[rows.length][classes];
        int[] predicted = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                double logit = random.nextGaussian() + (k == labels[rows[i]] ? skill : 0) - (1.5 - shift) * k / classes;
                probabilities[i][k] = (float) Math.exp(1.5 * logit);
                sum += probabilities[i][k];
            }
            for (int k = 0; k < classes; k++) {
                probabilities[i][k] /= (float) sum;
                predicted[i] = probabilities[i][k] > probabilities[i][predicted[i]] ? k : predicted[i];
            }
        }
        double[] loss = new double[EPOCHS];
        double[] accuracy = new double[EPOCHS];
        for (int e = 0; e < EPOCHS; e++) {
            loss[e] = (0.3 + skill / 3) * (0.4 + 0.6 * Math.exp(-e / (5 + skill))) + 0.01 * random.nextGaussian();
            accuracy[e] = 0.5 + 0.15 * skill * (1 - Math.exp(-e / (4 + 3 * shift))) + 0.01 * random.nextGaussian();
        }
        return new Fit(id, 0, fold, rows, probabilities, predicted, loss, accuracy, 0.8 + shift + random.nextDouble());
    }

    private static Standings standings(List<CandidateResult> results, boolean real) {
        List<Standing> ranking = new ArrayList<>();
        for (int c = 0; c < results.size(); c++) {
            Map<Measure, Interval> scores = new EnumMap<>(Measure.class);
            Map<Measure, Interval> minusPlain = new EnumMap<>(Measure.class);
            Map<Measure, Interval> minusWinner = new EnumMap<>(Measure.class);
            Map<Measure, Double> doubt = new EnumMap<>(Measure.class);
            for (Measure m : Measure.values()) {
                double gain = 0.008 * c - 0.0005 * m.ordinal() * c;
                double mean = 0.62 + 0.03 * m.ordinal() + gain;
                scores.put(m, new Interval(mean, mean - 0.04, mean + 0.04));
                minusPlain.put(m, new Interval(gain, gain - 0.02, gain + 0.02));
                minusWinner.put(m, new Interval(gain - 0.1, gain - 0.12, gain - 0.08));
                doubt.put(m, c == 0 ? 1 : 0.4 / (c * c));
            }
            ranking.add(
                    new Standing(results.get(c).candidate(), scores, minusPlain, minusWinner, doubt, 1.3 + 0.12 * c));
        }
        ranking.sort(Comparator.comparingDouble(
                (Standing s) -> -s.scores().get(Measure.BALANCED_ACCURACY).mean()));
        List<Verdict> verdicts = new ArrayList<>();
        for (Measure m : Measure.values()) {
            Candidate winner = ranking.get(0).candidate();
            verdicts.add(new Verdict(
                    m,
                    winner.id(),
                    real,
                    "By " + m.title() + ", " + winner.title()
                            + " comes first with 0.716, 0.096 more than plain training"
                            + (real
                                    ? ", which is more than chance explains (p 0.003)."
                                    : ", which chance alone would often give (p 0.24): stay with plain training.")));
        }
        return new Standings(Measure.BALANCED_ACCURACY, ranking, verdicts);
    }
}
