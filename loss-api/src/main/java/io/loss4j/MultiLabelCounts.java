package io.loss4j;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.PerColumn;
import io.loss4j.tensor.Rows;
import java.io.Serializable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How often each label is set and how often it is not, column by column, for examples with several labels at once or a
 * single sigmoid output. Soft labels and masks count in part; what is masked is neither. Positive weights come from here.
 *
 * @param positives sum of weight times label, per column
 * @param negatives sum of weight times (1 - label), per column
 */
public record MultiLabelCounts(ClassCounts positives, ClassCounts negatives) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String WHO = "multi-label counts";

    /** Checks that both have the same columns. */
    public MultiLabelCounts {
        if (positives.classes() != negatives.classes()) {
            throw new LossInputException(
                    "L4J-S02",
                    WHO,
                    "positives of " + positives.classes() + " columns and negatives of " + negatives.classes(),
                    "count the same columns");
        }
    }

    /**
     * Counts an array of labels.
     *
     * @param labels [N, K] or [N, K, ...], each from 0 to 1
     * @param mask one weight per row or per element, or null
     */
    public static MultiLabelCounts ofLabels(INDArray labels, @Nullable INDArray mask) {
        Sums sums = new Sums();
        sums.add(labels, mask);
        return sums.counts();
    }

    /**
     * Counts a data set in one pass, label masks respected, and resets the iterator before and after.
     *
     * @param progress called after every batch with the number of examples so far
     */
    public static MultiLabelCounts of(DataSetIterator data, LongConsumer progress) {
        Sums sums = new Sums();
        LabelPass.over(data, progress, sums::add);
        return sums.counts();
    }

    /** The same without progress. */
    public static MultiLabelCounts of(DataSetIterator data) {
        return of(data, examples -> {});
    }

    /**
     * Counts one output of a data set with several.
     *
     * @param output which labels, from 0
     * @param progress called after every batch with the number of examples so far
     * @throws LossInputException L4J-W05 if there is no such output
     */
    public static MultiLabelCounts of(MultiDataSetIterator data, int output, LongConsumer progress) {
        Sums sums = new Sums();
        LabelPass.over(data, output, progress, sums::add);
        return sums.counts();
    }

    private static final class Sums {
        private double[] positives = {};
        private double[] all = {};

        void add(INDArray labels, @Nullable INDArray mask) {
            if (all.length == 0) {
                all = new double[Rows.of(labels).columns()];
                positives = new double[all.length];
            }
            ClassCounts.add(positives, labels, mask);
            ClassCounts.add(all, Nd4j.onesLike(labels), mask);
        }

        MultiLabelCounts counts() {
            double[] negatives = new double[all.length];
            for (int k = 0; k < negatives.length; k++) {
                negatives[k] = all[k] - positives[k];
            }
            return new MultiLabelCounts(ClassCounts.of(positives), ClassCounts.of(negatives));
        }
    }

    /**
     * negatives / positives of each column, so that both weigh as much: for {@link LossFunction#withPositiveWeights} and
     * sigmoid losses. The same as PyTorch's {@code pos_weight}.
     *
     * @throws LossInputException L4J-W03 for a label that is never set
     */
    public PerColumn positiveWeights() {
        double[] weights = negatives.toArray();
        for (int k = 0; k < weights.length; k++) {
            if (positives.of(k) == 0) {
                throw new LossInputException(
                        "L4J-W03",
                        WHO,
                        "label " + k + " is never set, so its positive weight would be infinite",
                        "check the labels, or use new MultiLabelCounts(counts.positives().atLeast(1), counts.negatives())");
            }
            weights[k] /= positives.of(k);
        }
        return PerColumn.of(weights);
    }

    /** The share of examples in which each label is set; 0 for a column that is masked throughout. */
    public double[] priors() {
        double[] priors = positives.toArray();
        for (int k = 0; k < priors.length; k++) {
            double all = priors[k] + negatives.of(k);
            priors[k] = all == 0 ? 0 : priors[k] / all;
        }
        return priors;
    }

    /** The sum of these and other counts, for example of two workers; exact as {@link ClassCounts#plus} is. */
    public MultiLabelCounts plus(MultiLabelCounts other) {
        return new MultiLabelCounts(positives.plus(other.positives), negatives.plus(other.negatives));
    }
}
