package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The losses of whole rows: against their own derivatives, against each other, and at the ends of their domain. */
class RowFormulaTest {
    private static final int K = 4;
    private static final double NOTHING = Double.NEGATIVE_INFINITY;

    private static final double[][] TARGETS = {
        {0, 1, 0, 0}, {0, 0, 2.5, 0}, {0.1, 0.2, 0.3, 0.4}, {0.02, 0.02, 0.94, 0.02}, {3, 0, 1, 2}, {0, 0, 0, 0}
    };

    static Stream<RowLoss> overLogits() {
        return Stream.of(
                new NormalizedCrossEntropy(),
                new ActivePassive(ActivePassive.Active.NCE, ActivePassive.Passive.RCE),
                new ActivePassive(ActivePassive.Active.NFL, ActivePassive.Passive.MAE, 2, 3, 0.5, -4),
                new BootstrapSoft(0.8),
                new BootstrapHard(0.6),
                new Seesaw(PerColumn.of(100.0, 3, 0, 20)),
                new Seesaw(PerColumn.of(100.0, 3, 0, 20), 0, 0, 0.01),
                new AsymmetricSingleLabel(),
                new AsymmetricSingleLabel(1, 2, 0.3, 0.7),
                new AsymmetricSingleLabel(0, 0, 0, 1),
                new BiTemperedLogistic(0.8, 1.2),
                new BiTemperedLogistic(0, 3),
                new BiTemperedLogistic(1, 1, false),
                new BiTemperedLogistic(0.5, 1),
                new BiTemperedLogistic(1, 2),
                new Sparsemax());
    }

    static Stream<RowLoss> ofScores() {
        return Stream.of(
                new MultiMargin(2, 0.7),
                new MultilabelRanking(),
                new MultilabelMargin(),
                new CategoricalHinge(),
                new CategoricalHinge(true),
                new CosineProximity());
    }

    static Stream<RowLoss> all() {
        return Stream.concat(overLogits(), ofScores());
    }

    private static double value(RowLoss loss, double[] x, double... t) {
        return loss.evaluate(x.clone(), t.clone(), new double[x.length]);
    }

    private static double[] gradient(RowLoss loss, double[] x, double... t) {
        double[] gradient = new double[x.length];
        Arrays.fill(gradient, 7); // must be overwritten
        loss.evaluate(x.clone(), t.clone(), gradient);
        return gradient;
    }

    /** Central differences of fourth order. */
    private static void assertGradient(RowLoss loss, double[] x, double... t) {
        double[] gradient = gradient(loss, x, t);
        double largest = Arrays.stream(gradient).map(Math::abs).max().getAsDouble();
        RowLoss held = loss.heldAt(x);
        double h = 1e-4;
        for (int k = 0; k < x.length; k++) {
            double[] around = new double[5];
            for (int s = 0; s < 5; s++) {
                double[] moved = x.clone();
                moved[k] += (s - 2) * h;
                around[s] = value(held, moved, t);
            }
            double slope = (around[0] - 8 * around[1] + 8 * around[3] - around[4]) / (12 * h);
            String where = loss + " at " + Arrays.toString(x) + ", " + Arrays.toString(t) + ", column " + k;
            assertEquals(slope, gradient[k], 1e-6 * Math.max(largest, 1e-4), where);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void r2_2_gradientIsTheDerivative(RowLoss loss) {
        double[][] rows = {{0.31, -1.2, 0.83, 2.07}, {-0.4, 0.33, 0.1, 0.05}, {3, -6.3, 1.1, -2.2}, {-4, 9, 0.2, 1.7}};
        for (double[] x : rows) {
            for (double[] t : TARGETS) {
                assertGradient(loss, x, t);
            }
        }
    }

    @Test
    void r2_2_gradientOfDensities() {
        double[] x = {0.3, -0.2, 1.1, 0.4, -0.9, 0.25, -1.3, 2.2, 0.05, 0.6, 1.7, -0.8};
        assertGradient(new GaussianNll(true, 1e-6), x, 0.5, -1, 2, 0.1, 0.3, -2.5);
        assertGradient(new MixtureDensity(3, 2), x, 0.4, -1.1);
        assertGradient(new MixtureDensity(4, 1), x, 30);
        assertGradient(new MixtureDensity(1, 10), x, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0);
        // below its floor a variance has no slope
        assertEquals(0, gradient(new GaussianNll(false, 0.5), new double[] {1, -3}, 2)[1]);
        assertEquals(0, gradient(new MixtureDensity(1, 1, 0.5), new double[] {0, -3, 1}, 2)[1]);
    }

    @ParameterizedTest
    @MethodSource("all")
    void r1_2_anyFiniteRowGivesFiniteResults(RowLoss loss) {
        Random random = new Random(5);
        double[] extremes = {-1e30, -1e4, -800, -20, -1e-300, 0, 1e-310, 1e-9, 1, 37, 745, 1e4, 1e30};
        for (int draw = 0; draw < 3000; draw++) {
            double[] x = random.ints(K, 0, extremes.length)
                    .mapToDouble(i -> extremes[i])
                    .toArray();
            for (double[] t : TARGETS) {
                String where = loss + " at " + Arrays.toString(x) + ", " + Arrays.toString(t);
                assertTrue(Double.isFinite(value(loss, x, t)), where);
                for (double g : gradient(loss, x, t)) {
                    assertTrue(Double.isFinite(g), where);
                }
            }
        }
    }

    @Test
    void r1_2_anyFiniteDensityIsFinite() {
        Random random = new Random(6);
        double[] extremes = {-1e30, -1e4, -20, 0, 1e-310, 1, 1e4, 1e30};
        for (int draw = 0; draw < 3000; draw++) {
            double[] x = random.ints(6, 0, extremes.length)
                    .mapToDouble(i -> extremes[i])
                    .toArray();
            for (RowLoss loss : List.of(new GaussianNll(), new MixtureDensity(2, 1), new MixtureDensity(1, 4))) {
                double[] y = random.ints(loss.labelColumns(6), 0, extremes.length)
                        .mapToDouble(i -> extremes[i])
                        .toArray();
                String where = loss + " at " + Arrays.toString(x) + ", " + Arrays.toString(y);
                assertTrue(Double.isFinite(value(loss, x, y)), where);
                for (double g : gradient(loss, x, y)) {
                    assertTrue(Double.isFinite(g), where);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void r1_2_oneColumnIsLegal(RowLoss loss) {
        if (loss instanceof Seesaw) {
            return; // made for four classes
        }
        for (double x : new double[] {-1e4, -0.5, 0, 1e4}) {
            assertTrue(Double.isFinite(value(loss, new double[] {x}, 1)), loss.toString());
            double g = gradient(loss, new double[] {x}, 1)[0];
            assertTrue(Double.isFinite(g), loss.toString());
            assertEquals(0, loss.activation() == Activation.SOFTMAX ? g : 0, 1e-15, loss.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("overLogits")
    void r1_3_aLogitOfMinusInfinityIsAProbabilityOfZero(RowLoss loss) {
        for (double[] x : new double[][] {{0.3, 1, NOTHING, -0.2}, {NOTHING, 1, NOTHING, NOTHING}}) {
            assertTrue(Double.isFinite(value(loss, x, 0, 1, 0, 0)) || smooths(loss), loss.toString());
            double[] gradient = gradient(loss, x, 0, 1, 0, 0);
            for (int k = 0; k < K; k++) {
                assertEquals(0, x[k] == NOTHING ? gradient[k] : 0, 0, loss + " column " + k);
            }
        }
        double[] none = {NOTHING, NOTHING, NOTHING, NOTHING};
        assertTrue(value(loss, none, 0, 1, 0, 0) > 0, loss.toString());
        assertArrayEquals(new double[K], gradient(loss, none, 0, 1, 0, 0), 0, loss.toString());
        assertEquals(0, value(loss, none, 0, 0, 0, 0), 0, loss.toString());
    }

    private static boolean smooths(RowLoss loss) {
        return loss instanceof AsymmetricSingleLabel a && a.smoothing() > 0 && a.gammaNegative() == 0;
    }

    @ParameterizedTest
    @MethodSource("all")
    void r1_4_nanInGivesNanOut(RowLoss loss) {
        for (int k = 0; k < K; k++) {
            double[] x = {0.4, 1.2, -0.7, 0.1};
            x[k] = Double.NaN;
            assertTrue(Double.isNaN(value(loss, x, 0, 1, 0, 0)), loss + " column " + k);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void r3_1_weightsOfOneLabelMultiplyTheLoss(RowLoss loss) {
        double[] x = {0.4, 1.2, -0.7, 0.1};
        double weight = loss instanceof CosineProximity ? 1 : 2.5;
        double once = value(loss, x, 0, 1, 0, 0);
        assertEquals(weight * once, value(loss, x, 0, 2.5, 0, 0), 1e-14 * Math.abs(once), loss.toString());
        double[] expected = Arrays.stream(gradient(loss, x, 0, 1, 0, 0))
                .map(g -> weight * g)
                .toArray();
        assertArrayEquals(expected, gradient(loss, x, 0, 2.5, 0, 0), 1e-14, loss.toString());
    }

    /** Soft labels are mixtures of hard ones; the two with an entropy of the labels only up to that constant. */
    @ParameterizedTest
    @MethodSource("overLogits")
    void r3_5_gradientsOfSoftLabelsAreMixtures(RowLoss loss) {
        double[] x = {0.4, 1.2, -0.7, 0.1};
        double[] t = {0.3, 0, 1.4, 0.2};
        double[] mixture = new double[K];
        double value = 0;
        for (int k = 0; k < K; k++) {
            double[] hard = new double[K];
            hard[k] = 1;
            double weight = t[k];
            value += weight * value(loss, x, hard);
            double[] ofHard = gradient(loss, x, hard);
            Arrays.setAll(mixture, j -> mixture[j] + weight * ofHard[j]);
        }
        assertArrayEquals(mixture, gradient(loss, x, t), 1e-13, loss.toString());
        if (!(loss instanceof Sparsemax || loss instanceof BiTemperedLogistic)) {
            assertEquals(value, value(loss, x, t), 1e-13, loss.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("overLogits")
    void r1_2_shiftedLogitsAreTheSame(RowLoss loss) {
        double[] x = {0.5, 1.25, -0.75, 0.125};
        double[] shifted = Arrays.stream(x).map(z -> z + 1024).toArray();
        assertEquals(value(loss, x, 0, 1, 0, 0), value(loss, shifted, 0, 1, 0, 0), 1e-12, loss.toString());
    }

    private static void assertSame(RowLoss expected, RowLoss actual, double[] x, double... t) {
        assertEquals(value(expected, x, t), value(actual, x, t), 1e-12 * (1 + Math.abs(value(expected, x, t))));
        assertArrayEquals(gradient(expected, x, t), gradient(actual, x, t), 1e-12);
    }

    /** A softmax loss as a row loss, by the formula of its interface. */
    private record AsRow(SoftmaxLoss loss) implements SoftmaxRowLoss {
        @Override
        public double evaluate(double[] predictions, double[] targets, double[] gradient) {
            double[] log = LogSoftmax.of(predictions);
            double value = 0;
            for (int k = 0; k < log.length; k++) {
                value += Probability.weighted(targets[k], loss.value(log[k]));
                gradient[k] = targets[k] * loss.derivative(log[k]);
            }
            LogSoftmax.toLogits(log, gradient);
            return value;
        }

        @Override
        public LossType<?> type() {
            return loss.type();
        }
    }

    private static final double[] LOGITS = {0.4, 1.2, -6.7, 3.1};

    @Test
    void membersOfTheFamilyEndInCrossEntropy() {
        RowLoss crossEntropy = new AsRow(new SoftmaxCrossEntropy());
        for (RowLoss loss : List.of(
                new BootstrapSoft(1),
                new BootstrapHard(1),
                new Seesaw(PerColumn.of(9.0, 1, 5, 70), 0, 0, 0.01),
                new Seesaw(PerColumn.of(9.0, 9, 9, 9), 3, 0, 0.01),
                new AsymmetricSingleLabel(0, 3, 0, 0),
                new BiTemperedLogistic(1, 1),
                new BiTemperedLogistic(1, 1, false))) {
            for (double[] x : new double[][] {LOGITS, {1e4, 0, -1e4, 3}, {1e30, -1e30, 0, 1}}) {
                assertSame(crossEntropy, loss, x, 0, 0, 1, 0);
                assertSame(crossEntropy, loss, x, 0, 0, 0, 2.5);
            }
        }
        assertSame(crossEntropy, new BiTemperedLogistic(1, 1, false), LOGITS, 0.1, 0.2, 0.4, 0.3);
        // the entropy of the labels is all that differs
        double entropy = -(0.5 * Math.log(0.5) + 0.5 * Math.log(0.5));
        double without = value(new BiTemperedLogistic(1, 1, false), LOGITS, 0.5, 0.5, 0, 0);
        assertEquals(without - entropy, value(new BiTemperedLogistic(1, 1), LOGITS, 0.5, 0.5, 0, 0), 1e-14);
        assertSame(new AsRow(new SoftmaxFocal(1.5)), new AsymmetricSingleLabel(1.5, 4, 0, 0), LOGITS, 0, 2, 0, 0);
    }

    @Test
    void boundedLossesMeetTheirNeighbours() {
        for (double l : new double[] {-1e4, -30, -2, -0.3, -1e-9, 0}) {
            double p = Math.exp(l);
            assertEquals(-l, new Poly1CrossEntropy(0).value(l), 0);
            assertEquals(-1, new Poly1CrossEntropy(0).derivative(l), 0);
            assertEquals(1 - p, new GeneralizedCrossEntropy(1).value(l), 1e-15);
            assertEquals(new MaeProbability().value(l), new GeneralizedCrossEntropy(1).value(l), 0);
            assertEquals(new MaeProbability().derivative(l), new GeneralizedCrossEntropy(1).derivative(l), 0);
            assertEquals(-l, new GeneralizedCrossEntropy(1e-12).value(l), 1e-7 * -l);
            assertEquals(-1, new GeneralizedCrossEntropy(1e-12).derivative(l), 1e-7);
            assertEquals(-2.5 * l, new SymmetricCrossEntropy(2.5, 0, -4).value(l), 0);
            assertEquals(4 * 3 * (1 - p), new SymmetricCrossEntropy(0, 3, -4).value(l), 1e-14);
            SoftmaxLoss whole = new GeneralizedCrossEntropy(0.6);
            assertEquals(whole.value(l), new TruncatedGeneralizedCrossEntropy(0.6, 0).value(l), 0);
            boolean believed = p > 0.2;
            SoftmaxLoss truncated = new TruncatedGeneralizedCrossEntropy(0.6, 0.2);
            assertEquals(believed ? whole.value(l) : whole.value(Math.log(0.2)), truncated.value(l), 1e-15);
            assertEquals(believed ? whole.derivative(l) : 0, truncated.derivative(l), 0);
        }
    }

    @Test
    void r1_3_boundedLossesHaveLimits() {
        assertEquals(1 / 0.7, new GeneralizedCrossEntropy(0.7).value(NOTHING), 0);
        assertEquals(0, new GeneralizedCrossEntropy(0.7).derivative(NOTHING), 0);
        assertEquals(1, new MaeProbability().value(NOTHING), 0);
        assertEquals(0, new MaeProbability().derivative(NOTHING), 0);
        assertEquals(8, new SymmetricCrossEntropy(0, 2, -4).value(NOTHING), 0);
        assertEquals(Double.POSITIVE_INFINITY, new SymmetricCrossEntropy().value(NOTHING));
        assertEquals(-0.1, new SymmetricCrossEntropy().derivative(NOTHING), 0);
        assertEquals(Double.POSITIVE_INFINITY, new Poly1CrossEntropy(-1).value(NOTHING));
        assertEquals(-1, new Poly1CrossEntropy(3).derivative(NOTHING), 0);
        assertEquals(0, new TruncatedGeneralizedCrossEntropy().derivative(NOTHING), 0);
        SoftmaxLoss given = new GeneralizedCrossEntropy(0.001, InputForm.PROBABILITIES);
        assertEquals(given.value(-100), given.value(NOTHING), 0);
        assertEquals(0, given.derivative(NOTHING), 0);
    }

    @Test
    void r2_2_derivativesOfTheLogProbability() {
        List<SoftmaxLoss> losses = new ArrayList<>(List.of(
                new Poly1CrossEntropy(-1),
                new Poly1CrossEntropy(2),
                new GeneralizedCrossEntropy(0.3),
                new TruncatedGeneralizedCrossEntropy(0.3, 0.1),
                new SymmetricCrossEntropy(0.4, 1.5, -7),
                new MaeProbability()));
        for (InputForm input : InputForm.values()) {
            losses.add(new GeneralizedCrossEntropy(0.7, input));
        }
        for (SoftmaxLoss loss : losses) {
            for (double l : new double[] {-150, -50, -3, -1, -0.5, -0.01, -1e-5}) {
                double h = 1e-4 * Math.min(1, -l);
                double slope = (loss.value(l + h) - loss.value(l - h)) / (2 * h);
                assertEquals(slope, loss.derivative(l), 1e-6 * Math.abs(slope) + 1e-10, loss + " at " + l);
            }
            assertEquals(0, loss.value(0), 0, loss.toString());
            assertTrue(Double.isNaN(loss.value(Double.NaN)), loss.toString());
        }
    }

    @Test
    void activeAndPassiveAddUp() {
        for (ActivePassive.Active active : ActivePassive.Active.values()) {
            double[] t = {0, 0, 1.5, 0};
            RowLoss nothingPassive = new ActivePassive(active, ActivePassive.Passive.MAE, 0.7, 1, 0, -4);
            RowLoss mae = new ActivePassive(active, ActivePassive.Passive.MAE, 0.7, 0, 1, -4);
            RowLoss both = new ActivePassive(active, ActivePassive.Passive.MAE, 0.7, 10, 0.1, -4);
            RowLoss rce = new ActivePassive(active, ActivePassive.Passive.RCE, 0.7, 10, 0.025, -4);
            assertSame(new AsRow(new MaeProbability()), mae, LOGITS, t);
            assertSame(both, rce, LOGITS, t); // -log_zero = 4
            double sum = 10 * value(nothingPassive, LOGITS, t) + 0.1 * value(mae, LOGITS, t);
            assertEquals(sum, value(both, LOGITS, t), 1e-14);
        }
        RowLoss unfocused = new ActivePassive(ActivePassive.Active.NFL, ActivePassive.Passive.MAE, 0, 1, 0, -4);
        assertSame(new NormalizedCrossEntropy(), unfocused, LOGITS, 0, 0, 1, 0);
        // all classes as labels add up to 1
        assertEquals(1, value(new NormalizedCrossEntropy(), LOGITS, 1, 1, 1, 1), 1e-15);
    }

    @Test
    void bootstrapBelievesItself() {
        double[] log = LogSoftmax.of(LOGITS);
        assertEquals(-log[3], value(new BootstrapHard(0), LOGITS, 1, 0, 0, 0), 1e-15);
        double entropy = -Arrays.stream(log).map(l -> Math.exp(l) * l).sum();
        assertEquals(entropy, value(new BootstrapSoft(0), LOGITS, 1, 0, 0, 0), 1e-15);
        assertArrayEquals(new double[K], gradient(new BootstrapSoft(0), LOGITS, 1, 0, 0, 0), 1e-15);
    }

    @Test
    void seesawCompensatesRivals() {
        // the label 0 is behind class 3 by 2.7: its pull is multiplied by e^(2 2.7)
        double[] x = {0.4, -50, -50, 3.1};
        RowLoss loss = new Seesaw(PerColumn.of(1.0, 1, 1, 1), 0.8, 2, 1e-6);
        assertEquals(Math.log1p(Math.exp(3 * 2.7)), value(loss, x, 1, 0, 0, 0), 1e-12);
        // a rare rival is pushed less
        RowLoss counts = new Seesaw(PerColumn.of(100.0, 100, 100, 1), 0.5, 0, 0.01);
        assertEquals(Math.log1p(Math.exp(2.7) / 10), value(counts, x, 1, 0, 0, 0), 1e-12);
        assertThrows(LossInputException.class, () -> loss.labelColumns(5));
        assertThrows(LossInputException.class, () -> new Seesaw(PerColumn.all(3)));
    }

    @Test
    void otherClassesOfAsymmetricSingleLabelAreBinary() {
        double expected = 0;
        double[] log = LogSoftmax.of(LOGITS);
        for (int k = 0; k < K; k++) {
            expected -= k == 1 ? log[k] : Math.log1p(-Math.exp(log[k]));
        }
        assertEquals(expected, value(new AsymmetricSingleLabel(0, 0, 0, 1), LOGITS, 0, 1, 0, 0), 1e-13);
        // sure of the wrong class: -log(1 - p) is the distance, and so is -log p
        assertEquals(2e4, value(new AsymmetricSingleLabel(0, 0, 0, 1), new double[] {1e4, 0}, 0, 1), 1e-9);
    }

    @Test
    void temperedProbabilitiesSumToOne() {
        // t1 = 0, hard label: -log_0 p - (1 - sum p^2) / 2 = 1 - p - (1 - sum p^2) / 2
        double[] gradient = gradient(new BiTemperedLogistic(1, 2), LOGITS, 0, 0, 0, 0);
        assertArrayEquals(new double[K], gradient, 0);
        double p = 0;
        for (int k = 0; k < K; k++) {
            double[] hard = new double[K];
            hard[k] = 1;
            // t1 = 1, hard label: -log p
            p += Math.exp(-value(new BiTemperedLogistic(1, 2.5), LOGITS, hard));
        }
        assertEquals(1, p, 1e-14);
        double[] equal = new double[32000];
        double[] first = new double[equal.length];
        first[0] = 1;
        assertEquals(Math.log(equal.length), value(new BiTemperedLogistic(1, 4), equal, first), 1e-10);
    }

    @Test
    void sparsemaxOfAConfidentRowIsZero() {
        for (double lead : new double[] {1, 1.5, 1e4, 1e30}) {
            double[] x = {0, lead, -3, 0};
            assertEquals(0, value(new Sparsemax(), x, 0, 1, 0, 0), 0);
            assertArrayEquals(new double[K], gradient(new Sparsemax(), x, 0, 1, 0, 0), 0);
        }
        // p = y: no loss for soft labels either
        assertEquals(0, value(new Sparsemax(), new double[] {0.7, 0.3, -2, -9}, 0.7, 0.3, 0, 0), 1e-15);
        // two classes: the binary form
        for (double s : new double[] {-3, -1, -0.4, 0.2, 1, 8}) {
            double binary = s <= -1 ? 0 : s >= 1 ? s : (s + 1) * (s + 1) / 4;
            assertEquals(binary, value(new Sparsemax(), new double[] {s, 0}, 0, 1), 1e-14);
        }
    }

    @Test
    void hingesOfPairs() {
        double[] x = {0.1, 0.2, 0.4, 0.8};
        // one present label: every other class against it
        assertSame(new MultiMargin(), new MultilabelMargin(), x, 0, 0, 1, 0);
        assertEquals(0, value(new MultilabelMargin(), x, 1, 1, 1, 1), 0);
        assertEquals(0, value(new MultilabelRanking(), x, 0, 0, 0, 0), 0);
        assertEquals(0, value(new CategoricalHinge(), x, 0, 0, 0, 0), 0);
        assertEquals(1.8, value(new CategoricalHinge(true), x, 0, 0, 0, 0), 1e-15);
        assertArrayEquals(new double[] {0, 0, 0, 1}, gradient(new CategoricalHinge(true), x, 0, 0, 0, 0), 0);
        // scores below 0: the rival is the 0 in the column of the label
        assertEquals(1.5, value(new CategoricalHinge(), new double[] {-0.5, -3}, 1, 0), 1e-15);
        // the tangent beyond 50
        double e50 = Math.exp(50);
        assertEquals(11 * e50, value(new MultilabelRanking(), new double[] {0, 60}, 1, 0), 1e-14 * 11 * e50);
        assertEquals(e50, gradient(new MultilabelRanking(), new double[] {0, 60}, 1, 0)[1], 0);
    }

    @Test
    void cosineKnowsDirectionsOnly() {
        double[] y = {1, -2, 0.5};
        double[] x = {0.3, -1, 4};
        double[] opposite = Arrays.stream(y).map(v -> -3 * v).toArray();
        assertEquals(1, value(new CosineProximity(), opposite, y), 1e-15);
        for (double length : new double[] {1e-300, 1e-30, 1e200}) {
            double[] scaled = Arrays.stream(x).map(v -> v * length).toArray();
            double expected = length < 1e-38 ? 0 : value(new CosineProximity(), x, y);
            assertEquals(expected, value(new CosineProximity(), scaled, y), 1e-15);
        }
        assertEquals(0, value(new CosineProximity(), new double[3], y), 0);
        assertArrayEquals(new double[3], gradient(new CosineProximity(), new double[3], y), 0);
        assertArrayEquals(new double[3], gradient(new CosineProximity(), x, 0, 0, 0), 0);
    }

    @Test
    void densitiesMeetTheirNeighbours() {
        double[] means = {0.3, -1.2};
        double[] y = {1.1, 2};
        double squares = 0.8 * 0.8 + 3.2 * 3.2;
        double constant = Math.log(2 * Math.PI);
        // variance 1: half the squared error
        double[] unit = {means[0], means[1], 0, 0};
        assertEquals(squares / 2, value(new GaussianNll(), unit, y), 1e-14);
        assertEquals(squares / 2 + constant, value(new GaussianNll(true, 1e-6), unit, y), 1e-14);
        double[] gradient = gradient(new GaussianNll(), unit, y);
        assertEquals(means[0] - y[0], gradient[0], 1e-15);
        // one component: a normal distribution whose columns share their variance
        double s = 0.7; // log sigma
        double one = value(new MixtureDensity(1, 2), new double[] {5, s, means[0], means[1]}, y);
        double gaussian = value(new GaussianNll(true, 1e-6), new double[] {means[0], means[1], 2 * s, 2 * s}, y);
        assertEquals(gaussian, one, 1e-14);
        // two equal components are one
        double[] twice = {0.4, -1, s, s, means[0], means[1], means[0], means[1]};
        assertEquals(one, value(new MixtureDensity(2, 2), twice, y), 1e-14);
        // far from all means, where densities underflow
        double far = value(new MixtureDensity(2, 1), new double[] {0, 0, 0, 0, 0, 1}, 1e3);
        assertEquals(999.0 * 999 / 2 + constant / 2 + Math.log(2), far, 1e-9);
        // a component that is switched off
        double[] off = {0, NOTHING, s, s, means[0], means[1], 9, 9};
        assertEquals(one, value(new MixtureDensity(2, 2), off, y), 1e-14);
    }

    @Test
    void r9_1_labelsOfAnotherWidthAreCounted() {
        assertEquals(3, new GaussianNll().labelColumns(6));
        assertThrows(LossInputException.class, () -> new GaussianNll().labelColumns(5));
        assertEquals(2, new MixtureDensity(3, 2).labelColumns(12));
        assertThrows(LossInputException.class, () -> new MixtureDensity(3, 2).labelColumns(10));
        assertEquals(7, new Sparsemax().labelColumns(7));
    }

    @Test
    void multilabelSoftMarginIsAMeanOfColumns() {
        for (int columns : new int[] {1, 3}) {
            BinaryLoss loss = (BinaryLoss) new MultilabelSoftMargin().formula(columns);
            for (double y : new double[] {0, 0.3, 1}) {
                assertEquals(new SigmoidCrossEntropy().value(0.7, y, 2) / columns, loss.value(0.7, y, 2), 0);
                assertEquals(new SigmoidCrossEntropy().derivative(0.7, y, 2) / columns, loss.derivative(0.7, y, 2), 0);
            }
        }
    }

    @Test
    void parametersHaveRanges() {
        List.<Runnable>of(
                        () -> new Poly1CrossEntropy(-1.1),
                        () -> new GeneralizedCrossEntropy(0),
                        () -> new GeneralizedCrossEntropy(1.1),
                        () -> new TruncatedGeneralizedCrossEntropy(0.5, 1),
                        () -> new SymmetricCrossEntropy(1, 1, 0),
                        () -> new SymmetricCrossEntropy(1, 1, NOTHING),
                        () -> new BootstrapSoft(1.1),
                        () -> new BootstrapHard(-0.1),
                        () -> new Seesaw(PerColumn.of(1.0, -1)),
                        () -> new Seesaw(PerColumn.of(1.0, 1), 0.8, 2, 0),
                        () -> new AsymmetricSingleLabel(0, 0, 2, 0),
                        () -> new BiTemperedLogistic(1.1, 1),
                        () -> new BiTemperedLogistic(1, 0.9),
                        () -> new GaussianNll(false, 0),
                        () -> new MixtureDensity(0, 1),
                        () -> new MixtureDensity(1, 0))
                .forEach(make -> assertThrows(LossInputException.class, make::run));
    }
}
