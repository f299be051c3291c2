package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.loss.FMeasure;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a sum is divided by, seen through the scale that the recording backend returns as its value. */
class DenominatorsTest {
    private static final INDArray LOGITS = Nd4j.zeros(4, 3);
    private static final INDArray INDICES = Nd4j.createFromArray(0, 2, 2, 1);
    private static final INDArray ONE_HOT =
            Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 0, 1}, {0, 0, 1}, {0, 1, 0}});
    private static final INDArray ROW_MASK = Nd4j.createFromArray(1, 0, 0.5, 2);
    private static final ClassWeights WEIGHTS = ClassWeights.of(2, 1, 5);
    private static final double NOTHING = Double.POSITIVE_INFINITY;

    /** A regression loss over rows. */
    public record RowError() implements RowLoss {
        static final LossType<RowError> TYPE = LossType.of(RowError.class, "row_error", Map.of());

        @Override
        public double evaluate(double[] predictions, double[] targets, double[] gradient) {
            throw new AssertionError("the recording backend evaluates nothing");
        }

        @Override
        public boolean classification() {
            return false;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    private static LossFunction function(LossSpec spec, Reduction reduction) {
        return LossFunction.of(spec).on("recording").withReduction(reduction);
    }

    private static void divisor(double expected, LossFunction f, INDArray x, INDArray y, INDArray mask) {
        double scale = f.value(x, y, mask);
        assertEquals(expected, 1 / scale, 1e-14 * expected, f.reduction() + " of " + f.spec());
    }

    private static LossFunction softmax(Reduction reduction) {
        return function(new SoftmaxCrossEntropy(), reduction);
    }

    private static LossFunction squares(Reduction reduction) {
        return function(new MeanSquaredError(), reduction);
    }

    @Test
    void r4_sumsAreNotDivided() {
        for (Reduction reduction : new Reduction[] {Reduction.NONE, Reduction.SUM}) {
            divisor(1, softmax(reduction).withClassWeights(WEIGHTS), LOGITS, INDICES, ROW_MASK);
            divisor(1, squares(reduction), LOGITS, ONE_HOT, ROW_MASK);
        }
    }

    @Test
    void r4_meansOfPlainRowsAndElements() {
        for (Reduction mean : new Reduction[] {Reduction.MEAN, Reduction.WEIGHTED_MEAN, Reduction.BATCH_MEAN}) {
            divisor(4, softmax(mean), LOGITS, INDICES, null);
            divisor(4, softmax(mean), LOGITS, ONE_HOT, null);
            divisor(4, function(new MultiMargin(), mean), LOGITS, INDICES, null);
            divisor(4, function(new RowError(), mean), LOGITS, ONE_HOT, null);
            divisor(mean == Reduction.BATCH_MEAN ? 4 : 12, squares(mean), LOGITS, ONE_HOT, null);
        }
    }

    @Test
    void r3_2_maskedRowsCountForTheBatchMeanOnly() {
        divisor(3, softmax(Reduction.MEAN), LOGITS, INDICES, ROW_MASK);
        divisor(3.5, softmax(Reduction.WEIGHTED_MEAN), LOGITS, INDICES, ROW_MASK);
        divisor(4, softmax(Reduction.BATCH_MEAN), LOGITS, INDICES, ROW_MASK);
        divisor(9, squares(Reduction.MEAN), LOGITS, ONE_HOT, ROW_MASK);
        divisor(10.5, squares(Reduction.WEIGHTED_MEAN), LOGITS, ONE_HOT, ROW_MASK);
        divisor(4, squares(Reduction.BATCH_MEAN), LOGITS, ONE_HOT, ROW_MASK);
        divisor(3, function(new RowError(), Reduction.MEAN), LOGITS, ONE_HOT, ROW_MASK);
        divisor(3.5, function(new RowError(), Reduction.WEIGHTED_MEAN), LOGITS, ONE_HOT, ROW_MASK);
    }

    @Test
    void r4_1_weightsOfRowsAreThoseOfTheirLabels() {
        LossFunction mean = softmax(Reduction.WEIGHTED_MEAN).withClassWeights(WEIGHTS);
        divisor(2 + 5 + 5 + 1, mean, LOGITS, INDICES, null);
        divisor(2 + 5 + 5 + 1, mean, LOGITS, ONE_HOT, null);
        divisor(2 + 0.5 * 5 + 2 * 1, mean, LOGITS, INDICES, ROW_MASK);
        divisor(2 + 0.5 * 5 + 2 * 1, mean, LOGITS, ONE_HOT, ROW_MASK);
        divisor(4, mean.withReduction(Reduction.MEAN), LOGITS, INDICES, null);
        // smoothing does not change it
        divisor(13, mean.withLabelSmoothing(0.3), LOGITS, INDICES, null);
        divisor(13, mean.withLabelSmoothing(0.3), LOGITS, ONE_HOT, null);
    }

    @Test
    void r4_1_softLabelsWeighTheirSum() {
        INDArray soft = Nd4j.createFromArray(new double[][] {{0.5, 0.5, 0}, {3, 0, 17}, {0, 0, 0}, {0.2, 0.3, 0.5}});
        divisor(1 + 20 + 0 + 1, softmax(Reduction.WEIGHTED_MEAN), LOGITS, soft, null);
        LossFunction weighted = softmax(Reduction.WEIGHTED_MEAN).withClassWeights(WEIGHTS);
        divisor(1.5 + 91 + 0 + 3.2, weighted, LOGITS, soft, null);
        divisor(1.5 + 0 + 0 + 6.4, weighted, LOGITS, soft, ROW_MASK);
    }

    @Test
    void r4_1_weightsOfElementsAreThoseOfTheirColumns() {
        LossFunction mean = squares(Reduction.WEIGHTED_MEAN).withClassWeights(WEIGHTS);
        divisor(4 * 8, mean, LOGITS, ONE_HOT, null);
        divisor(3.5 * 8, mean, LOGITS, ONE_HOT, ROW_MASK);
        divisor(12, mean.withReduction(Reduction.MEAN), LOGITS, ONE_HOT, null);
    }

    @Test
    void r3_3_masksOfElements() {
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 0, 2}, {0, 0, 0}, {0, 3, 0.5}, {1, 0, 0}});
        divisor(5, squares(Reduction.MEAN), LOGITS, ONE_HOT, mask);
        divisor(7.5, squares(Reduction.WEIGHTED_MEAN), LOGITS, ONE_HOT, mask);
        divisor(
                2 + 10 + 3 + 2.5 + 2,
                squares(Reduction.WEIGHTED_MEAN).withClassWeights(WEIGHTS),
                LOGITS,
                ONE_HOT,
                mask);
        // rows of a softmax: those with anything left; weights: the mask at the label
        divisor(3, softmax(Reduction.MEAN), LOGITS, INDICES, mask);
        divisor(1 + 0 + 0.5 + 0, softmax(Reduction.WEIGHTED_MEAN), LOGITS, INDICES, mask);
        divisor(1 + 0 + 0.5 + 0, softmax(Reduction.WEIGHTED_MEAN), LOGITS, ONE_HOT, mask);
    }

    @Test
    void r3_3_aMaskThatIsConstantAlongRowsActsAsTheRowWeight() {
        INDArray wide = ROW_MASK.reshape(4, 1).repeat(1, 3);
        for (Reduction mean : new Reduction[] {Reduction.MEAN, Reduction.WEIGHTED_MEAN, Reduction.BATCH_MEAN}) {
            for (LossFunction f :
                    new LossFunction[] {softmax(mean), softmax(mean).withClassWeights(WEIGHTS)}) {
                divisor(1 / f.value(LOGITS, INDICES, ROW_MASK), f, LOGITS, INDICES, wide);
                divisor(1 / f.value(LOGITS, ONE_HOT, ROW_MASK), f, LOGITS, ONE_HOT, wide);
            }
            divisor(1 / squares(mean).value(LOGITS, ONE_HOT, ROW_MASK), squares(mean), LOGITS, ONE_HOT, wide);
        }
    }

    @Test
    void r3_2_ignoredLabelsCountForTheBatchMeanOnly() {
        INDArray labels = Nd4j.createFromArray(0, -1, 2, 1);
        divisor(3, softmax(Reduction.MEAN).withIgnoreIndex(-1), LOGITS, labels, null);
        divisor(4, softmax(Reduction.BATCH_MEAN).withIgnoreIndex(-1), LOGITS, labels, null);
        LossFunction weighted =
                softmax(Reduction.WEIGHTED_MEAN).withIgnoreIndex(-1).withClassWeights(WEIGHTS);
        divisor(2 + 5 + 1, weighted, LOGITS, labels, null);
        divisor(2 + 2.5 + 2, weighted, LOGITS, labels, ROW_MASK);
        // a class may be the ignored one
        divisor(2, softmax(Reduction.MEAN).withIgnoreIndex(2), LOGITS, INDICES, null);
        divisor(2 + 1, weighted.withIgnoreIndex(2), LOGITS, INDICES, null);
        divisor(
                1,
                softmax(Reduction.MEAN).withIgnoreIndex(2).withReduction(Reduction.MEAN),
                LOGITS,
                INDICES,
                Nd4j.createFromArray(1, 1, 1, 0));
    }

    @Test
    void r3_2_ignoredElements() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, -1, 0}, {-1, -1, -1}, {0, 0, 1}, {1, 1, -1}});
        LossFunction mean = function(new SigmoidCrossEntropy(), Reduction.MEAN).withIgnoreIndex(-1);
        divisor(7, mean, LOGITS, labels, null);
        divisor(7, mean, LOGITS, labels, ROW_MASK);
        LossFunction weighted = mean.withReduction(Reduction.WEIGHTED_MEAN).withClassWeights(WEIGHTS);
        divisor(7 + 0 + 8 + 3, weighted, LOGITS, labels, null);
        divisor(7 + 0 + 4 + 6, weighted, LOGITS, labels, ROW_MASK);
    }

    @Test
    void r3_2_anIgnoredIndexDoesNotTouchLabelsThatAreNoIndices() {
        LossFunction mean = softmax(Reduction.MEAN).withIgnoreIndex(0);
        divisor(4, mean, LOGITS, ONE_HOT, null);
        divisor(3, mean, LOGITS, ONE_HOT, ROW_MASK);
        divisor(4, mean.withReduction(Reduction.WEIGHTED_MEAN), LOGITS, ONE_HOT, null);
    }

    @Test
    void r4_2_aMeanOverNothingIsZero() {
        INDArray none = Nd4j.zeros(4, 1);
        for (Reduction mean : new Reduction[] {Reduction.MEAN, Reduction.WEIGHTED_MEAN}) {
            divisor(NOTHING, softmax(mean), LOGITS, INDICES, none);
            divisor(NOTHING, softmax(mean), LOGITS, ONE_HOT, none);
            divisor(NOTHING, squares(mean), LOGITS, ONE_HOT, none);
            INDArray ignored = Nd4j.createFromArray(-1, -1, -1, -1);
            divisor(NOTHING, softmax(mean).withIgnoreIndex(-1), LOGITS, ignored, null);
        }
        ClassWeights zero = ClassWeights.of(0, 0, 0);
        divisor(NOTHING, softmax(Reduction.WEIGHTED_MEAN).withClassWeights(zero), LOGITS, INDICES, null);
        divisor(4, softmax(Reduction.BATCH_MEAN), LOGITS, INDICES, none);
    }

    @Test
    void r4_sequencesCountTheirSteps() {
        INDArray x = Nd4j.zeros(2, 3, 4);
        INDArray labels = Nd4j.createFromArray(new int[][] {{0, 1, 2, 0}, {1, 1, 1, 1}});
        INDArray steps = Nd4j.createFromArray(new double[][] {{1, 1, 1, 0}, {1, 0, 0, 0}});
        divisor(8, softmax(Reduction.MEAN), x, labels, null);
        divisor(4, softmax(Reduction.MEAN), x, labels, steps);
        divisor(8, softmax(Reduction.BATCH_MEAN), x, labels, steps);
        divisor(2 + 1 + 5 + 1, softmax(Reduction.WEIGHTED_MEAN).withClassWeights(WEIGHTS), x, labels, steps);
        divisor(4, softmax(Reduction.MEAN), x, labels, Nd4j.createFromArray(0.0, 3));
        divisor(12, squares(Reduction.MEAN), x, x, steps);
    }

    @Test
    void aLossOfTheBatchHasASingleTerm() {
        INDArray x = Nd4j.zeros(4, 1);
        INDArray mask = Nd4j.createFromArray(1, 0, 0.5, 2);
        divisor(1, function(new FMeasure(), Reduction.SUM), x, x, mask);
        divisor(1, function(new FMeasure(), Reduction.MEAN), x, x, mask);
        divisor(1, function(new FMeasure(), Reduction.WEIGHTED_MEAN), x, x, mask);
        divisor(4, function(new FMeasure(), Reduction.BATCH_MEAN), x, x, mask);
    }

    @Test
    void manyRowsAreSummedTileByTile() {
        int n = 5000; // with 3 columns about four tiles
        INDArray mask = Nd4j.zeros(n);
        int expected = 0;
        double weight = 0;
        for (int i = 0; i < n; i++) {
            mask.putScalar(i, i % 3);
            expected += i % 3 == 0 ? 0 : 1;
            weight += i % 3;
        }
        INDArray labels = Nd4j.zeros(n, 1);
        divisor(expected, softmax(Reduction.MEAN), Nd4j.zeros(n, 3), labels, mask);
        divisor(weight, softmax(Reduction.WEIGHTED_MEAN), Nd4j.zeros(n, 3), labels, mask);
        divisor(3 * weight, squares(Reduction.WEIGHTED_MEAN), Nd4j.zeros(n, 3), Nd4j.zeros(n, 3), mask);
    }
}
