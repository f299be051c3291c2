package io.loss4j.dl4j.decision;

import io.loss4j.dl4j.metric.Predictions;
import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What held-out rows tell about a rule. */
final class Fitting {
    private Fitting() {}

    static double temperature(DecisionRule rule, Predictions heldOut) {
        requireClasses(rule, heldOut);
        TemperatureFit fit = new TemperatureFit();
        double[] bias = bias(rule);
        for (int row = 0; row < heldOut.rows(); row++) {
            fit.add(Evidence.logits(rule.outputs(), heldOut.row(row), row), bias, heldOut.label(row));
        }
        return fit.temperature();
    }

    static double temperature(DecisionRule rule, List<Predictions> heldOut) {
        requireLabels(rule, heldOut);
        TemperatureFit fit = new TemperatureFit();
        double[] biases = bias(rule);
        for (int k = 0; k < rule.columns(); k++) {
            Predictions of = heldOut.get(k);
            double[] bias = {0, biases[k]};
            for (int row = 0; row < of.rows(); row++) {
                fit.add(new double[] {0, Evidence.logOdds(of.score(row, 1), row)}, bias, of.label(row));
            }
        }
        return fit.temperature();
    }

    private static double[] bias(DecisionRule rule) {
        double[] bias = rule.bias();
        return bias.length == 0 ? new double[rule.columns()] : bias;
    }

    static double[] thresholds(DecisionRule rule, Predictions heldOut, Goal goal) {
        requireClasses(rule, heldOut);
        requireEveryClass(heldOut, "class ");
        double[][] q = new double[heldOut.rows()][];
        for (int row = 0; row < q.length; row++) {
            q[row] = rule.posterior(heldOut.row(row), row);
        }
        if (rule.columns() > 2) {
            return ThresholdSearch.ofClasses(q, heldOut.labels(), goal);
        }
        double[] yes = Arrays.stream(q).mapToDouble(p -> p[1]).toArray();
        double threshold = ThresholdSearch.ofYes(yes, isYes(heldOut), goal);
        return new double[] {1 - threshold, threshold};
    }

    static double[] thresholds(DecisionRule rule, List<Predictions> heldOut, Goal goal) {
        requireLabels(rule, heldOut);
        double[] thresholds = new double[rule.columns()];
        for (int k = 0; k < thresholds.length; k++) {
            Predictions of = heldOut.get(k);
            int column = k;
            requireEveryClass(of, "of label " + k + ", answer ");
            double[] yes = IntStream.range(0, of.rows())
                    .mapToDouble(row -> rule.yes(of.score(row, 1), column, row))
                    .toArray();
            thresholds[k] = ThresholdSearch.ofYes(yes, isYes(of), goal);
        }
        return thresholds;
    }

    private static boolean[] isYes(Predictions of) {
        boolean[] yes = new boolean[of.rows()];
        for (int row = 0; row < yes.length; row++) {
            yes[row] = of.label(row) == 1;
        }
        return yes;
    }

    private static void requireClasses(DecisionRule rule, Predictions heldOut) {
        boolean labels = rule.outputs() == Outputs.LABELS;
        if (labels || heldOut.classes() != rule.columns()) {
            throw DecisionRule.refused(
                    "a rule of " + rule.columns() + " " + rule.outputs().word() + " for predictions of "
                            + heldOut.classes() + " classes",
                    labels ? "give Predictions.ofColumns(...)" : "correct the number of classes");
        }
    }

    private static void requireLabels(DecisionRule rule, List<Predictions> heldOut) {
        if (rule.outputs() != Outputs.LABELS
                || heldOut.size() != rule.columns()
                || heldOut.stream().anyMatch(p -> p.classes() != 2)) {
            throw DecisionRule.refused(
                    "a rule of " + rule.columns() + " " + rule.outputs().word() + " for predictions of "
                            + heldOut.size() + " labels",
                    "give Predictions.ofColumns(...) to a rule of as many labels, and one Predictions to a rule of"
                            + " classes");
        }
    }

    private static void requireEveryClass(Predictions heldOut, String what) {
        int[] counts = heldOut.counts();
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] == 0) {
                throw new LossInputException(
                        "L4J-D53",
                        "thresholds",
                        what + k + " does not occur in the " + heldOut.rows() + " held-out rows",
                        "hold out more rows, or set thresholds with withThresholds");
            }
        }
    }
}
