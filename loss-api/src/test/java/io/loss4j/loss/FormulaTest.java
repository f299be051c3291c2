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
        for (double gamma : GAMMAS) {
            losses.add(new Poly1SigmoidFocal(null, gamma, 1));
            losses.add(new Poly1SigmoidFocal(0.25, gamma, -0.1));
            losses.add(new PenaltyReducedFocal(gamma, 4));
            losses.add(new PenaltyReducedFocal(2, gamma));
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
            losses.add(new PenaltyReducedFocal(gamma, 4, InputForm.PROBABILITIES));
            losses.add(new PenaltyReducedFocal(2, gamma, InputForm.PROBABILITIES));
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
        return Stream.of(
                new MeanSquaredError(),
                new MeanAbsoluteError(),
                new Huber(),
                new Huber(0.25),
                new SmoothL1(),
                new SmoothL1(0),
                new SmoothL1(0.25),
                new LogCosh(),
                new Quantile(0.5),
                new Quantile(0.03),
                new EpsilonInsensitive(),
                new EpsilonInsensitive(0),
                new MeanAbsolutePercentageError(),
                new MeanAbsolutePercentageError(0.7),
                new MeanSquaredLogarithmicError(0.05),
                new Cauchy(),
                new Cauchy(0.25),
                new Charbonnier(),
                new Charbonnier(0.25),
                new GemanMcclure(),
                new GemanMcclure(0.25),
                new Welsch(),
                new Welsch(0.25),
                new Wasserstein());
    }

    static Stream<ElementwiseLoss> margins() {
        return Arrays.stream(MarginLabels.values())
                .flatMap(labels -> Stream.of(
                        new Hinge(labels), new SquaredHinge(labels), new SoftMargin(labels), new Perceptron(labels)));
    }

    /** Of labels that are at least 0 and a prediction on the scale of their logarithm. */
    static Stream<ElementwiseLoss> logLink() {
        return Stream.of(
                new PoissonNll(),
                new PoissonNll(true, true, 1),
                new GammaNll(),
                new Tweedie(1),
                new Tweedie(Math.nextUp(1.0)),
                new Tweedie(1.01),
                new Tweedie(),
                new Tweedie(1.99),
                new Tweedie(Math.nextDown(2.0)),
                new Tweedie(2));
    }

    /** Of labels and predictions that are at least 0. */
    static Stream<ElementwiseLoss> nonNegative() {
        return Stream.of(
                new PoissonNll(false),
                new PoissonNll(false, true, 0),
                new PoissonNll(false, false, 0.3),
                new MeanSquaredLogarithmicError(),
                new MeanSquaredLogarithmicError(0.0));
    }

    static Stream<ElementwiseLoss> elementwise() {
        return Stream.of(regression(), margins(), logLink(), nonNegative(), Stream.of(new JsDivergence()))
                .flatMap(losses -> losses);
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

    @ParameterizedTest
    @MethodSource("margins")
    void r2_2_derivativeOfTheScore(ElementwiseLoss loss) {
        for (double x : new double[] {-1e6, -30, -2, -0.3, 0.1, 0.7, 4, 1e6}) {
            for (double y : new double[] {-1, 0, 0.3, 1}) {
                double h = 1e-5 * Math.max(1, Math.abs(x));
                assertDerivative(
                        at -> loss.value(at, y), x, h, loss.derivative(x, y), loss + " at " + x + ", y = " + y);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("logLink")
    void r2_2_derivativeOfTheLogarithm(ElementwiseLoss loss) {
        for (double x : new double[] {-50, -3, -0.2, 0, 1e-9, 0.4, 2, 50}) {
            for (double y : new double[] {0, 1e-9, 0.4, 3, 1e5}) {
                assertDerivative(
                        at -> loss.value(at, y), x, 1e-5, loss.derivative(x, y), loss + " at " + x + ", y = " + y);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("nonNegative")
    void r2_2_derivativeOfTheAmount(ElementwiseLoss loss) {
        for (double x : new double[] {1e-6, 0.1, 0.7, 4, 1e6}) {
            for (double y : new double[] {0, 1e-9, 0.4, 3, 1e5}) {
                double h = 1e-5 * x;
                assertDerivative(
                        at -> loss.value(at, y), x, h, loss.derivative(x, y), loss + " at " + x + ", y = " + y);
            }
        }
    }

    @Test
    void r2_2_derivativeOfTheSymmetricDivergence() {
        JsDivergence loss = new JsDivergence();
        for (double p : new double[] {1e-30, 1e-9, 0.01, 0.3, 0.5, 0.9, 1 - 1e-6}) {
            for (double y : new double[] {0, 1e-12, 0.1, 0.299, 0.31, 0.95, 1}) {
                double h = 1e-4 * Math.min(p, 1 - p);
                assertDerivative(at -> loss.value(at, y), p, h, loss.derivative(p, y), p + ", y = " + y);
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

    private static final double[] NUMBERS = {
        -1e30,
        -1e4,
        -745.2,
        -20,
        -1,
        -1 + 0x1p-53,
        -1e-9,
        -1e-300,
        -Double.MIN_VALUE,
        0,
        Double.MIN_VALUE,
        1e-300,
        1e-9,
        0.5,
        1,
        2.5,
        20,
        745.2,
        1e4,
        1e30
    };

    @Test
    void r1_2_anyFiniteNumberGivesFiniteResults() {
        Stream<ElementwiseLoss> losses = Stream.of(
                        regression(), margins(), nonNegative(), Stream.of(new JsDivergence()))
                .flatMap(some -> some);
        losses.forEach(loss -> {
            for (double x : NUMBERS) {
                for (double y : NUMBERS) {
                    if (y < 0 && nonNegative().anyMatch(loss::equals)
                            || loss instanceof JsDivergence && (y < 0 || y > 1)) {
                        continue;
                    }
                    double value = loss.value(x, y);
                    double derivative = loss.derivative(x, y);
                    String where = loss + " at " + x + ", y = " + y + ": " + value + ", " + derivative;
                    assertTrue(Double.isFinite(value), where);
                    assertTrue(Double.isFinite(derivative), where);
                    boolean signed = loss instanceof Wasserstein || loss instanceof PoissonNll;
                    assertTrue(signed || value >= 0, where);
                }
            }
        });
    }

    /** What e^x can hold is finite; what it cannot is infinite, on the right side, and never NaN. */
    @ParameterizedTest
    @MethodSource("logLink")
    void r1_2_anyFiniteLogarithmGivesNumbers(ElementwiseLoss loss) {
        for (double x : NUMBERS) {
            for (double y : NUMBERS) {
                if (y < 0) {
                    continue;
                }
                double value = loss.value(x, y);
                double derivative = loss.derivative(x, y);
                String where = loss + " at " + x + ", y = " + y + ": " + value + ", " + derivative;
                assertTrue(value > Double.NEGATIVE_INFINITY, where);
                assertTrue(!Double.isNaN(derivative), where);
                assertTrue(Math.abs(x) > 700 || Double.isFinite(value) && Double.isFinite(derivative), where);
                assertTrue(Double.isFinite(derivative) || Math.signum(derivative) == Math.signum(x), where);
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
        elementwise().forEach(loss -> {
            assertTrue(Double.isNaN(loss.value(Double.NaN, 1)), loss.toString());
            assertTrue(Double.isNaN(loss.derivative(Double.NaN, 1)), loss.toString());
            assertTrue(Double.isNaN(loss.value(0.5, Double.NaN)), loss.toString());
            assertTrue(Double.isNaN(loss.derivative(0.5, Double.NaN)), loss.toString());
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
    void poly1FocalWithEpsilonZeroIsFocal() {
        for (double x : LOGITS) {
            for (double y : SOFT_LABELS) {
                SigmoidFocal focal = new SigmoidFocal(0.25, 1.5);
                Poly1SigmoidFocal poly1 = new Poly1SigmoidFocal(0.25, 1.5, 0);
                assertEquals(focal.value(x, y, 2), poly1.value(x, y, 2));
                assertEquals(focal.derivative(x, y, 2), poly1.derivative(x, y, 2), 0.0);
            }
        }
        // and with gamma 0 and hard labels it is poly-1 cross-entropy, -log p_t + epsilon (1 - p_t)
        double p = Logistic.sigmoid(0.7);
        assertEquals(-Math.log(p) + 2 * (1 - p), new Poly1SigmoidFocal(null, 0, 2).value(0.7, 1), 1e-15);
        assertEquals(-Math.log(1 - p) + 2 * p, new Poly1SigmoidFocal(null, 0, 2).value(0.7, 0), 1e-15);
    }

    @Test
    void penaltyReducedFocalOfHardLabelsIsFocal() {
        for (double x : LOGITS) {
            for (double y : new double[] {0, 1}) {
                SigmoidFocal focal = new SigmoidFocal(1.5);
                PenaltyReducedFocal heat = new PenaltyReducedFocal(1.5, 4);
                double value = focal.value(x, y, 2);
                assertEquals(value, heat.value(x, y, 2), 1e-15 * value);
                double derivative = focal.derivative(x, y, 2);
                assertEquals(derivative, heat.derivative(x, y, 2), 1e-14 * Math.abs(derivative));
                assertEquals(heat.value(x, 0) / 16, heat.value(x, 0.5), 1e-15 * value);
            }
        }
    }

    @Test
    void smoothL1IsHuberDividedByItsThreshold() {
        for (double beta : new double[] {0.25, 1, 3}) {
            for (double d : new double[] {-1e30, -3, -0.9, -0.25, -1e-9, 0, 0.1, 1, 2.9, 1e30}) {
                double huber = new Huber(beta).value(d, 0.0) / beta;
                assertEquals(huber, new SmoothL1(beta).value(d, 0), 1e-15 * huber);
                double slope = new Huber(beta).derivative(d, 0) / beta;
                assertEquals(slope, new SmoothL1(beta).derivative(d, 0), 1e-15);
                assertEquals(Math.abs(d), new SmoothL1(0).value(d, 0));
                assertEquals(Math.signum(d), new SmoothL1(0).derivative(d, 0));
            }
        }
    }

    /** Each is d^2 / 2 near the label, scaled: to the last digits, where subtracting from 1 would leave none. */
    @Test
    void r1_1_robustLossesAreHalfTheSquareNearTheLabel() {
        for (double d : new double[] {1e-150, 1e-20, 1e-9, 1e-8}) {
            double half = 0.5 * d * d;
            for (ElementwiseLoss loss :
                    List.of(new LogCosh(), new Cauchy(), new Charbonnier(), new GemanMcclure(), new Welsch())) {
                assertEquals(half, loss.value(d, 0), 1e-15 * half, loss.toString());
                assertEquals(half, loss.value(-d, 0), 1e-15 * half, loss.toString());
                assertEquals(d, loss.derivative(d, 0), 1e-15 * d, loss.toString());
            }
            for (ElementwiseLoss loss :
                    List.of(new Cauchy(4), new Charbonnier(4), new GemanMcclure(4), new Welsch(4))) {
                assertEquals(half / 16, loss.value(d, 0), 1e-15 * half, loss.toString());
                assertEquals(d / 16, loss.derivative(d, 0), 1e-15 * d, loss.toString());
            }
        }
    }

    @Test
    void r1_1_robustLossesFarFromTheLabel() {
        assertEquals(1e30, new LogCosh().value(1e30, 0));
        assertEquals(1000 - Math.log(2), new LogCosh().value(-1000, 0), 1e-12);
        assertEquals(-1, new LogCosh().derivative(-1000, 0));
        assertEquals(2 * Math.log(1e30) - Math.log(2), new Cauchy().value(1e30, 0), 1e-12);
        assertEquals(2e-30, new Cauchy().derivative(1e30, 0), 1e-44);
        assertEquals(1e30, new Charbonnier().value(-1e30, 0), 1e15);
        assertEquals(-1, new Charbonnier().derivative(-1e30, 0));
        assertEquals(2, new GemanMcclure().value(1e30, 0));
        assertEquals(16e-90, new GemanMcclure().derivative(1e30, 0), 1e-104);
        assertEquals(1, new Welsch().value(-1e30, 0));
        assertEquals(0, new Welsch().derivative(-1e30, 0), 0);
        // both ways to write log cosh meet
        assertEquals(new LogCosh().value(Math.nextDown(1.0), 0), new LogCosh().value(1, 0), 1e-15);
    }

    @Test
    void medianAndAbsoluteErrorAreRelatives() {
        for (double x : NUMBERS) {
            for (double y : NUMBERS) {
                double absolute = new MeanAbsoluteError().value(x, y);
                double slope = new MeanAbsoluteError().derivative(x, y);
                assertEquals(absolute / 2, new Quantile(0.5).value(x, y));
                assertEquals(slope / 2, new Quantile(0.5).derivative(x, y), 0.0);
                assertEquals(absolute, new EpsilonInsensitive(0).value(x, y));
                assertEquals(slope, new EpsilonInsensitive(0).derivative(x, y), 0.0);
                // q and 1 - q are mirror images
                assertEquals(new Quantile(0.25).value(x, y), new Quantile(0.75).value(-x, -y));
                double scale = 100 / Math.max(Math.abs(y), 0.5);
                double percentage = new MeanAbsolutePercentageError(0.5).value(x, y);
                assertEquals(scale * absolute, percentage, 1e-15 * percentage);
                assertEquals(scale * slope, new MeanAbsolutePercentageError(0.5).derivative(x, y), 1e-15 * scale);
            }
        }
    }

    @Test
    void subgradientsAtKinks() {
        assertEquals(0, new Quantile(0.9).derivative(2, 2), 0);
        assertEquals(0, new EpsilonInsensitive(0.5).derivative(2.5, 2), 0);
        assertEquals(0, new MeanAbsolutePercentageError().derivative(2, 2), 0);
        assertEquals(0, new Hinge().derivative(1, 1), 0);
        assertEquals(0, new Hinge().derivative(-1, -1), 0);
        assertEquals(-1, new Perceptron().derivative(0, 1));
        assertEquals(1, new Perceptron().derivative(0, -1));
        assertEquals(1, new SmoothL1().derivative(1, 0));
    }

    @Test
    void oneQuantilePerColumn() {
        Quantile loss = new Quantile(PerColumn.of(0.1, 0.5, 0.9));
        assertEquals(3, loss.columns());
        for (int k = 0; k < 3; k++) {
            ElementwiseLoss column = loss.forColumn(k);
            assertEquals(new Quantile(loss.quantile().at(k)), column);
            assertEquals(2 * loss.quantile().at(k), column.value(1, 3), 1e-15);
        }
        Quantile scalar = new Quantile(0.3);
        assertEquals(0, scalar.columns());
        assertEquals(scalar, scalar.forColumn(7));
    }

    @Test
    void marginLabelsAreTheSameInBothForms() {
        List<ElementwiseLoss> losses = margins().toList();
        for (int i = 0; i < 4; i++) {
            ElementwiseLoss signed = losses.get(i);
            ElementwiseLoss zeroOne = losses.get(i + 4);
            for (double x : NUMBERS) {
                for (double y : new double[] {0, 0.25, 1}) {
                    assertEquals(signed.value(x, 2 * y - 1), zeroOne.value(x, y));
                    assertEquals(signed.derivative(x, 2 * y - 1), zeroOne.derivative(x, y));
                }
            }
        }
    }

    @Test
    void marginLossesOfOneViolation() {
        for (double x : NUMBERS) {
            for (double t : new double[] {-1, 1}) {
                double hinge = new Hinge().value(x, t);
                assertEquals(hinge * hinge, new SquaredHinge().value(x, t));
                assertEquals(2 * hinge * new Hinge().derivative(x, t), new SquaredHinge().derivative(x, t), 0.0);
                assertEquals(Math.max(0, -t * x), new Perceptron().value(x, t), 0.0);
                double y = (t + 1) / 2;
                assertEquals(new SigmoidCrossEntropy().value(x, y), new SoftMargin().value(x, t));
                assertEquals(new SigmoidCrossEntropy().derivative(x, y), new SoftMargin().derivative(x, t), 0.0);
            }
        }
    }

    @Test
    void r1_3_anInfiniteScoreOnTheRightSideCostsNothing() {
        for (double t : new double[] {-1, 1}) {
            for (ElementwiseLoss loss : List.of(new Hinge(), new SquaredHinge(), new SoftMargin(), new Perceptron())) {
                assertEquals(0, loss.value(t * Double.POSITIVE_INFINITY, t), 0, loss.toString());
                assertEquals(0, loss.derivative(t * Double.POSITIVE_INFINITY, t), 0, loss.toString());
                assertEquals(Double.POSITIVE_INFINITY, loss.value(-t * Double.POSITIVE_INFINITY, t), loss.toString());
            }
        }
    }

    @Test
    void poissonOfRatesIsThatOfTheirLogarithms() {
        for (boolean full : new boolean[] {false, true}) {
            PoissonNll logs = new PoissonNll(true, full, 1e-8);
            PoissonNll rates = new PoissonNll(false, full, 0);
            for (double x : new double[] {-20, -1, 0, 0.5, 3}) {
                for (double y : new double[] {0, 0.4, 1, 2, 30}) {
                    double rate = Math.exp(x);
                    double value = logs.value(x, y);
                    assertEquals(value, rates.value(rate, y), 1e-14 * (rate + y * Math.abs(x) + y * y));
                    assertEquals(logs.derivative(x, y), rates.derivative(rate, y) * rate, 1e-14 * (rate + y));
                }
            }
        }
        // Stirling: log 30! = 74.658236, less the next term of the series, 1 / 360
        double constant = new PoissonNll(true, true, 0).value(0, 30) - new PoissonNll().value(0, 30);
        assertEquals(74.658236 - 1.0 / 360, constant, 1e-6);
        assertEquals(0, new PoissonNll(true, true, 0).value(0, 1) - new PoissonNll().value(0, 1), 0);
    }

    @Test
    void r1_2_aRateOfZeroIsFreeForALabelOfZeroOnly() {
        assertEquals(0, new PoissonNll().value(Double.NEGATIVE_INFINITY, 0), 0);
        assertEquals(0, new PoissonNll().derivative(Double.NEGATIVE_INFINITY, 0), 0);
        assertEquals(Double.POSITIVE_INFINITY, new PoissonNll().value(Double.NEGATIVE_INFINITY, 1));
        PoissonNll exact = new PoissonNll(false, false, 0);
        assertEquals(0, exact.value(0, 0), 0);
        assertEquals(1, exact.derivative(0, 0));
        assertEquals(200, exact.value(0, 2));
        assertEquals(1, exact.derivative(0, 2)); // the logarithm has reached its end
        assertEquals(exact.value(0, 2), exact.value(-5, 2));
        assertEquals(0, exact.derivative(-5, 2), 0);
        assertEquals(1 - 2 / 1e-8, new PoissonNll(false).derivative(0, 2));
    }

    @Test
    void tweedieEndsInPoissonAndGamma() {
        for (double x : new double[] {-30, -1, -1e-9, 0, 0.5, 30}) {
            for (double y : new double[] {0, 0.4, 3, 1000}) {
                double poisson = new PoissonNll().value(x, y) - 1;
                double gamma = new GammaNll().value(x, y) - y;
                double size = (1 + y) * (1 + Math.abs(x)) * Math.exp(Math.abs(x));
                for (double step : new double[] {0, 0x1p-52, 1e-12}) {
                    double tolerance = size * (1e-15 + 40 * step);
                    assertEquals(poisson, new Tweedie(1 + step).value(x, y), tolerance);
                    assertEquals(gamma, new Tweedie(2 - step).value(x, y), tolerance);
                    double slope = new Tweedie(1 + step).derivative(x, y);
                    assertEquals(new PoissonNll().derivative(x, y), slope, tolerance);
                    slope = new Tweedie(2 - step).derivative(x, y);
                    assertEquals(new GammaNll().derivative(x, y), slope, tolerance);
                }
            }
        }
        // each is lowest where the mean is the label
        for (ElementwiseLoss loss : logLink().toList()) {
            assertEquals(0, loss.derivative(Math.log(7), 7), 1e-14, loss.toString());
        }
        assertEquals(0, new Tweedie().value(0, 5), 0);
    }

    @Test
    void bothFormsOfTheLogarithmicError() {
        MeanSquaredLogarithmicError exact = new MeanSquaredLogarithmicError();
        MeanSquaredLogarithmicError floored = new MeanSquaredLogarithmicError(0.5);
        for (double x : new double[] {0.5, 0.7, 3, 1e30}) {
            for (double y : new double[] {0.5, 2, 1e6}) {
                assertEquals(exact.value(x, y), floored.value(x, y));
                assertEquals(exact.derivative(x, y), floored.derivative(x, y));
                assertEquals(exact.value(x, y), exact.value(y, x), 1e-15 * exact.value(x, y));
                assertEquals(floored.value(0.5, y), floored.value(-3, y));
                assertEquals(0, floored.derivative(-3, y), 0);
            }
        }
        assertEquals(Math.log(2) * Math.log(2), exact.value(-0.5, 0), 1e-15);
        assertEquals(Math.pow(53 * Math.log(2), 2), exact.value(-1, 0), 1e-12);
        assertEquals(exact.value(-1, 0), exact.value(-7, 0));
        // (log(1 + 1e-12))^2: the difference of the logarithms of 1e6 would keep 5 digits
        assertEquals(1e-24, exact.value(1e6 + 1e-6 * (1 + 1e-6), 1e6), 1e-3 * 1e-24);
    }

    @Test
    void jsDivergenceIsSymmetricAndBounded() {
        JsDivergence loss = new JsDivergence();
        for (double p : PROBABILITIES) {
            assertEquals(0, loss.value(p, p), 0);
            for (double y : PROBABILITIES) {
                double value = loss.value(p, y);
                assertEquals(value, loss.value(y, p), 1e-15 * value);
                assertTrue(value <= 0.5 * Math.log(2) + 1e-15, p + ", " + y);
                KlDivergence half = new KlDivergence();
                double m = Math.log(0.5 * (p + y));
                assertEquals(0.5 * (half.value(m, p) + half.value(m, y)), value, 1e-15);
            }
        }
        assertEquals(0.5 * Math.log(2), loss.value(1, 0), 1e-16);
        assertEquals(0.5 * Math.log(2), loss.derivative(0, 0), 1e-16);
        assertEquals(-50, loss.derivative(0, 0.5));
        // (p - y)^2 / (4 (p + y)) for near probabilities
        assertEquals(1e-16 / 4, loss.value(0.5, 0.5 + 1e-8), 1e-7 * 1e-16);
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
                PenaltyReducedFocal byLogit = new PenaltyReducedFocal(1.5, 3);
                PenaltyReducedFocal byProbability = new PenaltyReducedFocal(1.5, 3, InputForm.PROBABILITIES);
                value = byLogit.value(x, y, 2);
                assertEquals(value, byProbability.value(p, y, 2), 1e-12 * value);
                double derivative = byLogit.derivative(x, y, 2);
                assertEquals(derivative, byProbability.derivative(p, y, 2) * slope, 1e-12 * Math.abs(derivative));
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
