package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every formula against its own derivative and at the ends of its domain. */
class FormulaTest {
    private static final double[] GAMMAS = {0, 0.1, 0.5, 1, 2, 5};
    /** 37 is where sigmoid rounds to 1, 709 where exp overflows, 745 where it underflows to 0. */
    private static final double[] LOGITS = {
        -1e30, -1e4, -800, -745.2, -709.5, -100, -37, -20, -3, -1, -0.4, -1e-9, -1e-300, 0, 1e-300, 1e-9, 0.3, 1, 2.5,
        20, 37, 100, 709.5, 745.2, 800, 1e4, 1e30
    };

    private static final double[] SOFT_LABELS = {0, 1, 0.3, 0.5, 0.9, 1e-300, 1 - 0x1p-53};
    private static final double[] PROBABILITIES = {0, 1e-300, 1e-40, 1e-9, 0.01, 0.3, 0.5, 0.9, 1 - 1e-9, 1 - 0x1p-53, 1
    };

    static Stream<BinaryLoss> fromLogits() {
        List<BinaryLoss> losses = new ArrayList<>(List.of(new SigmoidCrossEntropy(), new AsymmetricLoss()));
        for (double gamma : GAMMAS) {
            losses.add(new SigmoidFocal(gamma));
            losses.add(new SigmoidFocal(0.25, gamma));
            losses.add(new AsymmetricLoss(gamma, 1, 0));
            losses.add(new AsymmetricLoss(1, gamma, 0.05));
            losses.add(new AsymmetricLoss(0, gamma, 0));
            losses.add(new AsymmetricLoss(0, gamma, 1e-20));
            losses.add(new AsymmetricLoss(0, gamma, 0.6));
        }
        losses.add(new SigmoidFocal(0.0, 2));
        losses.add(new SigmoidFocal(1.0, 0.5));
        return losses.stream();
    }

    static Stream<BinaryLoss> fromProbabilities() {
        List<BinaryLoss> losses = new ArrayList<>(
                List.of(new BinaryCrossEntropy(), new BinaryCrossEntropy(1e-7), new BinaryCrossEntropy(0.07)));
        for (double gamma : GAMMAS) {
            losses.add(new SigmoidFocal(null, gamma, InputForm.PROBABILITIES));
            losses.add(new SigmoidFocal(0.25, gamma, InputForm.PROBABILITIES));
        }
        return losses.stream();
    }

    static Stream<SoftmaxLoss> softmax() {
        List<SoftmaxLoss> losses = new ArrayList<>(List.of(
                new SoftmaxCrossEntropy(),
                new CrossEntropy(),
                new CrossEntropy(1e-7),
                new NegativeLogLikelihood(),
                new LogitAdjustedCrossEntropy(PerColumn.of(5.0, 1)),
                new Ldam(PerColumn.of(5.0, 1))));
        for (double gamma : GAMMAS) {
            losses.add(new SoftmaxFocal(gamma));
            losses.add(new SoftmaxFocal(PerColumn.all(gamma), InputForm.PROBABILITIES));
        }
        return losses.stream();
    }

    static Stream<ElementwiseLoss> regression() {
        return Stream.of(new MeanSquaredError(), new MeanAbsoluteError(), new Huber(), new Huber(0.25));
    }

    /** Central differences; what the difference itself can lose to rounding is allowed on top. */
    private static void assertDerivative(DoubleUnaryOperator f, double x, double h, double derivative, String what) {
        double high = x + h;
        double low = x - h;
        double difference = (f.applyAsDouble(high) - f.applyAsDouble(low)) / (high - low);
        double rounding = 16 * Math.ulp(f.applyAsDouble(high) + f.applyAsDouble(low)) / h;
        assertEquals(difference, derivative, 1e-6 * Math.abs(difference) + rounding, what);
    }

    @ParameterizedTest
    @MethodSource("fromLogits")
    void r2_2_derivativeOfTheLogit(BinaryLoss loss) {
        double kink = loss instanceof AsymmetricLoss a ? Math.log(a.clip() / (1 - a.clip())) : Double.NaN;
        for (double x : LOGITS) {
            for (double y : SOFT_LABELS) {
                for (double weight : new double[] {1, 0, 3.7}) {
                    double h = 1e-4 * Math.min(1, 0.1 * Math.max(1, Math.abs(x)));
                    if (Math.abs(x - kink) < 2 * h || x + h == x) {
                        continue;
                    }
                    assertDerivative(
                            at -> loss.value(at, y, weight),
                            x,
                            h,
                            loss.derivative(x, y, weight),
                            loss + " at " + x + ", y = " + y + ", weight " + weight);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fromProbabilities")
    void r2_2_derivativeOfTheProbability(BinaryLoss loss) {
        for (double p : PROBABILITIES) {
            double h = 1e-4 * Math.min(p, 1 - p);
            if (h < 1e-14) {
                continue; // an end of the domain, or a step that p + h cannot hold; see r1_2 below
            }
            for (double y : SOFT_LABELS) {
                assertDerivative(
                        at -> loss.value(at, y, 2.5),
                        p,
                        h,
                        loss.derivative(p, y, 2.5),
                        loss + " at " + p + ", y = " + y);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("softmax")
    void r2_2_derivativeOfTheLogProbability(SoftmaxLoss loss) {
        for (double l : new double[] {-1e4, -700, -150, -99, -50, -17, -3, -1, -0.5, -0.01, -1e-5, -1e-9, -1e-14}) {
            double h = 1e-4 * Math.min(1, -l);
            assertDerivative(loss::value, l, h, loss.derivative(l), loss + " at " + l);
        }
    }

    @ParameterizedTest
    @MethodSource("regression")
    void r2_2_derivativeOfTheOutput(ElementwiseLoss loss) {
        for (double x : new double[] {-1e6, -30, -2, -0.3, 0, 0.1, 0.7, 4, 1e6}) {
            for (double y : new double[] {-50, -1.1, 0.4, 2, 1e5}) {
                double h = 1e-5 * Math.max(1, Math.abs(x));
                assertDerivative(
                        at -> loss.value(at, y), x, h, loss.derivative(x, y), loss + " at " + x + ", y = " + y);
            }
        }
    }

    @Test
    void r2_2_derivativeOfTheDivergence() {
        for (double y : new double[] {0, 0.001, 0.4, 1, 20}) {
            for (double p : new double[] {1e-6, 0.2, 0.99}) {
                KlDivergence byLog = new KlDivergence();
                assertDerivative(x -> byLog.value(x, y), Math.log(p), 1e-4, byLog.derivative(Math.log(p), y), "log p");
                KlDivergence byProbability = new KlDivergence(InputForm.PROBABILITIES);
                assertDerivative(
                        x -> byProbability.value(x, y), p, 1e-4 * (1 - p) * p, byProbability.derivative(p, y), "p");
                KlDivergence logTarget = new KlDivergence(InputForm.LOG_PROBABILITIES, true);
                double log = Math.log(y);
                assertDerivative(
                        x -> logTarget.value(x, log),
                        Math.log(p),
                        1e-4,
                        logTarget.derivative(Math.log(p), log),
                        "both");
                assertEquals(byLog.value(Math.log(p), y), logTarget.value(Math.log(p), log), 1e-13);
                assertEquals(byLog.value(Math.log(p), y), byProbability.value(p, y), 1e-13);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fromLogits")
    void r1_2_anyFiniteLogitGivesFiniteResults(BinaryLoss loss) {
        for (double x : LOGITS) {
            for (double y : SOFT_LABELS) {
                for (double weight : new double[] {1, 0, 3.7}) {
                    double value = loss.value(x, y, weight);
                    double derivative = loss.derivative(x, y, weight);
                    String where = loss + " at " + x + ", y = " + y + ": " + value + ", " + derivative;
                    assertTrue(value >= 0 && value < Double.POSITIVE_INFINITY, where);
                    assertTrue(Double.isFinite(derivative), where);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fromProbabilities")
    void r1_2_anyProbabilityGivesFiniteResults(BinaryLoss loss) {
        for (double p : PROBABILITIES) {
            for (double y : SOFT_LABELS) {
                double value = loss.value(p, y, 1);
                double derivative = loss.derivative(p, y, 1);
                String where = loss + " at " + p + ", y = " + y + ": " + value + ", " + derivative;
                assertTrue(value >= 0 && value <= 100, where);
                assertTrue(Double.isFinite(derivative), where);
            }
        }
    }

    @Test
    void r1_2_aProbabilityThatRoundingMadeTooLargeCountsAsOne() {
        double above = Math.nextUp(1f);
        for (BinaryLoss loss : fromProbabilities().toList()) {
            assertEquals(loss.value(1, 1), loss.value(above, 1), loss.toString());
            assertEquals(loss.value(1, 0), loss.value(above, 0), loss.toString());
            assertTrue(Double.isFinite(loss.derivative(above, 1)), loss.toString());
        }
        SoftmaxFocal focal = new SoftmaxFocal(PerColumn.all(2.5), InputForm.PROBABILITIES);
        assertEquals(0, focal.value(Math.log(above)), 0);
        assertEquals(0, focal.derivative(Math.log(above)), 0);
    }

    @Test
    void r1_2_noClippingHidesTheGradientOfAConfidentMistake() {
        SigmoidCrossEntropy loss = new SigmoidCrossEntropy();
        assertEquals(-1 / (1 + Math.exp(-20)), loss.derivative(-20, 1));
        assertEquals(-1, loss.derivative(-1e4, 1));
        assertEquals(1e4, loss.value(-1e4, 1));
        assertEquals(1e30, loss.value(-1e30, 1));
        assertEquals(3e30, loss.value(-1e30, 1, 3), 1e15);
        assertEquals(-3, loss.derivative(-1e30, 1, 3));
    }

    @Test
    void r1_3_aLogitOfMinusInfinityIsAProbabilityOfZero() {
        for (BinaryLoss loss : fromLogits().toList()) {
            assertEquals(0, loss.value(Double.NEGATIVE_INFINITY, 0), 0, loss.toString());
            assertEquals(0, loss.derivative(Double.NEGATIVE_INFINITY, 0), 0, loss.toString());
            assertEquals(0, loss.value(Double.POSITIVE_INFINITY, 1), 0, loss.toString());
            assertEquals(0, loss.derivative(Double.POSITIVE_INFINITY, 1), 0, loss.toString());
            double costly = loss.value(Double.NEGATIVE_INFINITY, 1);
            boolean free =
                    loss instanceof SigmoidFocal focal && Double.valueOf(0).equals(focal.alpha());
            assertEquals(free ? 0 : Double.POSITIVE_INFINITY, costly, loss.toString());
            // the derivative is its limit
            assertEquals(
                    loss.derivative(-800, 1), loss.derivative(Double.NEGATIVE_INFINITY, 1), 1e-12, loss.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("softmax")
    void r1_3_derivativeAtMinusInfinityIsItsLimit(SoftmaxLoss loss) {
        double limit = loss.input() == InputForm.PROBABILITIES ? 0 : -1;
        assertEquals(limit, loss.derivative(Double.NEGATIVE_INFINITY), 0);
        assertEquals(loss.derivative(-1e6), loss.derivative(Double.NEGATIVE_INFINITY), 0);
        assertTrue(loss.value(Double.NEGATIVE_INFINITY) > 15);
    }

    @ParameterizedTest
    @MethodSource("softmax")
    void r1_2_aSureClassCostsNothing(SoftmaxLoss loss) {
        boolean focused = loss instanceof SoftmaxFocal focal && focal.gamma().at(0) > 0;
        boolean clipped = loss instanceof CrossEntropy entropy && entropy.epsilon() != null;
        assertEquals(0, loss.value(0), 1.1e-7);
        assertEquals(focused || clipped ? 0 : -1, loss.derivative(0), 0);
    }

    @Test
    void r1_4_nanInGivesNanOut() {
        Stream.concat(fromLogits(), fromProbabilities()).forEach(loss -> {
            for (double y : SOFT_LABELS) {
                assertTrue(Double.isNaN(loss.value(Double.NaN, y)), loss.toString());
                assertTrue(Double.isNaN(loss.derivative(Double.NaN, y)), loss.toString());
            }
            assertTrue(Double.isNaN(loss.value(0.5, Double.NaN)), loss.toString());
            assertTrue(Double.isNaN(loss.derivative(0.5, Double.NaN)), loss.toString());
        });
        regression().forEach(loss -> {
            assertTrue(Double.isNaN(loss.value(Double.NaN, 1)), loss.toString());
            assertTrue(Double.isNaN(loss.derivative(Double.NaN, 1)), loss.toString());
        });
        softmax().forEach(loss -> assertTrue(Double.isNaN(loss.value(Double.NaN)), loss.toString()));
        for (InputForm input : List.of(InputForm.LOG_PROBABILITIES, InputForm.PROBABILITIES)) {
            assertTrue(Double.isNaN(new KlDivergence(input).value(Double.NaN, 0)));
            assertTrue(Double.isNaN(new KlDivergence(input).value(Double.NaN, 0.5)));
        }
        double[] gradient = new double[3];
        double value = new MultiMargin().evaluate(new double[] {1, Double.NaN, 2}, new double[] {0, 0, 1}, gradient);
        assertTrue(Double.isNaN(value));
    }

    @Test
    void r1_1_focalKeepsItsDigitsWherePIsNearOne() {
        // (1 - p)^2 (-l) with 1 - p = -l - l^2 / 2 - ...
        double l = -1e-10;
        assertEquals(1e-30, new SoftmaxFocal(2).value(l), 1e-9 * 1e-30);
        assertEquals(-3e-20, new SoftmaxFocal(2).derivative(l), 1e-9 * 3e-20);
        // at x = 40: 1 - p = e^-40 and -log p = e^-40
        assertEquals(Math.exp(-120), new SigmoidFocal(2).value(40, 1), 1e-14 * Math.exp(-120));
        assertEquals(-3 * Math.exp(-120), new SigmoidFocal(2).derivative(40, 1), 1e-13 * Math.exp(-120));
    }

    @Test
    void r3_7_positiveWeightsMultiplyTheTermOfTheLabelOnly() {
        Stream.concat(fromLogits().filter(l -> !(l instanceof SigmoidFocal)), Stream.of(new BinaryCrossEntropy()))
                .forEach(loss -> {
                    double x = 0.3;
                    double y = 0.25;
                    double negative = loss.value(x, y, 0);
                    double positive = loss.value(x, y, 1) - negative;
                    assertEquals(negative + 7 * positive, loss.value(x, y, 7), 1e-14, loss.toString());
                    assertEquals(loss.value(x, 0, 1), loss.value(x, 0, 7), loss.toString());
                    assertEquals(7 * loss.value(x, 1, 1), loss.value(x, 1, 7), 1e-14, loss.toString());
                });
    }

    @Test
    void focalWithGammaZeroIsCrossEntropy() {
        for (double x : LOGITS) {
            for (double y : SOFT_LABELS) {
                double expected = new SigmoidCrossEntropy().value(x, y, 2);
                assertEquals(expected, new SigmoidFocal(0).value(x, y, 2));
                assertEquals(new SigmoidCrossEntropy().derivative(x, y, 2), new SigmoidFocal(0).derivative(x, y, 2));
                double asymmetric = new AsymmetricLoss(0, 0, 0).value(x, y, 2);
                assertEquals(expected, asymmetric, 1e-15 * expected);
            }
        }
        for (double l : new double[] {0, -1e-9, -1, -30, Double.NEGATIVE_INFINITY}) {
            assertEquals(-l, new SoftmaxFocal(0).value(l), 0);
            assertEquals(-1, new SoftmaxFocal(0).derivative(l), 0);
        }
    }

    @Test
    void logitAndProbabilityFormsAgree() {
        for (double x : new double[] {-30, -5, -0.5, 0, 1, 6}) {
            double p = 1 / (1 + Math.exp(-x));
            for (double y : new double[] {0, 0.3, 1}) {
                double slope = p * (1 - p);
                for (double gamma : GAMMAS) {
                    SigmoidFocal logits = new SigmoidFocal(0.4, gamma);
                    SigmoidFocal probabilities = new SigmoidFocal(0.4, gamma, InputForm.PROBABILITIES);
                    double value = logits.value(x, y, 2);
                    assertEquals(value, probabilities.value(p, y, 2), 1e-12 * value);
                    double byLogit = logits.derivative(x, y, 2);
                    assertEquals(byLogit, probabilities.derivative(p, y, 2) * slope, 1e-12 * Math.abs(byLogit));
                }
                double value = new SigmoidCrossEntropy().value(x, y, 2);
                assertEquals(value, new BinaryCrossEntropy().value(p, y, 2), 1e-12 * value);
            }
        }
    }

    @Test
    void sigmoidIsTheSoftmaxOfTwoClasses() {
        for (double z : new double[] {-1e4, -30, -2, 0, 0.7, 12, 1e4}) {
            double l = -(Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)))); // log softmax(z, 0)_0
            assertEquals(new SoftmaxCrossEntropy().value(l), new SigmoidCrossEntropy().value(z, 1), 0);
            double focal = new SoftmaxFocal(1.5).value(l);
            assertEquals(focal, new SigmoidFocal(1.5).value(z, 1), 1e-13 * focal);
        }
    }

    @Test
    void flooredLogarithmsHaveNoSlope() {
        assertEquals(100, new CrossEntropy().value(-101));
        assertEquals(0, new CrossEntropy().derivative(-101), 0);
        assertEquals(-1, new CrossEntropy().derivative(-99));
        assertEquals(100, new CrossEntropy().value(Double.NEGATIVE_INFINITY));
        assertEquals(100, new BinaryCrossEntropy().value(0, 1));
        assertEquals(0, new BinaryCrossEntropy().derivative(0, 1), 0);
        assertEquals(100, new BinaryCrossEntropy().value(1, 0));
        assertEquals(0, new BinaryCrossEntropy().derivative(1, 0), 0);
        assertEquals(1, new BinaryCrossEntropy().derivative(0, 0));
        assertEquals(-1, new BinaryCrossEntropy().derivative(1, 1));
        assertEquals(0, new KlDivergence(InputForm.PROBABILITIES).derivative(0, 0.5), 0);
        // only the focusing factor still moves: 100 (1 - p)^2
        assertEquals(-200, new SigmoidFocal(null, 2, InputForm.PROBABILITIES).derivative(0, 1));
    }

    @Test
    void epsilonClipsAsKerasDoes() {
        double epsilon = 1e-3;
        assertEquals(-Math.log(epsilon), new CrossEntropy(epsilon).value(Math.log(1e-5)));
        assertEquals(0, new CrossEntropy(epsilon).derivative(Math.log(1e-5)), 0);
        assertEquals(-Math.log1p(-epsilon), new CrossEntropy(epsilon).value(0));
        assertEquals(-1, new CrossEntropy(epsilon).derivative(Math.log(0.5)));
        BinaryCrossEntropy binary = new BinaryCrossEntropy(epsilon);
        assertEquals(-Math.log(epsilon), binary.value(1e-5, 1), 1e-15);
        assertEquals(0, binary.derivative(1e-5, 1), 0);
        assertEquals(0, binary.derivative(0.9995, 1), 0);
        assertEquals(-2, binary.derivative(0.5, 1));
    }

    @Test
    void zeroTimesLogZeroIsZero() {
        assertEquals(0, new KlDivergence().value(-3, 0), 0);
        assertEquals(0, new KlDivergence().value(Double.NEGATIVE_INFINITY, 0), 0);
        assertEquals(0, new KlDivergence(InputForm.PROBABILITIES).value(0, 0), 0);
        KlDivergence logTarget = new KlDivergence(InputForm.LOG_PROBABILITIES, true);
        assertEquals(0, logTarget.value(-3, Double.NEGATIVE_INFINITY), 0);
    }

    @Test
    void subgradientOfTheAbsoluteErrorIsZeroAtZero() {
        assertEquals(0, new MeanAbsoluteError().derivative(2.5, 2.5));
        assertEquals(1, new MeanAbsoluteError().derivative(2.5, 2.4));
        assertEquals(-1, new MeanAbsoluteError().derivative(2.5, 2.6));
    }

    @Test
    void oneGammaPerClass() {
        SoftmaxFocal loss = new SoftmaxFocal(PerColumn.of(0, 1, 3.5), InputForm.LOGITS);
        assertEquals(3, loss.columns());
        for (int k = 0; k < 3; k++) {
            double gamma = loss.gamma().at(k);
            assertEquals(new SoftmaxFocal(gamma).value(-0.8), loss.forColumn(k).value(-0.8));
            assertEquals(
                    new SoftmaxFocal(gamma).derivative(-0.8), loss.forColumn(k).derivative(-0.8));
        }
        SoftmaxFocal scalar = new SoftmaxFocal(2);
        assertEquals(0, scalar.columns());
        assertEquals(scalar, scalar.forColumn(7));
    }

    @Test
    void marginsAndPriorsComeFromCounts() {
        LogitTransform adjusted = new LogitAdjustedCrossEntropy(PerColumn.of(75L, 25L), 2).logits();
        assertEquals(1, adjusted.scale());
        assertEquals(2 * Math.log(0.75), adjusted.bias()[0], 1e-15);
        assertEquals(2 * Math.log(0.25), adjusted.bias()[1], 1e-15);
        LogitTransform margins = new Ldam(PerColumn.of(16L, 1L, 81L)).logits();
        assertEquals(30, margins.scale());
        assertEquals("[0.25, 0.5, 0.16666666666666666]", Arrays.toString(margins.margin()));
    }

    @Test
    void r2_2_gradientOfTheMargins() {
        double[] x = {0.3, -1.2, 0.83, 2, 0.1};
        for (int p = 1; p <= 2; p++) {
            for (double margin : new double[] {0, 0.7, 1, 3}) {
                RowLoss loss = new MultiMargin(p, margin);
                for (double[] t : new double[][] {{0, 0, 2.5, 0, 0}, {0.1, 0.2, 0, 3, 1}, {0, 0, 0, 0, 0}}) {
                    double[] gradient = new double[5];
                    Arrays.fill(gradient, Double.NaN); // must be overwritten
                    loss.evaluate(x, t, gradient);
                    for (int k = 0; k < x.length; k++) {
                        int column = k;
                        DoubleUnaryOperator f = at -> {
                            double[] moved = x.clone();
                            moved[column] = at;
                            return loss.evaluate(moved, t, new double[5]);
                        };
                        assertDerivative(f, x[k], 1e-5, gradient[k], loss + " column " + k);
                    }
                }
            }
        }
    }

    @Test
    void multiMarginOfOneColumnCostsNothing() {
        double[] gradient = {Double.NaN};
        assertEquals(0, new MultiMargin().evaluate(new double[] {-7}, new double[] {1}, gradient));
        assertEquals(0, gradient[0]);
    }

    @Test
    void r2_2_gradientOfTheFMeasure() {
        double[] p = {0.8, 0.3, 0.45, 0.55, 0.1, 0.7};
        double[] y = {1, 0, 0.25, 0.75, 0, 1};
        double[] w = {1, 2, 0.5, 0.25, 0, 3};
        for (double beta : new double[] {0.5, 1, 2}) {
            for (int columns = 1; columns <= 2; columns++) {
                FMeasure loss = new FMeasure(beta);
                int width = columns;
                int rows = p.length / width;
                double[] gradient = new double[p.length];
                Arrays.fill(gradient, Double.NaN);
                double value = loss.evaluate(rows, width, p, y, w, gradient);
                assertTrue(value > 0 && value < 1);
                for (int i = 0; i < p.length; i++) {
                    int at = i;
                    DoubleUnaryOperator f = x -> {
                        double[] moved = p.clone();
                        moved[at] = x;
                        return loss.evaluate(rows, width, moved, y, w, new double[p.length]);
                    };
                    assertDerivative(f, p[i], 1e-5, gradient[i], "columns " + columns + ", element " + i);
                }
            }
        }
    }

    @Test
    void fMeasureOfTwoColumnsIsThatOfOne() {
        double[] p = {0.8, 0.4, 0.2};
        double[] y = {1, 0, 1};
        double[] two = {0.2, 0.8, 0.6, 0.4, 0.8, 0.2};
        double[] labels = {0, 1, 1, 0, 0, 1};
        double[] single = new double[3];
        double[] pair = new double[6];
        double expected = new FMeasure().evaluate(3, 1, p, y, new double[] {1, 1, 1}, single);
        double actual = new FMeasure().evaluate(3, 2, two, labels, new double[] {1, 1, 1, 1, 1, 1}, pair);
        assertEquals(expected, actual, 1e-15);
        for (int row = 0; row < 3; row++) {
            // p0 = 1 - p1
            assertEquals(single[row], pair[2 * row + 1] - pair[2 * row], 1e-15);
        }
    }

    @Test
    void fMeasureOfNothingIsZero() {
        double[] gradient = {9, 9};
        assertEquals(
                0,
                new FMeasure().evaluate(2, 1, new double[] {0.4, 0.6}, new double[] {1, 0}, new double[2], gradient));
        assertEquals("[0.0, 0.0]", Arrays.toString(gradient));
        assertEquals(0, new FMeasure().evaluate(0, 2, new double[0], new double[0], new double[0], new double[0]));
        // no positive labels, some predicted
        double[] ones = {1, 1};
        assertEquals(1, new FMeasure().evaluate(2, 1, new double[] {0.4, 0.6}, new double[2], ones, gradient));
        assertEquals("[0.0, 0.0]", Arrays.toString(gradient));
    }
}
