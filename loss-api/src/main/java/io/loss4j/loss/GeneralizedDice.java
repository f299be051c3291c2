package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Generalised Dice loss: one Dice score of all classes together, in which rare classes weigh more.
 *
 * <pre>
 *   value   = 1 - (2 sum_k u_k I_k + a) / (sum_k u_k (P_k + Y_k) + b)     a, b = smooth_numerator, smooth_denominator
 *   I_k     = sum m y p     P_k = sum m p     Y_k = sum m y               over the column k of the batch, m its mask
 *   u_k     = w_k / Y_k^2 (square), w_k / Y_k (simple), w_k (uniform)     w the class weights
 *   d/dp_k  = m u_k [(2 sum u I + a) / D - 2 y] / D,                      D the denominator
 * </pre>
 *
 * <p>A loss of the whole batch: there is no score per example (L4J-P07), and losses of batches do not add up. It has no
 * axis, for its weights compare the classes of a whole batch. They are constants of the labels. A class without labels
 * takes the largest weight of the others, or 1 if there is none. Where the denominator is 0 value and gradient are 0;
 * with nothing but masked elements they are too. At a perfect prediction the value is 0. Mind that with square weights
 * the sums are small, about one over the number of labels: smoothing must be smaller still.
 *
 * <p>Use it for segmentation whose classes differ in size by orders of magnitude.
 *
 * <p>Elsewhere: MONAI {@code GeneralizedDiceLoss} (the same per item: a batch per item here; {@code w_type} is volume).
 *
 * <p>Example: p = (0.8, 0.2), (0.4, 0.6), (0.1, 0.9), labels 0, 1, 1, square, without smoothing: u = (1, 1/4), 1 - 2.35 /
 * 3.225 = 0.271318.
 *
 * <p>Source: Sudre et al., Generalised Dice Overlap, 2017.
 *
 * @param volume the weights of the classes: square, simple or uniform; default square
 * @param counts how soft counts are made: product, squared or minimum; default product
 * @param smoothNumerator added above, at least 0; default 1e-5
 * @param smoothDenominator added below, at least 0; default 1e-5
 * @param input logits or probabilities; default probabilities
 * @param activation what makes probabilities of logits: sigmoid or softmax; any for probabilities (default)
 */
public record GeneralizedDice(
        VolumeWeights volume,
        SoftCounts counts,
        double smoothNumerator,
        double smoothDenominator,
        InputForm input,
        Activation activation)
        implements LossSpec {
    private static final String ID = "generalized_dice";

    /** As registered: {@code generalized_dice}. */
    public static final LossType<GeneralizedDice> TYPE = LossType.of(
            GeneralizedDice.class,
            ID,
            Map.of(
                    "volume", VolumeWeights.SQUARE,
                    "counts", SoftCounts.PRODUCT,
                    "smooth_numerator", 1e-5,
                    "smooth_denominator", 1e-5,
                    "input", InputForm.PROBABILITIES,
                    "activation", Activation.ANY));

    /** Checks the ranges. */
    public GeneralizedDice {
        Check.atLeast(0, ID, "smooth_numerator", smoothNumerator);
        Check.atLeast(0, ID, "smooth_denominator", smoothDenominator);
        Check.probabilities(ID, input, activation);
    }

    /** Over probabilities with square weights and the default smoothing. */
    public GeneralizedDice() {
        this(VolumeWeights.SQUARE, InputForm.PROBABILITIES, Activation.ANY);
    }

    /** With product counts and the default smoothing. */
    public GeneralizedDice(VolumeWeights volume, InputForm input, Activation activation) {
        this(volume, SoftCounts.PRODUCT, 1e-5, 1e-5, input, activation);
    }

    @Override
    public LossSpec formula(int columns) {
        BatchLoss formula = new OfProbabilities(this);
        return input == InputForm.LOGITS ? new OverLogits(formula) : formula;
    }

    private record OfProbabilities(GeneralizedDice owner) implements BatchLoss {
        @Override
        public double evaluate(
                int rows, int columns, double[] predictions, double[] labels, double[] weights, double[] gradient) {
            double[] ones = new double[columns];
            Arrays.fill(ones, 1);
            return evaluate(rows, columns, predictions, labels, weights, ones, gradient);
        }

        @Override
        public double evaluate(
                int rows,
                int columns,
                double[] predictions,
                double[] labels,
                double[] masks,
                double[] classWeights,
                double[] gradient) {
            Arrays.fill(gradient, 0);
            Group all = Group.all(predictions, labels, masks, gradient);
            SoftCountTable table = SoftCountTable.of(all, columns, owner.counts);
            double value = counted().evaluate(table, classWeights);
            for (int k = 0; k < columns; k++) {
                table.cost(k).gradient(all.column(k, columns), owner.counts, 1);
            }
            return value;
        }

        @Override
        public SoftCountLoss counted() {
            return owner.new Counted();
        }

        @Override
        public boolean classification() {
            return true;
        }

        @Override
        public Activation activation() {
            return owner.activation;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Weighs the counts of the classes by their volumes. */
    private final class Counted implements SoftCountLoss {
        @Override
        public SoftCounts counts() {
            return counts;
        }

        @Override
        public double evaluate(SoftCountTable table, double[] classWeights) {
            Confusion[] classes = new Confusion[table.columns()];
            Arrays.setAll(classes, table::confusion);
            double[] u = weights(classes);
            Confusion sum = new Confusion(0, 0, 0, 0);
            double weight = 0;
            for (int k = 0; k < classes.length; k++) {
                u[k] *= classWeights[k];
                sum = sum.plus(u[k], classes[k]);
                weight += u[k] * table.weight(k);
            }
            if (weight == 0) {
                return 0;
            }
            Confusion.Cost cost = new OverlapRatio(2, 1, 1, smoothNumerator, smoothDenominator).cost(sum);
            for (int k = 0; k < classes.length; k++) {
                table.slopes(k, u[k], cost);
            }
            return cost.value();
        }
    }

    /** By the labels of each class; an infinite weight is replaced by the largest of the others. */
    private double[] weights(Confusion[] classes) {
        double[] u = new double[classes.length];
        Arrays.setAll(u, k -> volume.of(classes[k].labelled()));
        double largest = Arrays.stream(u).filter(Double::isFinite).max().orElse(1);
        Arrays.setAll(u, k -> Double.isInfinite(u[k]) ? largest : u[k]);
        return u;
    }

    @Override
    public @Nullable LossSpec overLogits(Activation wanted) {
        return Overlap.twin(
                this,
                wanted,
                a -> new GeneralizedDice(volume, counts, smoothNumerator, smoothDenominator, InputForm.LOGITS, a));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
