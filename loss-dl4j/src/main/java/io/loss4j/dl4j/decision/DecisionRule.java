package io.loss4j.dl4j.decision;

import io.loss4j.ClassCounts;
import io.loss4j.dl4j.metric.Predictions;
import io.loss4j.error.LossInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How the output of a trained network becomes a decision. Immutable; the {@code with} and {@code fit} methods return
 * changed copies.
 *
 * <pre>{@code
 * DecisionRule rule = DecisionRule.ofClasses(2)
 *         .fitTemperature(heldOut)                            // probabilities that can be taken at their word
 *         .fitThresholds(heldOut, Goal.fBeta(1, 2));          // or .withCosts(new double[][] {{0, 1}, {20, 0}})
 * rule.save(Path.of("model.rule.json"));
 * INDArray decisions = rule.decide(network.output(features)); // class indices
 * }</pre>
 *
 * <p><b>Classes that exclude each other</b> ({@link #ofClasses}): of the logits z (logarithms of probabilities, up to a
 * constant) the rule makes q = softmax(z / T + b) with a temperature T and a bias b per class, 1 and 0 unless set. It
 * decides for the highest q_k / t_k with thresholds t; of two classes for the second if q_1 >= t_1 / (t_0 + t_1); or, with
 * costs, for the class of the least expected cost sum_i q_i cost[i][j]. Without either for the highest q_k.
 *
 * <p><b>Labels that are yes or no of their own</b> ({@link #ofLabels}): q_k = sigmoid(logit(p_k) / T + b_k), yes if q_k
 * >= t_k, which is 0.5 unless set.
 *
 * <p>Fit on rows that the network was not trained with, and judge on others again. Scores are rows of probabilities, or
 * of logits for {@link #ofClassLogits}; one column stands for the second of two classes. Arrays are [N, K] or
 * [N, K, ...].
 */
public final class DecisionRule {
    private static final String WHO = "decision rule";

    private final Outputs outputs;
    private final int columns;
    private final double temperature;
    private final double @Nullable [] bias;
    private final double @Nullable [] thresholds;
    private final @Nullable CostMatrix costs;

    DecisionRule(
            Outputs outputs,
            int columns,
            double temperature,
            double @Nullable [] bias,
            double @Nullable [] thresholds,
            @Nullable CostMatrix costs) {
        this.outputs = outputs;
        this.columns = columns;
        this.temperature = temperature;
        this.bias = bias;
        this.thresholds = thresholds;
        this.costs = costs;
        check();
    }

    private void check() {
        boolean labels = outputs == Outputs.LABELS;
        if (columns < (labels ? 1 : 2)) {
            throw refused(
                    columns + (labels ? " labels" : " classes") + ", expected from " + (labels ? 1 : 2),
                    "a network with one sigmoid output has two classes");
        }
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw refused("a temperature of " + temperature + ", expected a number above 0", "1 changes nothing");
        }
        if (bias != null && (bias.length != columns || !Arrays.stream(bias).allMatch(Double::isFinite))) {
            throw refused("biases " + shown(bias) + ", expected " + columns + " finite numbers", "0 changes nothing");
        }
        if (thresholds != null) {
            double most = labels ? 1 : Double.MAX_VALUE;
            if (thresholds.length != columns || !Arrays.stream(thresholds).allMatch(t -> t > 0 && t <= most)) {
                throw refused(
                        "thresholds " + shown(thresholds) + ", expected " + columns + " numbers above 0"
                                + (labels ? " and up to 1" : ""),
                        "correct them");
            }
        }
        if (costs != null && (labels || costs.classes() != columns)) {
            throw refused(
                    "costs between " + costs.classes() + " classes for " + columns + (labels ? " labels" : " classes"),
                    labels
                            ? "use withThresholds: yes costs c01 if wrong, no c10, so the threshold is c01 / (c01 + c10)"
                            : "give costs[true class][decision]");
        }
        if (costs != null && thresholds != null) {
            throw refused("thresholds and costs", "use one of them");
        }
    }

    private static String shown(double[] numbers) {
        return numbers.length <= 8 ? Arrays.toString(numbers) : "of " + numbers.length + " columns";
    }

    static LossInputException refused(String problem, String remedy) {
        return new LossInputException("L4J-D54", WHO, problem, remedy);
    }

    /** The most probable of K classes, from probabilities: the output of a softmax or, for two classes, of one sigmoid. */
    public static DecisionRule ofClasses(int classes) {
        return new DecisionRule(Outputs.CLASSES, classes, 1, null, null, null);
    }

    /** The same from logits: what is before the softmax. */
    public static DecisionRule ofClassLogits(int classes) {
        return new DecisionRule(Outputs.CLASS_LOGITS, classes, 1, null, null, null);
    }

    /** Yes where the probability is 0.5 or more, for every column by itself: the output of sigmoids (multi-label). */
    public static DecisionRule ofLabels(int labels) {
        return new DecisionRule(Outputs.LABELS, labels, 1, null, null, null);
    }

    /** The same with a temperature: above 1 for networks that are surer than right. */
    public DecisionRule withTemperature(double value) {
        return new DecisionRule(outputs, columns, value, bias, thresholds, costs);
    }

    /**
     * The same with a number added to every logit, after the temperature. Minus the logarithm of class weights undoes
     * the effect of training with them on probabilities.
     */
    public DecisionRule withBias(double... values) {
        return new DecisionRule(outputs, columns, temperature, values.clone(), thresholds, costs);
    }

    /**
     * Post-hoc logit adjustment (Menon et al. 2021): a bias of -tau ln prior_k. With tau = 1 the most probable class is
     * the one of the highest balanced accuracy, if probabilities are right. Not for networks that were trained with a
     * logit-adjusted loss, class weights or balanced sampling: they are adjusted already.
     *
     * @param trainingCounts how often each class is in the training data, at least once
     * @param tau from 0, which changes nothing
     */
    public DecisionRule withLogitAdjustment(ClassCounts trainingCounts, double tau) {
        double[] counts = trainingCounts.toArray();
        if (!(tau >= 0 && tau < Double.POSITIVE_INFINITY)) {
            throw refused("tau is " + tau + ", expected a number from 0", "1 is usual");
        }
        if (outputs == Outputs.LABELS) {
            throw refused(
                    "logit adjustment of labels, which have no prior in common", "use withBias or withThresholds");
        }
        if (Arrays.stream(counts).anyMatch(n -> n == 0)) {
            throw refused("a class that never occurs has no prior: counts " + shown(counts), "use counts.atLeast(1)");
        }
        double total = trainingCounts.total();
        return withBias(
                Arrays.stream(counts).map(n -> -tau * Math.log(n / total)).toArray());
    }

    /** The same for two classes with the probability from which the second is decided for, between 0 and 1. */
    public DecisionRule withThreshold(double t) {
        if (outputs == Outputs.LABELS || columns != 2 || !(t > 0 && t < 1)) {
            throw refused(
                    "one threshold of " + t + " for " + columns + " " + outputs.word()
                            + ", expected a number between 0 and 1 for two classes",
                    "use withThresholds");
        }
        return withThresholds(1 - t, t);
    }

    /**
     * The same with a threshold per column, instead of costs. Of classes only their ratios matter; those of the class
     * frequencies decide like logit adjustment with tau = 1.
     */
    public DecisionRule withThresholds(double... values) {
        return new DecisionRule(outputs, columns, temperature, bias, values.clone(), null);
    }

    /**
     * The same with the least expected cost, instead of thresholds. Wants probabilities that are right: fit a temperature
     * first, and adjust for weights or sampling used in training.
     *
     * @param matrix costs[true class][decision]; gains are negative costs
     */
    public DecisionRule withCosts(double[][] matrix) {
        return new DecisionRule(outputs, columns, temperature, bias, null, CostMatrix.of(matrix));
    }

    /**
     * The same with the temperature under which held-out rows are most likely (Guo et al. 2017).
     *
     * @throws LossInputException L4J-D53 if there is none: all rows are right, or scores tell no more than chance
     */
    public DecisionRule fitTemperature(Predictions heldOut) {
        return withTemperature(Fitting.temperature(this, heldOut));
    }

    /**
     * The same for labels, one temperature for all.
     *
     * @param heldOut one per label, see {@link Predictions#ofColumns}
     */
    public DecisionRule fitTemperature(List<Predictions> heldOut) {
        return withTemperature(Fitting.temperature(this, heldOut));
    }

    /**
     * The same with the thresholds that reach most on held-out rows, given temperature and bias. Of two classes every
     * threshold is tried; of more, one is moved after the other, which finds a high place, not always the highest.
     *
     * @throws LossInputException L4J-D53 if a class does not occur
     */
    public DecisionRule fitThresholds(Predictions heldOut, Goal goal) {
        return withThresholds(Fitting.thresholds(this, heldOut, goal));
    }

    /**
     * The same for labels: the threshold of each reaches most by itself, with "no" and "yes" as class 0 and 1 of the goal.
     *
     * @param heldOut one per label, see {@link Predictions#ofColumns}
     * @throws LossInputException L4J-D53 if a label is never "yes", or always
     */
    public DecisionRule fitThresholds(List<Predictions> heldOut, Goal goal) {
        return withThresholds(Fitting.thresholds(this, heldOut, goal));
    }

    /** q of a row of classes. */
    double[] posterior(double[] row, long number) {
        requireColumns(row.length, number);
        if (outputs == Outputs.CLASSES && temperature == 1 && bias == null) {
            double[] p = row.length == 1 ? new double[] {1 - row[0], row[0]} : row.clone();
            for (int k = 0; k < p.length; k++) {
                p[k] = Evidence.checked(p[k], number);
            }
            return p;
        }
        double[] z = Evidence.logits(outputs, row, number);
        double[] x = new double[columns];
        for (int k = 0; k < columns; k++) {
            x[k] = z[k] / temperature + (bias == null ? 0 : bias[k]);
        }
        return Evidence.softmax(x);
    }

    /** q of one label. */
    double yes(double p, int k, long number) {
        if (temperature == 1 && bias == null) {
            return Evidence.checked(p, number);
        }
        return Evidence.sigmoid(Evidence.logOdds(p, number) / temperature + (bias == null ? 0 : bias[k]));
    }

    private void requireColumns(int found, long number) {
        if (found != columns && !(found == 1 && columns == 2 && outputs != Outputs.LABELS)) {
            throw new LossInputException(
                    "L4J-D55",
                    WHO,
                    "row " + number + " has " + found + " scores, but the rule is one of " + columns + " "
                            + outputs.word(),
                    "give the output of the network that it was made for");
        }
    }

    private int decide(double[] row, long number) {
        double[] q = posterior(row, number);
        if (costs != null) {
            return costs.decide(q);
        }
        if (thresholds == null) {
            return highest(q, null);
        }
        return columns == 2 ? q[1] >= thresholds[1] / (thresholds[0] + thresholds[1]) ? 1 : 0 : highest(q, thresholds);
    }

    private static int highest(double[] q, double @Nullable [] by) {
        int best = 0;
        for (int k = 1; k < q.length; k++) {
            boolean higher = by == null ? q[k] > q[best] : q[k] / by[k] > q[best] / by[best];
            best = higher ? k : best;
        }
        return best;
    }

    private boolean[] decideLabels(double[] row, long number) {
        requireColumns(row.length, number);
        boolean[] yes = new boolean[columns];
        for (int k = 0; k < columns; k++) {
            yes[k] = yes(row[k], k, number) >= (thresholds == null ? 0.5 : thresholds[k]);
        }
        return yes;
    }

    /**
     * The class of every row.
     *
     * @throws LossInputException L4J-D55 for rows that the rule was not made for, and NaN
     */
    public int[] decide(double[][] scores) {
        if (outputs == Outputs.LABELS) {
            throw refused("one class per row of a rule of labels", "use decideLabels");
        }
        return IntStream.range(0, scores.length)
                .map(row -> decide(scores[row], row))
                .toArray();
    }

    /** Yes or no for every row and label. */
    public boolean[][] decideLabels(double[][] scores) {
        if (outputs != Outputs.LABELS) {
            throw refused("labels of a rule of classes", "use decide");
        }
        return IntStream.range(0, scores.length)
                .mapToObj(row -> decideLabels(scores[row], row))
                .toArray(boolean[][]::new);
    }

    /** q for every row, one column per class or label. */
    public double[][] probabilities(double[][] scores) {
        double[][] q = new double[scores.length][];
        for (int row = 0; row < q.length; row++) {
            q[row] = outputs == Outputs.LABELS ? labelProbabilities(scores[row], row) : posterior(scores[row], row);
        }
        return q;
    }

    private double[] labelProbabilities(double[] row, long number) {
        requireColumns(row.length, number);
        double[] q = new double[columns];
        for (int k = 0; k < columns; k++) {
            q[k] = yes(row[k], k, number);
        }
        return q;
    }

    /**
     * Decisions for the output of a network, as INT32: class indices in the shape of the output without axis 1, or 0 and 1
     * for labels in the shape of the output.
     */
    public INDArray decide(INDArray output) {
        return outputs == Outputs.LABELS
                ? OutputArrays.map(output, (row, i) -> {
                            boolean[] yes = decideLabels(row, i);
                            return IntStream.range(0, columns)
                                    .mapToDouble(k -> yes[k] ? 1 : 0)
                                    .toArray();
                        })
                        .castTo(DataType.INT32)
                : OutputArrays.indices(output, this::decide);
    }

    /** q for the output of a network, in its shape; one column is the probability of the second class. */
    public INDArray probabilities(INDArray output) {
        return OutputArrays.map(output, (row, i) -> {
            double[] q = outputs == Outputs.LABELS ? labelProbabilities(row, i) : posterior(row, i);
            return row.length == q.length ? q : new double[] {q[1]};
        });
    }

    /** K. */
    public int columns() {
        return columns;
    }

    /** T. */
    public double temperature() {
        return temperature;
    }

    /** b; empty if there is none. */
    public double[] bias() {
        return bias == null ? new double[0] : bias.clone();
    }

    /** t; empty if there are none. */
    public double[] thresholds() {
        return thresholds == null ? new double[0] : thresholds.clone();
    }

    /** costs[true class][decision]; empty if there are none. */
    public double[][] costs() {
        return costs == null ? new double[0][] : costs.toArray();
    }

    Outputs outputs() {
        return outputs;
    }

    /** {@code {"id":"decision_rule","version":1,"outputs":"classes","columns":2,...}}; what is not set is left out. */
    public String toJson() {
        return DecisionRuleJson.write(this).toString();
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws LossInputException if the text is anything else
     */
    public static DecisionRule fromJson(String json) {
        return DecisionRuleJson.read(json);
    }

    /** Writes the rule to a file of its own, replacing what is there once all is written. */
    public void save(Path file) throws IOException {
        DecisionRuleFile.save(this, file);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws LossInputException if the file holds anything else
     */
    public static DecisionRule load(Path file) throws IOException {
        return DecisionRuleFile.load(file);
    }

    /**
     * Adds the rule to a model that Deeplearning4j's {@code ModelSerializer} has written, or replaces the one in it. The
     * model stays readable as before. Writing the model again leaves the rule out.
     */
    public void addTo(Path model) throws IOException {
        DecisionRuleFile.addTo(this, model);
    }

    /**
     * Reads what {@link #addTo} has added. It is JSON: nothing is deserialised by class name.
     *
     * @throws LossInputException L4J-D56 if the file is no model or has no rule
     */
    public static DecisionRule ofModel(Path model) throws IOException {
        return DecisionRuleFile.ofModel(model);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecisionRule that && toJson().equals(that.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }

    /** The JSON. */
    @Override
    public String toString() {
        return toJson();
    }
}
