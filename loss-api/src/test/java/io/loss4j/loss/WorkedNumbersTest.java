package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
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
    void perOutputMean() {
        Scaled mean = (Scaled) new PerOutputMean(new MeanSquaredError()).formula(2);
        ElementwiseLoss squared = (ElementwiseLoss) mean.loss();
        assertEquals(2, mean.factor() * (squared.value(3, 1) + squared.value(1, 1)));
        assertEquals(0.25, ((Scaled) new PerOutputMean(new MeanSquaredError(true)).formula(2)).factor());
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

    private static double row(RowLoss loss, double[] x, double... t) {
        return loss.evaluate(x, t, new double[x.length]);
    }

    /** Logits of given probabilities. */
    private static double[] logits(double... p) {
        return Arrays.stream(p).map(Math::log).toArray();
    }

    @Test
    void lossesForWrongLabels() {
        assertEquals(1.193147, new Poly1CrossEntropy().value(Math.log(0.5)), SIX_DIGITS);
        assertEquals(0.585786, new GeneralizedCrossEntropy(0.5).value(Math.log(0.5)), SIX_DIGITS);
        assertEquals(0.585786, new TruncatedGeneralizedCrossEntropy(0.5, 0.5).value(Math.log(0.25)), SIX_DIGITS);
        assertEquals(2.069315, new SymmetricCrossEntropy().value(Math.log(0.5)), SIX_DIGITS);
        assertEquals(0.3, new MaeProbability().value(Math.log(0.7)), SIX_DIGITS);
        double[] x = logits(0.5, 0.25, 0.25);
        assertEquals(0.2, row(new NormalizedCrossEntropy(), x, 1, 0, 0), SIX_DIGITS);
        RowLoss both = ActivePassive.TYPE.create(Map.of());
        assertEquals(2.2, row(both, x, 1, 0, 0), SIX_DIGITS);
        assertEquals(1.221503, row(new BootstrapSoft(0.8), new double[] {0, Math.log(3)}, 1, 0), SIX_DIGITS);
        assertEquals(1.166572, row(new BootstrapHard(0.8), new double[] {0, Math.log(3)}, 1, 0), SIX_DIGITS);
        assertEquals(0.390524, row(new BiTemperedLogistic(0.5, 1.7), new double[2], 1, 0), SIX_DIGITS);
    }

    @Test
    void lossesForUnequalClasses() {
        assertEquals(0.147117, row(new Seesaw(PerColumn.of(100.0, 10)), new double[2], 1, 0), SIX_DIGITS);
        assertEquals(0.660656, row(new AsymmetricSingleLabel(), new double[2], 1, 0), SIX_DIGITS);
    }

    @Test
    void sparsemax() {
        assertEquals(0.5625, row(new Sparsemax(), new double[] {1, 0.5}, 0, 1), SIX_DIGITS);
    }

    @Test
    void pairsOfLabels() {
        assertEquals(0.487205, row(new MultilabelRanking(), new double[] {1, 0, 0.5}, 1, 0, 0), SIX_DIGITS);
        assertEquals(0.85, row(new MultilabelMargin(), new double[] {.1, .2, .4, .8}, 1, 0, 0, 1), SIX_DIGITS);
        assertEquals(1.2, row(new CategoricalHinge(), new double[] {.6, .4}, 0, 1), SIX_DIGITS);
        BinaryLoss half = (BinaryLoss) new MultilabelSoftMargin().formula(2);
        assertEquals(0.693147, half.value(0, 1) + half.value(0, 0), SIX_DIGITS);
    }

    @Test
    void regressionOfRows() {
        assertEquals(-0.6, row(new CosineProximity(), new double[] {3, 4}, 1, 0), SIX_DIGITS);
        assertEquals(1.193147, row(new GaussianNll(), new double[] {1, Math.log(4)}, 3), SIX_DIGITS);
        assertEquals(1.418939, row(new MixtureDensity(2, 1), new double[] {0, 0, 0, 0, -1, 1}, 0), SIX_DIGITS);
    }

    @Test
    void overlap() {
        OverlapAxis batch = OverlapAxis.BATCH;
        SoftCounts product = SoftCounts.PRODUCT;
        AbsentClasses count = AbsentClasses.COUNT;
        InputForm p = InputForm.PROBABILITIES;
        Activation any = Activation.ANY;
        assertEquals(0.272727, overlap(new Dice(batch, product, 0, 0, count, p, any)), SIX_DIGITS);
        assertEquals(0.428571, overlap(new Jaccard(batch, product, 0, 0, count, p, any)), SIX_DIGITS);
        assertEquals(0.245283, overlap(new Tversky(.3, .7, batch, product, 0, 0, count, p, any)), SIX_DIGITS);
        assertEquals(0.348538, overlap(new FocalTversky(.3, .7, .75, batch, product, 0, 0, count, p, any)), SIX_DIGITS);
        assertEquals(0.591752, overlap(new MatthewsCorrelation()), SIX_DIGITS);
        assertEquals(0.3, overlap(new LovaszSoftmax()), 1e-15);
    }

    private static double overlap(LossSpec loss) {
        return evaluate(loss, 1, new double[] {.8, .4}, 1, 0);
    }

    private static double evaluate(LossSpec loss, int columns, double[] x, double... y) {
        double[] ones = new double[x.length];
        Arrays.fill(ones, 1);
        return ((BatchLoss) loss.formula(columns))
                .evaluate(x.length / columns, columns, x, y, ones, new double[x.length]);
    }

    @Test
    void overlapOfScoresAndOfClasses() {
        assertEquals(1, evaluate(new LovaszHinge(), 1, new double[] {.5, -.2, .3}, 1, 1, 0), 1e-15);
        GeneralizedDice loss = new GeneralizedDice(
                VolumeWeights.SQUARE, SoftCounts.PRODUCT, 0, 0, InputForm.PROBABILITIES, Activation.ANY);
        assertEquals(0.271318, evaluate(loss, 2, new double[] {.8, .2, .4, .6, .1, .9}, 1, 0, 0, 1, 0, 1), SIX_DIGITS);
    }
}
