package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.Cauchy;
import io.loss4j.loss.Charbonnier;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.EpsilonInsensitive;
import io.loss4j.loss.GammaNll;
import io.loss4j.loss.GemanMcclure;
import io.loss4j.loss.Hinge;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.JsDivergence;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.MarginLabels;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanAbsolutePercentageError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MeanSquaredLogarithmicError;
import io.loss4j.loss.MultilabelSoftMargin;
import io.loss4j.loss.PenaltyReducedFocal;
import io.loss4j.loss.Perceptron;
import io.loss4j.loss.PoissonNll;
import io.loss4j.loss.Poly1SigmoidFocal;
import io.loss4j.loss.Quantile;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SmoothL1;
import io.loss4j.loss.SoftMargin;
import io.loss4j.loss.SquaredHinge;
import io.loss4j.loss.Tweedie;
import io.loss4j.loss.Wasserstein;
import io.loss4j.loss.Welsch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast functions of elementwise losses against their formulas, element by element. */
class TileFunctionTest {
    private static final float[] NUMBERS = {
        0,
        1e-45f,
        3e-39f,
        1e-30f,
        1e-12f,
        1e-6f,
        3e-4f,
        0.04f,
        0.06f,
        0.3f,
        0.5f,
        0.7f,
        0.99f,
        1,
        1.2f,
        2,
        4.5f,
        12,
        19.9f,
        20.5f,
        39,
        41,
        86,
        89,
        110,
        1e4f,
        1e10f,
        2e18f,
        1e20f,
        1e31f,
        1.5e38f,
        Float.POSITIVE_INFINITY
    };

    private static final float[] PROBABILITIES = {
        0, 1e-45f, 1e-44f, 1e-38f, 2e-37f, 1e-20f, 1e-7f, 1e-5f, 0.01f, 0.3f, 0.5f, 0.52f, 0.8f, 0.999f, 0.9999999f, 1
    };

    private static final float[] SIGNS = {-1, -0.5f, 0, 0.5f, 1};
    private static final float[] BITS = {0, 1, 0.5f};

    private static final ElementwiseLoss RATES = new PoissonNll(false, true, 1e-8);
    private static final ElementwiseLoss LOG_RATES = new PoissonNll(true, true, 1e-8);

    private final Primitives primitives = Simd.primitives();
    private final int lanes = primitives.lanes();

    /** A loss, and the numbers that its predictions and labels are taken from. */
    record Example(ElementwiseLoss loss, float[] predictions, float[] labels) {
        @Override
        public String toString() {
            return loss.toString();
        }
    }

    private static float[] withSigns(float[] numbers) {
        float[] all = Arrays.copyOf(numbers, 2 * numbers.length + 1);
        for (int i = 0; i < numbers.length; i++) {
            all[numbers.length + i] = -numbers[i];
        }
        all[2 * numbers.length] = Float.NaN;
        return all;
    }

    static Stream<Example> examples() {
        float[] reals = withSigns(NUMBERS);
        List<Example> examples = new ArrayList<>();
        for (ElementwiseLoss loss : List.of(
                new MeanSquaredError(),
                new MeanAbsoluteError(),
                new Huber(1.5),
                new SmoothL1(0.7),
                new SmoothL1(0),
                new LogCosh(),
                new Quantile(0.3),
                new EpsilonInsensitive(0.25),
                new EpsilonInsensitive(0),
                new MeanAbsolutePercentageError(),
                new Charbonnier(0.5),
                new GemanMcclure(3),
                new Cauchy(1e-3),
                new Welsch(2),
                new MeanSquaredLogarithmicError(),
                new MeanSquaredLogarithmicError(1e-7),
                new MeanSquaredLogarithmicError(0.1),
                new PoissonNll(),
                new PoissonNll(false),
                new PoissonNll(false, false, 0),
                new PoissonNll(true, true, 0),
                new PoissonNll(false, true, 0),
                new PoissonNll(false, true, 1e-3),
                new KlDivergence(InputForm.PROBABILITIES, true),
                new GammaNll(),
                new Tweedie(1),
                new Tweedie(1.4),
                new Tweedie(2),
                new Wasserstein(),
                new KlDivergence(),
                new KlDivergence(InputForm.LOG_PROBABILITIES, true))) {
            examples.add(new Example(loss, reals, reals));
        }
        for (MarginLabels labels : MarginLabels.values()) {
            float[] given = labels == MarginLabels.SIGNED ? SIGNS : BITS;
            examples.add(new Example(new Hinge(labels), reals, given));
            examples.add(new Example(new SquaredHinge(labels), reals, given));
            examples.add(new Example(new Perceptron(labels), reals, given));
            examples.add(new Example(new SoftMargin(labels), reals, given));
        }
        for (BinaryLoss loss : List.of(
                new SigmoidCrossEntropy(),
                (BinaryLoss) new MultilabelSoftMargin().formula(3),
                new SigmoidFocal(0.25, 2),
                new SigmoidFocal(0.7),
                new Poly1SigmoidFocal(0.25, 2, 1),
                new Poly1SigmoidFocal(null, 0.5, -0.5),
                new AsymmetricLoss(),
                new AsymmetricLoss(0, 0, 0.05),
                new AsymmetricLoss(1, 4, 0),
                new AsymmetricLoss(0.5, 0, 0))) {
            examples.add(new Example(loss, reals, BITS));
        }
        examples.add(new Example(new Quantile(0.99), reals, reals));
        examples.add(new Example(new PenaltyReducedFocal(), reals, PROBABILITIES));
        examples.add(new Example(new PenaltyReducedFocal(0.5, 0), reals, PROBABILITIES));
        for (ElementwiseLoss loss : List.of(
                new BinaryCrossEntropy(),
                new BinaryCrossEntropy(1e-7),
                new SigmoidFocal(0.25, 2, InputForm.PROBABILITIES),
                new SigmoidFocal(null, 0, InputForm.PROBABILITIES),
                new PenaltyReducedFocal(2, 4, InputForm.PROBABILITIES),
                new KlDivergence(InputForm.PROBABILITIES),
                new JsDivergence())) {
            float[] predictions = Arrays.copyOf(PROBABILITIES, PROBABILITIES.length + 3);
            predictions[PROBABILITIES.length] = -1e-3f;
            predictions[PROBABILITIES.length + 1] = 1.001f;
            predictions[PROBABILITIES.length + 2] = Float.NaN;
            examples.add(new Example(loss, predictions, PROBABILITIES));
        }
        return examples.stream();
    }

    /** Tiles of one element repeated, so that nothing else decides between the fast form and the formula. */
    @ParameterizedTest
    @MethodSource("examples")
    void r1_1_elementsAreThoseOfTheFormula(Example example) {
        for (float x : example.predictions) {
            for (float y : example.labels) {
                check(example.loss, x, y, 1, apply(example.loss, new float[] {x}, new float[] {y}, null));
                if (example.loss instanceof BinaryLoss) {
                    float[][] weighted = apply(example.loss, new float[] {x}, new float[] {y}, new float[] {2.5f});
                    check(example.loss, x, y, 2.5, weighted);
                }
            }
        }
    }

    /** All elements in one tile. */
    @ParameterizedTest
    @MethodSource("examples")
    void r5_2_elementsDoNotDisturbTheirNeighbours(Example example) {
        float[] x = new float[example.predictions.length * example.labels.length];
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = example.predictions[i / example.labels.length];
            y[i] = example.labels[i % example.labels.length];
        }
        float[][] found = apply(example.loss, x, y, null);
        for (int i = 0; i < x.length; i++) {
            check(example.loss, x[i], y[i], 1, new float[][] {{found[0][i]}, {found[1][i]}});
        }
    }

    /** Close predictions and labels, where careless forms lose their digits. */
    @Test
    void r1_1_smallResidualsKeepTheirDigits() {
        for (ElementwiseLoss loss : List.of(
                new LogCosh(),
                new Charbonnier(),
                new GemanMcclure(),
                new Cauchy(),
                new Welsch(),
                new MeanSquaredLogarithmicError(),
                new JsDivergence(),
                new KlDivergence(InputForm.PROBABILITIES))) {
            for (double apart : new double[] {1e-5, 1e-3, 0.1, 0.3, 0.49, 0.51, 0.9}) {
                float y = 0.6f;
                for (float x : new float[] {(float) (y * (1 + apart)), (float) (y * (1 - apart))}) {
                    float[][] found = apply(loss, new float[] {x}, new float[] {y}, null);
                    assertEquals(loss.value(x, y), found[0][0], 1e-5 * Math.abs(loss.value(x, y)), loss + " at " + x);
                    assertEquals(
                            loss.derivative(x, y),
                            found[1][0],
                            1e-5 * Math.abs(loss.derivative(x, y)),
                            loss + "' at " + x);
                }
            }
        }
    }

    /** The terms of Stirling's approximation, of large labels that are met. */
    @Test
    void r1_1_likelihoodsOfCountsKeepTheirDigits() {
        for (float y : new float[] {1.5f, 2, 17, 1234, 99_999, 1e7f}) {
            for (double apart : new double[] {-0.3, -0.01, -1e-4, 0, 1e-4, 0.01, 0.3}) {
                float rate = (float) (y * (1 + apart));
                check(RATES, rate, y, 1, apply(RATES, new float[] {rate}, new float[] {y}, null));
                float log = (float) Math.log(rate);
                check(LOG_RATES, log, y, 1, apply(LOG_RATES, new float[] {log}, new float[] {y}, null));
            }
        }
    }

    @Test
    void parametersBeyondSinglePrecisionGoByTheFormula() {
        for (ElementwiseLoss loss : List.of(
                new Quantile(1e-4),
                new Cauchy(1e20),
                new SmoothL1(1e-40),
                new AsymmetricLoss(1, 4, 1e-3),
                new MeanSquaredLogarithmicError(1e31),
                new PoissonNll(false, false, 1e-20))) {
            assertNull(TileFunction.of(loss), loss.toString());
        }
    }

    /** Value and derivative of elements, repeated to whole vectors. */
    private float[][] apply(ElementwiseLoss loss, float[] x, float[] y, float[] positive) {
        int n = (x.length + lanes - 1) / lanes * lanes;
        float[] value = new float[n];
        float[] derivative = new float[n];
        TileFunction function =
                Objects.requireNonNull(TileFunction.of(loss), loss.toString()).make(primitives, n);
        function.apply(repeat(x, n), repeat(y, n), positive == null ? null : repeat(positive, n), value, derivative, n);
        return new float[][] {value, derivative};
    }

    private static float[] repeat(float[] x, int n) {
        float[] repeated = new float[n];
        for (int i = 0; i < n; i++) {
            repeated[i] = x[i % x.length];
        }
        return repeated;
    }

    private static double value(ElementwiseLoss loss, double x, double y, double positive) {
        return loss instanceof BinaryLoss binary ? binary.value(x, y, positive) : loss.value(x, y);
    }

    private static double derivative(ElementwiseLoss loss, double x, double y, double positive) {
        return loss instanceof BinaryLoss binary ? binary.derivative(x, y, positive) : loss.derivative(x, y);
    }

    private static void check(ElementwiseLoss loss, float x, float y, double positive, float[][] found) {
        String what = loss + " at " + x + ", " + y;
        assertClose("value of " + what, (p, t) -> value(loss, p, t, positive), x, y, found[0][0]);
        assertClose("derivative of " + what, (p, t) -> derivative(loss, p, t, positive), x, y, found[1][0]);
    }

    private interface Formula {
        double at(double x, double y);
    }

    /** Within 1e-5, or within what the last places of the arguments make of the result. */
    private static void assertClose(String what, Formula formula, float x, float y, float found) {
        double expected = formula.at(x, y);
        if (Double.isNaN(expected) || Math.abs(expected) > 3e38) {
            // A float is full where a double is not: infinity is as good as the largest numbers.
            assertEquals(Math.signum(expected), Math.signum(found), what + ": " + found);
            assertTrue(!(Math.abs(found) < 3e38), what + ": " + found + ", expected " + expected);
            return;
        }
        double tolerance = 1e-5 * Math.abs(expected) + 8 * Float.MIN_NORMAL;
        for (double nudge : new double[] {-0x1p-22, 0x1p-22}) {
            double byX = formula.at(x + nudge * size(x), y) - expected;
            double byY = formula.at(x, y + nudge * size(y)) - expected;
            tolerance += (Double.isFinite(byX) ? Math.abs(byX) : 0) + (Double.isFinite(byY) ? Math.abs(byY) : 0);
        }
        assertEquals(expected, found, tolerance, what);
    }

    /** What a unit in the last place is relative to. */
    private static double size(float v) {
        return v == 0 ? 0 : Math.max(Math.abs(v), 0x1p22 * Float.MIN_NORMAL);
    }
}
