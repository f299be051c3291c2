package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One minus Matthews' correlation of predictions and labels, with counts made soft by the probabilities.
 *
 * <pre>
 *   value   = 1 - M     M = (tp tn - fp fn) / sqrt((tp + fp) (tp + fn) (tn + fp) (tn + fn))
 *   tp      = e + sum w y p        fp = e + sum w (1 - y) p                e = epsilon
 *   fn      = e + sum w y (1 - p)  tn = e + sum w (1 - y) (1 - p)
 *   d/dtp M = tn / R - M / 2 [1 / (tp + fp) + 1 / (tp + fn)]               R the root; others alike
 *   d/dp    = -w [y (d/dtp M - d/dfn M) + (1 - y) (d/dfp M - d/dtn M)]
 * </pre>
 *
 * <p>Labels and probabilities are from 0 to 1. The value is 0 for a perfect prediction, 1 for one that knows nothing, 2
 * for its opposite. Where a factor of the root is 0 (no label is positive, or all are, or all predictions are the same
 * extreme) M counts as 0: value 1, gradient 0; use batches that hold both labels. Columns may be classes (one-hot, soft or
 * index labels), whose elements all count as yes or no, or, with the activation sigmoid, each a yes or no of its own. Along
 * the axis row there is a term per row; along class a mean over the columns, along batch everything at once: a single term
 * for the whole batch, without a score per example (L4J-P07), and losses of batches do not add up. Class weights weigh the
 * classes of the mean along the axis class, and elements along the others; masked elements and ignored labels are in no
 * sum.
 *
 * <p>Use it for yes/no labels of which either may be rare: unlike overlaps it rewards true negatives too.
 *
 * <p>Elsewhere: segmentation_models {@code MCCLoss} (epsilon 1e-5).
 *
 * <p>Example: p = (0.8, 0.4), y = (1, 0), one column: 1 - (0.8 0.6 - 0.4 0.2) / sqrt(1.2 1 1 0.8) = 0.591752.
 *
 * <p>Source: Abhishek and Hamarneh, Matthews Correlation Coefficient Loss, 2021.
 *
 * @param epsilon added to every count, at least 0; default 0
 * @param axis what the sums go over; default batch
 * @param input logits or probabilities; default probabilities
 * @param activation what makes probabilities of logits: sigmoid or softmax; any for probabilities (default)
 */
public record MatthewsCorrelation(double epsilon, OverlapAxis axis, InputForm input, Activation activation)
        implements LossSpec {
    private static final String ID = "mcc";

    /** As registered: {@code mcc}. */
    public static final LossType<MatthewsCorrelation> TYPE = LossType.of(
            MatthewsCorrelation.class,
            ID,
            Map.of(
                    "epsilon", 0.0,
                    "axis", OverlapAxis.BATCH,
                    "input", InputForm.PROBABILITIES,
                    "activation", Activation.ANY));

    /** Checks the ranges. */
    public MatthewsCorrelation {
        Check.atLeast(0, ID, "epsilon", epsilon);
        Check.probabilities(ID, input, activation);
    }

    /** Over probabilities and the whole batch, without epsilon. */
    public MatthewsCorrelation() {
        this(0, OverlapAxis.BATCH, InputForm.PROBABILITIES, Activation.ANY);
    }

    @Override
    public LossSpec formula(int columns) {
        CountedLoss loss = new CountedLoss(SoftCounts.PRODUCT, new Correlation(epsilon));
        return Overlap.ofProbabilities(axis, this, AbsentClasses.COUNT, loss);
    }

    private record Correlation(double epsilon) implements CountedLoss.Score {
        /** Factors below count as 0: their reciprocals would overflow. */
        private static final double TINY = 1e-100;

        @Override
        public Confusion.Cost cost(Confusion c) {
            double tp = c.truePositive() + epsilon;
            double fp = c.falsePositive() + epsilon;
            double fn = c.falseNegative() + epsilon;
            double tn = c.trueNegative() + epsilon;
            double predicted = tp + fp;
            double labelled = tp + fn;
            double unlabelled = tn + fp;
            double unpredicted = tn + fn;
            if (predicted < TINY || labelled < TINY || unlabelled < TINY || unpredicted < TINY) {
                return Confusion.Cost.constant(1);
            }
            // roots one by one: the product may be out of range
            double root = Math.sqrt(predicted) * Math.sqrt(labelled) * Math.sqrt(unlabelled) * Math.sqrt(unpredicted);
            double m = (tp * tn - fp * fn) / root;
            return new Confusion.Cost(
                    1 - m,
                    m / 2 * (1 / predicted + 1 / labelled) - tn / root,
                    m / 2 * (1 / predicted + 1 / unlabelled) + fn / root,
                    m / 2 * (1 / labelled + 1 / unpredicted) + fp / root,
                    m / 2 * (1 / unlabelled + 1 / unpredicted) - tp / root);
        }
    }

    @Override
    public @Nullable LossSpec overLogits(Activation wanted) {
        return Overlap.twin(this, wanted, a -> new MatthewsCorrelation(epsilon, axis, InputForm.LOGITS, a));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
