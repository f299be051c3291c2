package io.loss4j;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.PerColumn;
import io.loss4j.tensor.Rows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * How often each class occurs; soft labels and masks count in part. Class weights, priors and margins come from here.
 * Where an example may have several labels at once, these are its positives by column; {@link MultiLabelCounts} counts the
 * negatives, too. Immutable.
 */
public final class ClassCounts implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int TILE = 1 << 14;

    private final double[] counts;

    private ClassCounts(double[] counts) {
        this.counts = counts;
    }

    /** Known counts, one per class. */
    public static ClassCounts of(long... counts) {
        return of(Arrays.stream(counts).asDoubleStream().toArray());
    }

    /** Known counts, one per class; finite and at least 0. */
    public static ClassCounts of(double... counts) {
        if (counts.length == 0) {
            throw new LossInputException("L4J-W04", "class counts", "no class given", "give one count per class");
        }
        for (int k = 0; k < counts.length; k++) {
            if (!(counts[k] >= 0 && counts[k] < Double.POSITIVE_INFINITY)) {
                throw new LossInputException(
                        "L4J-W04",
                        "class counts",
                        "count " + k + " is " + counts[k] + ", expected a number from 0",
                        "correct it");
            }
        }
        return new ClassCounts(counts.clone());
    }

    /**
     * Counts class indices.
     *
     * @param classes K
     * @param labels class indices from 0 to K - 1
     */
    public static ClassCounts ofIndices(int classes, int... labels) {
        double[] counts = new double[classes];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw outOfRange(i, labels[i], classes);
            }
            counts[labels[i]]++;
        }
        return of(counts);
    }

    /**
     * Counts an array of labels: class indices of any shape with one column, or one column per class.
     *
     * @param classes K
     * @param labels [N] or [N, 1] class indices, or [N, K, ...] one-hot or soft labels
     */
    public static ClassCounts ofLabels(int classes, INDArray labels) {
        double[] counts = new double[classes];
        add(counts, labels, null);
        return of(counts);
    }

    /**
     * The same, weighted by a mask.
     *
     * @param mask one weight per row or per element, or null
     */
    public static ClassCounts ofLabels(int classes, INDArray labels, @Nullable INDArray mask) {
        double[] counts = new double[classes];
        add(counts, labels, mask);
        return of(counts);
    }

    /** Counts arrays of labels as they come, in one pass and constant memory; closes the stream. */
    public static ClassCounts ofLabels(int classes, Stream<INDArray> labels) {
        try (labels) {
            return ofLabels(classes, labels.iterator());
        }
    }

    /** Counts arrays of labels as they come, in one pass and constant memory. */
    public static ClassCounts ofLabels(int classes, Iterator<INDArray> labels) {
        double[] counts = new double[classes];
        while (labels.hasNext()) {
            add(counts, labels.next(), null);
        }
        return of(counts);
    }

    /** Counts a data set in one pass, label masks respected, and resets the iterator before and after. */
    public static ClassCounts of(DataSetIterator data) {
        return of(data, examples -> {});
    }

    /**
     * The same, telling how far it has come.
     *
     * @param progress called after every batch with the number of examples so far
     */
    public static ClassCounts of(DataSetIterator data, LongConsumer progress) {
        Sum sum = new Sum();
        LabelPass.over(data, progress, (labels, mask) -> {
            if (sum.counts.length == 0) {
                int columns = Rows.of(labels).columns();
                sum.counts = new double[columns == 1 ? Math.max(data.totalOutcomes(), 2) : columns];
            }
            add(sum.counts, labels, mask);
        });
        return of(sum.counts);
    }

    /**
     * Counts one output of a data set with several, in one pass, label masks respected, and resets the iterator before and
     * after.
     *
     * @param output which labels, from 0
     * @throws LossInputException L4J-W05 if there is no such output
     */
    public static ClassCounts of(MultiDataSetIterator data, int output) {
        Sum sum = new Sum();
        LabelPass.over(data, output, examples -> {}, (labels, mask) -> {
            if (sum.counts.length == 0) {
                sum.counts = new double[Math.max(2, Rows.of(labels).columns())];
            }
            add(sum.counts, labels, mask);
        });
        return of(sum.counts);
    }

    /**
     * The same for a known number of classes, which class indices need if there are more than two, telling how far it has
     * come.
     *
     * @param output which labels, from 0
     * @param classes K
     * @param progress called after every batch with the number of examples so far
     */
    public static ClassCounts of(MultiDataSetIterator data, int output, int classes, LongConsumer progress) {
        double[] counts = new double[classes];
        LabelPass.over(data, output, progress, (labels, mask) -> add(counts, labels, mask));
        return of(counts);
    }

    /** Counts whose number is known once the first labels have come. */
    private static final class Sum {
        private double[] counts = {};
    }

    /** Adds what an array of labels holds. */
    static void add(double[] counts, INDArray labels, @Nullable INDArray mask) {
        Rows rows = Rows.of(labels);
        boolean index = rows.columns() == 1 && counts.length > 1;
        if (!index && rows.columns() != counts.length) {
            throw new LossInputException(
                    "L4J-S02",
                    "class counts",
                    "labels have " + rows.columns() + " columns but there are " + counts.length
                            + " classes (shapes: labels " + Arrays.toString(labels.shape()) + ")",
                    "give class indices or one column per class");
        }
        Rows weights = mask == null ? null : Rows.mask("class counts", mask, labels.shape());
        int columns = rows.columns();
        int step = Math.max(1, TILE / columns);
        double[] tile = new double[step * columns];
        double[] weight = new double[step * columns];
        for (long row = 0; row < rows.rows(); row += step) {
            int n = (int) Math.min(step, rows.rows() - row);
            rows.load(row, n, 0, columns, tile, 0);
            int weightColumns = 1;
            if (weights == null) {
                Arrays.fill(weight, 1);
            } else {
                weightColumns = weights.columns();
                weights.load(row, n, 0, weightColumns, weight, 0);
            }
            for (int r = 0; r < n; r++) {
                for (int k = 0; k < columns; k++) {
                    double w = weight[weightColumns == 1 ? r : r * columns + k];
                    double label = tile[r * columns + k];
                    if (!index) {
                        counts[k] += w == 0 ? 0 : w * label;
                    } else if (w != 0) {
                        if (!(label >= 0 && label < counts.length && label == (int) label)) {
                            throw outOfRange(row + r, label, counts.length);
                        }
                        counts[(int) label] += w;
                    }
                }
            }
        }
    }

    private static LossInputException outOfRange(long row, double label, int classes) {
        return new LossInputException(
                "L4J-L01",
                "class counts",
                "the label of row " + row + " is " + label + ", expected a class index from 0 to " + (classes - 1)
                        + " for K = " + classes,
                "correct the label or the number of classes");
    }

    /** K. */
    public int classes() {
        return counts.length;
    }

    /** The count of a class. */
    public double of(int classIndex) {
        return counts[classIndex];
    }

    /** The sum over all classes. */
    public double total() {
        return Arrays.stream(counts).sum();
    }

    /** The share of each class, which sum to 1: what logit adjustment takes for its priors. */
    public double[] priors() {
        double total = total();
        if (total == 0) {
            throw new LossInputException("L4J-W04", "class counts", "nothing has been counted", "give it data");
        }
        return Arrays.stream(counts).map(n -> n / total).toArray();
    }

    /**
     * The margins of {@link io.loss4j.loss.Ldam}, {@code max_margin (n_k / min n)^(-1/4)}: the rarest class has the
     * largest.
     *
     * @param maxMargin of the rarest class; 0.5 is usual
     * @throws LossInputException L4J-W03 for a class that never occurs
     */
    public double[] margins(double maxMargin) {
        if (Arrays.stream(counts).anyMatch(n -> n == 0)) {
            throw new LossInputException(
                    "L4J-W03",
                    "class counts",
                    "a class never occurs, so the margins of the others would be 0: " + this,
                    "check the labels, or use counts.atLeast(1)");
        }
        double[] margins = LogitTransform.margins(perColumn(), maxMargin, 1).margin();
        return Objects.requireNonNull(margins, "made of margins");
    }

    /** The counts as losses take them: {@code new Ldam(counts.perColumn())}, {@code LogitTransform.priors(...)}. */
    public PerColumn perColumn() {
        return PerColumn.of(counts);
    }

    /**
     * The sum of these and other counts, for example of two workers. Exact, in any order, for whole numbers up to 2^53;
     * fractions, of soft labels and masks, are rounded as all sums are.
     */
    public ClassCounts plus(ClassCounts other) {
        if (other.counts.length != counts.length) {
            throw new LossInputException(
                    "L4J-S02",
                    "class counts",
                    counts.length + " classes plus " + other.counts.length + " classes",
                    "count the same classes");
        }
        double[] sum = counts.clone();
        for (int k = 0; k < sum.length; k++) {
            sum[k] += other.counts[k];
        }
        return new ClassCounts(sum);
    }

    /** The same with every count raised to a floor, so that classes that never occur get a finite weight. */
    public ClassCounts atLeast(double floor) {
        return of(Arrays.stream(counts).map(n -> Math.max(n, floor)).toArray());
    }

    /** A copy of the counts. */
    public double[] toArray() {
        return counts.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassCounts that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return Arrays.toString(counts);
    }
}
