package io.loss4j.dl4j.metric;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * What a model says about examples of known classes: N rows with one score per class, and the true class of each. The
 * classes exclude each other; of outputs that are yes or no of their own, take one at a time with {@link #ofColumn}.
 *
 * <p>Scores are probabilities, or anything else that is higher for more likely classes; metrics of probabilities check
 * that they are. A single column of probabilities is the second of two classes, as networks with one sigmoid output
 * give it.
 *
 * <p>Immutable as long as nobody changes the arrays that were given: they are not copied.
 */
public final class Predictions {
    private static final String WHO = "predictions";

    /** Single precision, and sums of many half-precision numbers. */
    private static final double TOLERANCE = 1e-5;

    private static final double SUM_TOLERANCE = 1e-2;

    private final double[][] scores;
    private final int[] labels;
    private final int classes;

    private Predictions(double[][] scores, int[] labels, int classes) {
        this.scores = scores;
        this.labels = labels;
        this.classes = classes;
    }

    /**
     * @param scores N rows, K columns; one column of probabilities stands for two classes
     * @param labels N class indices from 0 to K - 1
     * @throws LossInputException L4J-D50 if there are no rows, rows of different length, or NaN; L4J-L01 for a label out
     *     of range; L4J-D51 for a single column outside [0, 1]
     */
    public static Predictions of(double[][] scores, int[] labels) {
        if (scores.length != labels.length || scores.length == 0) {
            throw refused(scores.length + " rows of scores and " + labels.length + " labels, expected as many, from 1");
        }
        int columns = scores[0].length;
        if (columns == 0) {
            throw refused("row 0 has no scores, expected one per class");
        }
        for (int row = 0; row < scores.length; row++) {
            check(scores[row], row, columns);
        }
        int classes = Math.max(2, columns);
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes) {
                throw new LossInputException(
                        "L4J-L01",
                        WHO,
                        "the label of row " + row + " is " + labels[row] + ", expected a class index from 0 to "
                                + (classes - 1) + " for K = " + classes,
                        "correct the label");
            }
        }
        if (columns == 1) {
            checkProbabilities(scores);
        }
        return new Predictions(scores, labels, classes);
    }

    private static void check(double[] row, int number, int columns) {
        if (row.length != columns) {
            throw refused("row " + number + " has " + row.length + " scores, row 0 has " + columns
                    + ", expected the same everywhere");
        }
        for (int k = 0; k < columns; k++) {
            if (Double.isNaN(row[k])) {
                throw refused("score " + k + " of row " + number + " is NaN, expected numbers");
            }
        }
    }

    private static LossInputException refused(String problem) {
        return new LossInputException("L4J-D50", WHO, problem, "give one row of scores and one class per example");
    }

    private static void checkProbabilities(double[][] second) {
        for (int row = 0; row < second.length; row++) {
            double p = second[row][0];
            if (!(p >= 0 && p <= 1)) {
                throw new LossInputException(
                        "L4J-D51",
                        WHO,
                        "the only score of row " + row + " is " + p + ", expected a probability from 0 to 1",
                        "give the output of a sigmoid, or one column per class");
            }
        }
    }

    /**
     * The output of a network, without a mask.
     *
     * @see #of(INDArray, INDArray, INDArray)
     */
    public static Predictions of(INDArray scores, INDArray labels) {
        return of(scores, labels, null);
    }

    /**
     * The output of a network: every example, time step or pixel is a row.
     *
     * @param scores [N, K] or [N, K, ...], any numeric type and layout
     * @param labels of the same shape, of which the largest column is the class; or one class index per row
     * @param mask rows (or elements) of 0 are left out, all others count the same; null: all count
     * @throws LossInputException for shapes that do not fit, rows without a label, labels out of range, and NaN
     */
    public static Predictions of(INDArray scores, INDArray labels, @Nullable INDArray mask) {
        return OutputRows.of(scores, labels, mask);
    }

    /**
     * What a network says about data, which is read once from its start; label masks are respected.
     *
     * @param data labels are one-hot or class indices
     */
    public static Predictions of(MultiLayerNetwork network, DataSetIterator data) {
        return NetworkOutput.of(
                data,
                batch -> network.output(
                        batch.getFeatures(), false, batch.getFeaturesMaskArray(), batch.getLabelsMaskArray()));
    }

    /** The same of a graph with one input and one output. */
    public static Predictions of(ComputationGraph network, DataSetIterator data) {
        return NetworkOutput.of(data, batch -> NetworkOutput.of(network, batch));
    }

    /** All rows of several, one after the other, for example of the folds of a cross-validation. */
    public static Predictions concat(List<Predictions> parts) {
        double[][] scores = parts.stream().flatMap(p -> Arrays.stream(p.scores)).toArray(double[][]::new);
        int[] labels = parts.stream().flatMapToInt(p -> Arrays.stream(p.labels)).toArray();
        return of(scores, labels);
    }

    /**
     * One output of a network whose outputs are yes or no of their own (multi-label): class 1 is yes.
     *
     * @param scores [N, K] or [N, K, ...] probabilities
     * @param labels 0 or 1, of the same shape
     * @param mask rows or elements of 0 are left out; null: all count
     * @param column from 0 to K - 1
     */
    public static Predictions ofColumn(INDArray scores, INDArray labels, @Nullable INDArray mask, int column) {
        return OutputRows.ofColumn(scores, labels, mask, column);
    }

    /** {@link #ofColumn} for every output. */
    public static List<Predictions> ofColumns(INDArray scores, INDArray labels, @Nullable INDArray mask) {
        int columns = scores.rank() < 2 ? 1 : (int) scores.size(1);
        return IntStream.range(0, columns)
                .mapToObj(k -> ofColumn(scores, labels, mask, k))
                .toList();
    }

    /** N. */
    public int rows() {
        return labels.length;
    }

    /** K, at least 2 where one column stood for two classes. */
    public int classes() {
        return classes;
    }

    /** The true class of a row. */
    public int label(int row) {
        return labels[row];
    }

    /** The score that a row has for a class. */
    public double score(int row, int k) {
        double[] given = scores[row];
        return given.length > 1 ? given[k] : k == 1 ? given[0] : 1 - given[0];
    }

    /** A copy of the scores of a row as they were given: one where one column stands for two classes. */
    public double[] row(int row) {
        return scores[row].clone();
    }

    /** The class with the highest score in a row, the first of equals. */
    public int predicted(int row) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            best = score(row, k) > score(row, best) ? k : best;
        }
        return best;
    }

    /** How many rows each class has. */
    public int[] counts() {
        int[] counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** A copy of the true classes. */
    public int[] labels() {
        return labels.clone();
    }

    /** Some of the rows, in the given order; a row may occur several times. */
    public Predictions rows(int... chosen) {
        double[][] chosenScores = new double[chosen.length][];
        int[] chosenLabels = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            chosenScores[i] = scores[chosen[i]];
            chosenLabels[i] = labels[chosen[i]];
        }
        return new Predictions(chosenScores, chosenLabels, classes);
    }

    /** Whether the same rows were predicted, as far as the labels tell. */
    boolean hasLabelsOf(Predictions other) {
        return Arrays.equals(labels, other.labels);
    }

    /** The same, after a check that every score is from 0 to 1 and, if so wished, that rows sum to 1. */
    Predictions requireProbabilities(String who, boolean sums) {
        for (int row = 0; row < scores.length; row++) {
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                double p = score(row, k);
                if (!(p >= -TOLERANCE && p <= 1 + TOLERANCE)) {
                    throw noProbabilities(who, "a score of row " + row + " is " + p + ", expected 0 to 1");
                }
                sum += p;
            }
            if (sums && Math.abs(sum - 1) > SUM_TOLERANCE) {
                throw noProbabilities(who, "the scores of row " + row + " sum to " + sum + ", expected 1");
            }
        }
        return this;
    }

    private static LossInputException noProbabilities(String who, String problem) {
        return new LossInputException("L4J-D51", who, problem, "give probabilities: the output of a softmax");
    }
}
