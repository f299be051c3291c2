package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The example in the Javadoc of each loss, and the worked numbers of the catalogue. */
class WorkedNumbersTest {
    private static final double SIX_DIGITS = 5.1e-7;

    private static double[] logSoftmax(double... z) {
        double max = Arrays.stream(z).max().getAsDouble();
        double sum = Arrays.stream(z).map(x -> Math.exp(x - max)).sum();
        return Arrays.stream(z).map(x -> x - max - Math.log(sum)).toArray();
    }

    private static double transformed(SoftmaxLoss loss, int label, double... z) {
        LogitTransform change = loss.logits();
        double[] bias = change.bias();
        double[] margin = change.margin();
        double[] moved = IntStream.range(0, z.length)
                .mapToDouble(k -> change.scale()
                        * (z[k] + (bias == null ? 0 : bias[k]) - (margin == null || k != label ? 0 : margin[k])))
                .toArray();
        return loss.value(logSoftmax(moved)[label]);
    }

    @Test
    void softmaxCrossEntropy() {
        SoftmaxLoss loss = new SoftmaxCrossEntropy();
        assertEquals(2.407606, loss.value(logSoftmax(1, 2, 3)[0]), SIX_DIGITS);
        assertEquals(0.974957, loss.value(logSoftmax(.5, -1, .2)[2]), SIX_DIGITS);
    }

    @Test
    void sigmoidCrossEntropy() {
        assertEquals(0.673345, new SigmoidCrossEntropy().value(0.040005, 1), SIX_DIGITS);
        assertEquals(0.040005, Math.log(0.51 / 0.49), SIX_DIGITS);
    }

    @Test
    void binaryCrossEntropyOfSurvivors() {
        BinaryLoss loss = new BinaryCrossEntropy();
        assertEquals(0.673345, loss.value(0.51, 1), SIX_DIGITS);
        assertEquals(0.820981, loss.value(0.56, 0), SIX_DIGITS);
        assertEquals(0.747163, (loss.value(0.51, 1) + loss.value(0.56, 0)) / 2, SIX_DIGITS);
        assertEquals(0.223144, loss.value(0.8, 1), SIX_DIGITS);
        assertEquals(0.223144, loss.value(0.2, 0), SIX_DIGITS);
    }

    @Test
    void crossEntropyOfDogAndOfTheSecondClass() {
        assertEquals(1.108663, new CrossEntropy().value(Math.log(0.33)), SIX_DIGITS);
        assertEquals(1.108663, new NegativeLogLikelihood().value(Math.log(0.33)), SIX_DIGITS);
        assertEquals(0.356675, new CrossEntropy().value(Math.log(0.7)), SIX_DIGITS);
    }

    @Test
    void softmaxFocal() {
        assertEquals(0.173287, new SoftmaxFocal(2).value(Math.log(0.5)), SIX_DIGITS);
    }

    @Test
    void sigmoidFocalOfSixLogits() {
        double[][] z = {{1, 2, 3}, {.5, -1, .2}};
        int[] label = {0, 2};
        double[][] expected = {{.005665, 1.237559, 2.07471}, {.283059, .016994, .030303}};
        BinaryLoss loss = new SigmoidFocal(0.25, 2);
        for (int row = 0; row < 2; row++) {
            for (int k = 0; k < 3; k++) {
                double y = label[row] == k ? 1 : 0;
                assertEquals(expected[row][k], loss.value(z[row][k], y), SIX_DIGITS);
                double p = 1 / (1 + Math.exp(-z[row][k]));
                BinaryLoss given = new SigmoidFocal(0.25, 2, InputForm.PROBABILITIES);
                assertEquals(expected[row][k], given.value(p, y), SIX_DIGITS);
            }
        }
    }

    @Test
    void logitAdjusted() {
        assertEquals(2.302585, transformed(new LogitAdjustedCrossEntropy(PerColumn.of(9L, 1L)), 1, 0, 0), SIX_DIGITS);
    }

    @Test
    void ldam() {
        assertEquals(0.974077, transformed(new Ldam(PerColumn.of(16L, 1L), 0.5, 1), 1, 0, 0), SIX_DIGITS);
    }

    @Test
    void asymmetric() {
        assertEquals(0.346574, new AsymmetricLoss().value(0, 1), SIX_DIGITS);
        assertEquals(0.024515, new AsymmetricLoss().value(0, 0), SIX_DIGITS);
    }

    @Test
    void klDivergence() {
        assertEquals(0.346574, new KlDivergence().value(Math.log(0.25), 0.5), SIX_DIGITS);
    }

    @Test
    void regression() {
        assertEquals(4, new MeanSquaredError().value(3, 1));
        assertEquals(2, new MeanAbsoluteError().value(3, 1));
        assertEquals(1.5, new Huber().value(3, 1));
    }

    @Test
    void robustRegression() {
        assertEquals(1.75, new SmoothL1(0.5).value(3, 1));
        assertEquals(1.325003, new LogCosh().value(3, 1), SIX_DIGITS);
        assertEquals(1.098612, new Cauchy().value(3, 1), SIX_DIGITS);
        assertEquals(1.236068, new Charbonnier().value(3, 1), SIX_DIGITS);
        assertEquals(1, new GemanMcclure().value(3, 1));
        assertEquals(0.864665, new Welsch().value(3, 1), SIX_DIGITS);
    }

    @Test
    void regressionWithAnAimOfItsOwn() {
        assertEquals(1.8, new Quantile(0.9).value(1, 3), 1e-15);
        assertEquals(0.2, new Quantile(0.9).value(3, 1), 1e-15);
        assertEquals(1.9, new EpsilonInsensitive().value(3, 1));
        assertEquals(25, new MeanAbsolutePercentageError().value(3, 4));
        assertEquals(0.480453, new MeanSquaredLogarithmicError().value(3, 1), SIX_DIGITS);
        assertEquals(-0.5, new Wasserstein().value(0.5, -1));
    }

    @Test
    void countsAndAmounts() {
        assertEquals(-0.079442, new PoissonNll().value(Math.log(2), 3), SIX_DIGITS);
        assertEquals(-0.079442, new PoissonNll(false).value(2, 3), SIX_DIGITS);
        assertEquals(2.193147, new GammaNll().value(Math.log(2), 3), SIX_DIGITS);
        assertEquals(-1, new Tweedie().value(Math.log(4), 3), 1e-15);
    }

    @Test
    void margins() {
        assertEquals(1.3, new Hinge().value(0.3, -1));
        assertEquals(1.69, new SquaredHinge().value(0.3, -1), 1e-15);
        assertEquals(0.854355, new SoftMargin().value(0.3, -1), SIX_DIGITS);
        assertEquals(0.3, new Perceptron().value(0.3, -1));
    }

    @Test
    void poly1SigmoidFocal() {
        assertEquals(0.025117, new Poly1SigmoidFocal(0.25, 2, 1).value(1, 1), SIX_DIGITS);
        assertEquals(0.268941, 1 / (1 + Math.exp(1)), SIX_DIGITS);
    }

    @Test
    void penaltyReducedFocal() {
        assertEquals(0.173287, new PenaltyReducedFocal().value(0, 1), SIX_DIGITS);
        assertEquals(0.010830, new PenaltyReducedFocal().value(0, 0.5), SIX_DIGITS);
        // positive label at p = 1 - 1/e, and negative label at p = 1/e: KerasCV's numbers
        BinaryLoss given = new PenaltyReducedFocal(2, 4, InputForm.PROBABILITIES);
        assertEquals(0.399576, given.value(1 - Math.exp(-1), 0), SIX_DIGITS);
        assertEquals(0.399576, given.value(Math.exp(-1), 1), SIX_DIGITS);
        assertEquals(0, given.value(1, 1), 0);
        assertEquals(0, given.value(0, 0), 0);
    }

    @Test
    void jsDivergence() {
        assertEquals(0.065406, new JsDivergence().value(0.25, 0.75), SIX_DIGITS);
        assertEquals(0.346574, 8 * new JsDivergence().value(0.125, 0), SIX_DIGITS);
    }

    @Test
    void multiMargin() {
        double[] gradient = new double[4];
        double value = new MultiMargin().evaluate(new double[] {.1, .2, .4, .8}, new double[] {0, 0, 0, 1}, gradient);
        assertEquals(0.325, value, 1e-15);
        assertEquals("[0.25, 0.25, 0.25, -0.75]", Arrays.toString(gradient));
    }

    @Test
    void fMeasure() {
        double value = new FMeasure()
                .evaluate(2, 1, new double[] {.8, .4}, new double[] {1, 0}, new double[] {1, 1}, new double[2]);
        assertEquals(0.272727, value, SIX_DIGITS);
    }
}
