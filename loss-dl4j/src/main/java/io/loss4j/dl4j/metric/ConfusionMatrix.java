package io.loss4j.dl4j.metric;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.nd4j.evaluation.classification.Evaluation;

/**
 * How often each class was taken for each, and what follows from it. Immutable; those of several batches, folds or
 * workers are added with {@link #plus}.
 *
 * <p>ND4J's {@code Evaluation} counts the same ({@link #of(Evaluation)} takes its counts over), but its averages are
 * others: its Matthews correlation of more than two classes is a mean of one class against the rest, and its F1 of two
 * classes is that of one of them.
 */
public final class ConfusionMatrix {
    private final long[][] counts;
    private final long[] actual;
    private final long[] predicted;
    private final long total;

    private ConfusionMatrix(long[][] counts) {
        this.counts = counts;
        int classes = counts.length;
        actual = new long[classes];
        predicted = new long[classes];
        long sum = 0;
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < classes; j++) {
                actual[i] += counts[i][j];
                predicted[j] += counts[i][j];
                sum += counts[i][j];
            }
        }
        total = sum;
    }

    /** Of the class with the highest score in each row, the first of equals. */
    public static ConfusionMatrix of(Predictions predictions) {
        long[][] counts = new long[predictions.classes()][predictions.classes()];
        for (int row = 0; row < predictions.rows(); row++) {
            counts[predictions.label(row)][predictions.predicted(row)]++;
        }
        return new ConfusionMatrix(counts);
    }

    /**
     * Of decisions that were made already, for example by a threshold.
     *
     * @param classes K
     * @param labels true class indices
     * @param decisions predicted class indices, as many
     */
    public static ConfusionMatrix of(int classes, int[] labels, int[] decisions) {
        if (labels.length != decisions.length) {
            throw new LossInputException(
                    "L4J-D50",
                    "confusion matrix",
                    labels.length + " labels and " + decisions.length + " decisions",
                    "give one decision per label");
        }
        long[][] counts = new long[classes][classes];
        for (int row = 0; row < labels.length; row++) {
            counts[index(labels[row], row, classes)][index(decisions[row], row, classes)]++;
        }
        return new ConfusionMatrix(counts);
    }

    private static int index(int k, int row, int classes) {
        if (k < 0 || k >= classes) {
            throw new LossInputException(
                    "L4J-L01",
                    "confusion matrix",
                    "label or decision of row " + row + " is " + k + ", expected a class index from 0 to "
                            + (classes - 1) + " for K = " + classes,
                    "correct it");
        }
        return k;
    }

    /**
     * Of counts that are known.
     *
     * @param counts [true class][predicted class], as many rows as columns, from 0
     */
    public static ConfusionMatrix ofCounts(long[][] counts) {
        long[][] copy = new long[counts.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts[i].clone();
            if (copy[i].length != copy.length || Arrays.stream(copy[i]).anyMatch(n -> n < 0)) {
                throw new LossInputException(
                        "L4J-D50",
                        "confusion matrix",
                        "row " + i + " of " + copy.length + " is " + Arrays.toString(copy[i])
                                + ", expected as many counts from 0 as rows",
                        "give one row and one column per class");
            }
        }
        return new ConfusionMatrix(copy);
    }

    /** The counts of ND4J's evaluation. */
    public static ConfusionMatrix of(Evaluation evaluation) {
        int classes = evaluation.getNumRowCounter() == 0
                ? 0
                : evaluation.getConfusion().getClasses().size();
        long[][] counts = new long[classes][classes];
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < classes; j++) {
                counts[i][j] = evaluation.getConfusion().getCount(i, j);
            }
        }
        return new ConfusionMatrix(counts);
    }

    /** The sum of two. */
    public ConfusionMatrix plus(ConfusionMatrix other) {
        if (other.counts.length != counts.length) {
            throw new LossInputException(
                    "L4J-D52",
                    "confusion matrix",
                    counts.length + " classes plus " + other.counts.length + " classes",
                    "add up matrices of the same classes");
        }
        long[][] sum = new long[counts.length][];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = counts[i].clone();
            for (int j = 0; j < sum.length; j++) {
                sum[i][j] += other.counts[i][j];
            }
        }
        return new ConfusionMatrix(sum);
    }

    /** K. */
    public int classes() {
        return counts.length;
    }

    /** How many rows of one class were predicted to be of another. */
    public long count(int actualClass, int predictedClass) {
        return counts[actualClass][predictedClass];
    }

    /** How many rows are of a class. */
    public long actual(int k) {
        return actual[k];
    }

    /** How many rows were predicted to be of a class. */
    public long predicted(int k) {
        return predicted[k];
    }

    /** How many rows there are. */
    public long total() {
        return total;
    }

    /** The part of the rows of a class that was predicted; NaN if there are none. */
    public double recall(int k) {
        return (double) counts[k][k] / actual[k];
    }

    /** The part of the rows predicted to be of a class that is; 0 if there are none, NaN if the class never occurs too. */
    public double precision(int k) {
        return predicted[k] == 0 && actual[k] > 0 ? 0 : (double) counts[k][k] / predicted[k];
    }

    /** Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN); NaN if the class neither occurs nor is predicted. */
    public double f1(int k) {
        return fBeta(k, 1);
    }

    /**
     * (1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP); NaN if the class neither occurs nor is predicted.
     *
     * @param beta above 0: how many times recall counts more than precision
     */
    public double fBeta(int k, double beta) {
        if (!(beta > 0 && beta < Double.POSITIVE_INFINITY)) {
            throw new LossInputException(
                    "L4J-D52", "F-beta", "beta is " + beta + ", expected a number above 0", "correct it");
        }
        double square = beta * beta;
        return (1 + square) * counts[k][k] / (square * actual[k] + predicted[k]);
    }

    /** The part of all rows whose class was predicted. */
    public double accuracy() {
        return (double) right() / total;
    }

    private long right() {
        return IntStream.range(0, counts.length).mapToLong(k -> counts[k][k]).sum();
    }

    /** Mean recall of the classes that occur. */
    public double balancedAccuracy() {
        return mean(this::recall);
    }

    /** Mean F1 of the classes that occur or are predicted. */
    public double macroF1() {
        return mean(this::f1);
    }

    /** Geometric mean of the recalls of the classes that occur; 0 if one of them is never found. */
    public double geometricMean() {
        return Math.exp(mean(k -> Math.log(recall(k))));
    }

    private double mean(IntToDoubleFunction value) {
        return IntStream.range(0, counts.length)
                .mapToDouble(value)
                .filter(x -> !Double.isNaN(x))
                .average()
                .orElse(Double.NaN);
    }

    /**
     * Correlation of predicted and true class, from -1 to 1, 0 for guessing (Gorodkin 2004). With c right of s rows, t_k
     * rows and p_k predictions of class k:
     *
     * <p>(c s - sum_k p_k t_k) / sqrt((s^2 - sum_k p_k^2) (s^2 - sum_k t_k^2)).
     *
     * <p>0 if all rows are of one class, or are predicted to be. For two classes this is the usual coefficient.
     */
    public double matthewsCorrelation() {
        double s = total;
        double covariance = right() * s;
        double ofPredicted = s * s;
        double ofActual = s * s;
        for (int k = 0; k < counts.length; k++) {
            covariance -= (double) predicted[k] * actual[k];
            ofPredicted -= (double) predicted[k] * predicted[k];
            ofActual -= (double) actual[k] * actual[k];
        }
        return ofPredicted == 0 || ofActual == 0 ? 0 : covariance / Math.sqrt(ofPredicted) / Math.sqrt(ofActual);
    }

    /**
     * As lines of text: a row per true class, a column per predicted one.
     *
     * @param names of the classes; numbers where there are none
     */
    public String table(List<String> names) {
        int classes = counts.length;
        String[] titles = IntStream.range(0, classes)
                .mapToObj(k -> k < names.size() ? names.get(k) : String.valueOf(k))
                .toArray(String[]::new);
        String corner = "true \\ predicted";
        int first = Arrays.stream(titles).mapToInt(String::length).reduce(corner.length(), Math::max);
        StringBuilder text = new StringBuilder(pad(corner, -first));
        for (int j = 0; j < classes; j++) {
            text.append("  ").append(pad(titles[j], width(titles, j)));
        }
        for (int i = 0; i < classes; i++) {
            text.append(System.lineSeparator()).append(pad(titles[i], -first));
            for (int j = 0; j < classes; j++) {
                text.append("  ").append(pad(String.valueOf(counts[i][j]), width(titles, j)));
            }
        }
        return text.toString();
    }

    private int width(String[] titles, int column) {
        int width = titles[column].length();
        for (long[] row : counts) {
            width = Math.max(width, String.valueOf(row[column]).length());
        }
        return width;
    }

    /** To the left for negative widths. */
    private static String pad(String text, int width) {
        return String.format(Locale.ROOT, "%" + width + "s", text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfusionMatrix that && Arrays.deepEquals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(counts);
    }

    @Override
    public String toString() {
        return Arrays.deepToString(counts);
    }
}
