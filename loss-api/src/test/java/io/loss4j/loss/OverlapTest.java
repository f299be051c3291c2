package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Overlap losses: how they relate to each other, their derivatives, and what is left of them at the ends. */
class OverlapTest {
    private static final InputForm P = InputForm.PROBABILITIES;
    private static final InputForm Z = InputForm.LOGITS;
    private static final double[] NO_WEIGHTS = {};

    /** A value and a gradient; the sum over the rows along the axis row. */
    private record Result(double value, double[] gradient) {}

    private static Result evaluate(
            LossSpec spec, int columns, double[] x, double[] y, double[] masks, double[] weights) {
        int rows = x.length / columns;
        double[] m = masks.length == 0 ? ones(x.length) : masks;
        double[] w = weights.length == 0 ? ones(columns) : weights;
        double[] gradient = new double[x.length];
        Arrays.fill(gradient, Double.NaN);
        if (spec.formula(columns) instanceof BatchLoss loss) {
            return new Result(loss.evaluate(rows, columns, x, y, m, w, gradient), gradient);
        }
        WeighedRowLoss loss = (WeighedRowLoss) spec.formula(columns);
        double value = 0;
        for (int from = 0; from < x.length; from += columns) {
            int to = from + columns;
            double[] ofRow = new double[columns];
            double[] each = new double[columns];
            int first = from;
            Arrays.setAll(each, k -> m[first + k] * w[k]);
            value += loss.evaluate(Arrays.copyOfRange(x, from, to), Arrays.copyOfRange(y, from, to), each, ofRow);
            System.arraycopy(ofRow, 0, gradient, from, columns);
        }
        return new Result(value, gradient);
    }

    private static Result evaluate(LossSpec spec, int columns, double[] x, double... y) {
        return evaluate(spec, columns, x, y, NO_WEIGHTS, NO_WEIGHTS);
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Dice dice(OverlapAxis axis, double above, double below) {
        return new Dice(axis, SoftCounts.PRODUCT, above, below, AbsentClasses.COUNT, P, Activation.ANY);
    }

    private static Tversky tversky(double alpha, double beta, OverlapAxis axis, double above, double below) {
        return new Tversky(alpha, beta, axis, SoftCounts.PRODUCT, above, below, AbsentClasses.COUNT, P, Activation.ANY);
    }

    private static Jaccard jaccard(OverlapAxis axis, double above, double below) {
        return new Jaccard(axis, SoftCounts.PRODUCT, above, below, AbsentClasses.COUNT, P, Activation.ANY);
    }

    private static List<LossSpec> along(OverlapAxis axis, InputForm input, Activation activation) {
        List<LossSpec> all = new ArrayList<>();
        for (SoftCounts counts : SoftCounts.values()) {
            all.add(new Dice(axis, counts, 0.5, 0.25, AbsentClasses.COUNT, input, activation));
        }
        all.add(new Jaccard(axis, input, activation));
        all.add(new Tversky(0.3, 0.8, axis, input, activation));
        all.add(new FocalTversky(0.3, 0.7, 0.75, axis, input, activation));
        all.add(new FocalTversky(0.3, 0.7, 2, axis, input, activation));
        all.add(new LovaszSoftmax(axis, AbsentClasses.SKIP, input, activation));
        all.add(new MatthewsCorrelation(0, axis, input, activation));
        all.add(new MatthewsCorrelation(0.1, axis, input, activation));
        if (axis != OverlapAxis.BATCH) {
            all.add(new FMeasure(2, axis, input, activation));
        } else if (activation == Activation.SIGMOID) {
            all.add(new LovaszHinge(axis));
        }
        return all;
    }

    static Stream<LossSpec> all() {
        List<LossSpec> all = new ArrayList<>();
        for (OverlapAxis axis : OverlapAxis.values()) {
            all.addAll(along(axis, P, Activation.ANY));
            all.addAll(along(axis, Z, Activation.SIGMOID));
            all.addAll(along(axis, Z, Activation.SOFTMAX));
        }
        for (VolumeWeights volume : VolumeWeights.values()) {
            all.add(new GeneralizedDice(volume, P, Activation.ANY));
            all.add(new GeneralizedDice(volume, Z, Activation.SOFTMAX));
        }
        return all.stream();
    }

    /** 4 rows, 3 columns; errors of Lovasz losses all differ. */
    private static double[] predictions(LossSpec spec) {
        Random random = new Random(7);
        return random.doubles(12, spec.input() == P ? 0.05 : -2, spec.input() == P ? 0.95 : 2)
                .toArray();
    }

    private static final double[] CLASSES = {0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0};
    private static final double[] SOFT = {0.1, 0.7, 0.2, 0.8, 0, 0.2, 0.15, 0.25, 0.6, 0, 1, 0};

    @ParameterizedTest
    @MethodSource("all")
    void r2_2_gradientIsTheDerivative(LossSpec spec) {
        double[] x = predictions(spec);
        double[] masks = {1, 0, 0.5, 1, 1, 2, 0, 0, 0, 0.3, 1, 1};
        for (double[] y : List.of(CLASSES, SOFT)) {
            for (double[] m : List.of(NO_WEIGHTS, masks)) {
                for (double[] w : List.of(NO_WEIGHTS, new double[] {2, 0.5, 0})) {
                    double[] gradient = evaluate(spec, 3, x, y, m, w).gradient();
                    double largest =
                            Arrays.stream(gradient).map(Math::abs).max().orElse(0);
                    for (int i = 0; i < x.length; i++) {
                        double h = 1e-5;
                        double difference = (moved(spec, x, i, h, y, m, w) - moved(spec, x, i, -h, y, m, w)) / (2 * h);
                        assertEquals(difference, gradient[i], 1e-6 * largest + 1e-10, spec + " element " + i);
                    }
                }
            }
        }
    }

    private static double moved(LossSpec spec, double[] x, int i, double h, double[] y, double[] m, double[] w) {
        double[] moved = x.clone();
        moved[i] += h;
        return evaluate(spec, 3, moved, y, m, w).value();
    }

    @ParameterizedTest
    @MethodSource("all")
    void orderOfRowsMakesNoDifference(LossSpec spec) {
        double[] x = predictions(spec);
        Result straight = evaluate(spec, 3, x, SOFT);
        Result turned = evaluate(spec, 3, turned(x), turned(SOFT));
        assertEquals(straight.value(), turned.value(), 1e-14);
        assertArrayEquals(turned(straight.gradient()), turned.gradient(), 1e-13);
    }

    private static double[] turned(double[] rows) {
        double[] turned = new double[rows.length];
        Arrays.setAll(turned, i -> rows[rows.length - 3 - i / 3 * 3 + i % 3]);
        return turned;
    }

    @ParameterizedTest
    @MethodSource("all")
    void r3_2_maskedElementsAreLeftOut(LossSpec spec) {
        double[] x = predictions(spec);
        Result kept = evaluate(spec, 3, Arrays.copyOf(x, 6), Arrays.copyOf(CLASSES, 6));
        double[] masks = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0};
        Result masked = evaluate(spec, 3, x, CLASSES, masks, NO_WEIGHTS);
        assertEquals(kept.value(), masked.value());
        assertArrayEquals(Arrays.copyOf(kept.gradient(), 12), masked.gradient());
        Result nothing = evaluate(spec, 3, x, CLASSES, new double[12], NO_WEIGHTS);
        assertEquals(0, nothing.value());
        assertArrayEquals(new double[12], nothing.gradient(), 0);
    }

    @ParameterizedTest
    @MethodSource("all")
    void r1_2_extremesStayFinite(LossSpec spec) {
        double[] ends = spec.input() == P ? new double[] {0, 1, 1e-300, 5e-324} : new double[] {-1e30, 1e4, -745, 0};
        for (double[] y : List.of(CLASSES, new double[12], ones(12))) {
            for (double first : ends) {
                for (double second : ends) {
                    double[] x = new double[12];
                    Arrays.setAll(x, i -> y[i] == 1 ? first : second);
                    Result result = evaluate(spec, 3, x, y);
                    String where = spec + " of " + Arrays.toString(x) + ": " + result.value() + " "
                            + Arrays.toString(result.gradient());
                    assertTrue(Double.isFinite(result.value()), where);
                    assertTrue(Arrays.stream(result.gradient()).allMatch(Double::isFinite), where);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void r1_4_nanInGivesNanOut(LossSpec spec) {
        double[] x = predictions(spec);
        x[0] = Double.NaN; // no row has a label of it but the second
        assertTrue(Double.isNaN(evaluate(spec, 3, x, CLASSES).value()), spec.toString());
    }

    @Test
    void r1_3_minusInfinityIsProbabilityZero() {
        double none = Double.NEGATIVE_INFINITY;
        double[] z = {none, 0, 0, none, none, none};
        Dice loss = new Dice(OverlapAxis.BATCH, Z, Activation.SOFTMAX);
        Result result = evaluate(loss, 3, z, 0, 1, 0, 1, 0, 0);
        assertEquals(1 - (2 * 0.5 + 1e-5) / (1 + 2 + 1e-5), result.value(), 1e-15);
        assertEquals(0, result.gradient()[0]);
        assertArrayEquals(new double[3], Arrays.copyOfRange(result.gradient(), 3, 6), 0);
    }

    @Test
    void diceJaccardTverskyAndFMeasureAreOneFamily() {
        double[] x = predictions(dice(OverlapAxis.CLASS, 0, 0));
        for (OverlapAxis axis : List.of(OverlapAxis.ROW, OverlapAxis.BATCH)) {
            for (int row = 0; row < 4; row++) {
                double[] p = Arrays.copyOfRange(x, 3 * row, 3 * row + 3);
                double[] y = Arrays.copyOfRange(SOFT, 3 * row, 3 * row + 3);
                double score = 1 - evaluate(dice(axis, 0, 0), 3, p, y).value();
                assertEquals(
                        1 - score / (2 - score),
                        evaluate(jaccard(axis, 0, 0), 3, p, y).value(),
                        1e-15);
                same(dice(axis, 2, 3), tversky(0.5, 0.5, axis, 1, 1.5), p, y);
                same(jaccard(axis, 2, 3), tversky(1, 1, axis, 2, 3), p, y);
                FocalTversky focal = new FocalTversky(
                        0.3, 0.6, 1, axis, SoftCounts.PRODUCT, 2, 3, AbsentClasses.COUNT, P, Activation.ANY);
                same(tversky(0.3, 0.6, axis, 2, 3), focal, p, y);
            }
        }
        same(dice(OverlapAxis.CLASS, 0, 0), new FMeasure(1, OverlapAxis.CLASS, P, Activation.ANY), x, SOFT);
        Result binary = evaluate(new FMeasure(), 1, x, CLASSES);
        Result overlap = evaluate(dice(OverlapAxis.BATCH, 0, 0), 1, x, CLASSES);
        assertEquals(overlap.value(), binary.value(), 1e-15);
        assertArrayEquals(overlap.gradient(), binary.gradient(), 1e-15);
    }

    private static void same(LossSpec expected, LossSpec actual, double[] x, double[] y) {
        Result one = evaluate(expected, 3, x, y);
        Result other = evaluate(actual, 3, x, y);
        assertEquals(one.value(), other.value(), 1e-15, expected + " and " + actual);
        assertArrayEquals(one.gradient(), other.gradient(), 1e-14, expected + " and " + actual);
    }

    @Test
    void axesAgreeWhereThereIsOnlyOneGroup() {
        List<LossSpec> rows = along(OverlapAxis.ROW, Z, Activation.SIGMOID);
        List<LossSpec> classes = along(OverlapAxis.CLASS, Z, Activation.SIGMOID);
        List<LossSpec> batches = along(OverlapAxis.BATCH, Z, Activation.SIGMOID);
        for (int i = 0; i < rows.size() - 1; i++) {
            double[] x = predictions(rows.get(i));
            Result batch = evaluate(batches.get(i), 12, x, SOFT);
            Result row = evaluate(rows.get(i), 12, x, SOFT);
            Result column = evaluate(classes.get(i), 1, x, SOFT);
            assertEquals(batch.value(), row.value(), rows.get(i).toString());
            assertEquals(batch.value(), column.value(), rows.get(i).toString());
            assertArrayEquals(batch.gradient(), row.gradient());
            assertArrayEquals(batch.gradient(), column.gradient());
        }
    }

    @Test
    void r3_1_classWeightsWeighTheMeanOverTheClasses() {
        double[] x = predictions(dice(OverlapAxis.CLASS, 1, 1));
        double[] w = {1, 0, 3};
        double expected = 0;
        for (int k = 0; k < 3; k++) {
            double[] only = new double[3];
            only[k] = 5;
            expected += w[k]
                    / 4
                    * evaluate(dice(OverlapAxis.CLASS, 1, 1), 3, x, SOFT, NO_WEIGHTS, only)
                            .value();
        }
        assertEquals(
                expected,
                evaluate(dice(OverlapAxis.CLASS, 1, 1), 3, x, SOFT, NO_WEIGHTS, w)
                        .value(),
                1e-15);
    }

    @Test
    void absentClassesCountAreFreeOrSkipped() {
        double[] x = {0.9, 0.4, 0.8, 0.3};
        double[] y = {1, 0, 1, 0};
        double present = 1 - 2 * 1.7 / 3.7;
        double[] expected = {(present + 1) / 2, present / 2, present};
        for (AbsentClasses absent : AbsentClasses.values()) {
            Dice loss = new Dice(OverlapAxis.CLASS, SoftCounts.PRODUCT, 0, 0, absent, P, Activation.ANY);
            Result result = evaluate(loss, 2, x, y);
            assertEquals(expected[absent.ordinal()], result.value(), 1e-15);
            assertEquals(0, result.gradient()[1]);
        }
    }

    @Test
    void perfectPredictionsCostNothing() {
        for (LossSpec spec : all().filter(s -> s.input() == P).toList()) {
            boolean smoothed = spec instanceof Dice d && d.smoothNumerator() != d.smoothDenominator()
                    || spec instanceof MatthewsCorrelation m && m.epsilon() > 0;
            if (!smoothed) {
                assertEquals(0, evaluate(spec, 3, CLASSES, CLASSES).value(), 1e-15, spec.toString());
            }
        }
        for (SoftCounts counts : List.of(SoftCounts.SQUARED, SoftCounts.MINIMUM)) {
            Dice loss = new Dice(OverlapAxis.BATCH, counts, 0, 0, AbsentClasses.COUNT, P, Activation.ANY);
            Result result = evaluate(loss, 3, SOFT, SOFT);
            assertEquals(0, result.value(), 1e-15, "soft labels are met by " + counts);
            assertArrayEquals(new double[12], result.gradient(), 1e-15);
        }
    }

    @Test
    void correlationIsOneOfPerfectAndMinusOneOfInvertedPredictions() {
        double[] y = {1, 0, 0, 1, 0};
        double[] inverted = {0, 1, 1, 0, 1};
        MatthewsCorrelation loss = new MatthewsCorrelation();
        assertEquals(0, evaluate(loss, 1, y, y).value(), 1e-15);
        assertEquals(2, evaluate(loss, 1, inverted, y).value(), 1e-15);
        Result constant = evaluate(loss, 1, new double[5], y);
        assertEquals(1, constant.value());
        assertArrayEquals(new double[5], constant.gradient());
        assertEquals(1, evaluate(loss, 1, new double[] {.3, .3, .3, .3, .3}, y).value(), 1e-15);
    }

    @Test
    void nothingLabelledAndNothingPredictedCostsNothing() {
        Result result = evaluate(dice(OverlapAxis.BATCH, 0, 0), 1, new double[3], 0, 0, 0);
        assertEquals(0, result.value());
        assertArrayEquals(new double[3], result.gradient());
    }

    @Test
    void lovaszHingeOfHardPredictionsIsTwiceTheJaccardLoss() {
        // scores of 1 on one side or the other: errors are 0 or 2
        double[] x = {1, -1, 1, -1, 1, -1, -1};
        double[] y = {1, 1, 0, 0, 1, 0, 1};
        assertEquals(2 * (1 - 2 / 5.0), evaluate(new LovaszHinge(), 1, x, y).value(), 1e-15);
        double[] p = {1, 0, 1, 0, 1, 0, 0};
        assertEquals(1 - 2 / 5.0, evaluate(new LovaszSoftmax(), 1, p, y).value(), 1e-15);
    }

    @Test
    void equalErrorsAreTakenInOrder() {
        double[] gradient =
                evaluate(new LovaszHinge(), 1, new double[4], 1, 0, 1, 0).gradient();
        // 1 - 1/2, then 1 - 1/3, then 1 - 0/3, then the same
        assertArrayEquals(new double[] {-1 / 2.0, 1 / 6.0, -1 / 3.0, 0}, gradient, 1e-15);
    }

    @Test
    void manyErrorsAreSorted() {
        Random random = new Random(3);
        for (int n : new int[] {1, 2, 3, 7, 64, 1000, 1025}) {
            double[] x = random.doubles(n, -3, 3).toArray();
            double[] y = random.ints(n, 0, 2).asDoubleStream().toArray();
            Integer[] order = new Integer[n];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> Double.compare(1 - x[b] * (2 * y[b] - 1), 1 - x[a] * (2 * y[a] - 1)));
            double both = Arrays.stream(y).sum();
            double either = both;
            double before = 0;
            double expected = 0;
            for (int i : order) {
                both -= y[i];
                either += 1 - y[i];
                expected += Math.max(0, 1 - x[i] * (2 * y[i] - 1)) * (1 - both / either - before);
                before = 1 - both / either;
            }
            assertEquals(expected, evaluate(new LovaszHinge(), 1, x, y).value(), 1e-13, n + " errors");
        }
    }

    @Test
    void weightsOfClassesDependOnTheirLabels() {
        double[] x = {.7, .3, .8, .2, .6, .4, .1, .9};
        double[] y = {1, 0, 1, 0, 1, 0, 0, 1};
        double[] overlap = {2.1, .9};
        double[] sizes = {2.2 + 3, 1.8 + 1};
        double[][] weights = {{1 / 9.0, 1}, {1 / 3.0, 1}, {1, 1}};
        for (VolumeWeights volume : VolumeWeights.values()) {
            double[] u = weights[volume.ordinal()];
            GeneralizedDice loss = new GeneralizedDice(volume, SoftCounts.PRODUCT, 0.1, 0.2, P, Activation.ANY);
            double expected =
                    1 - (2 * (u[0] * overlap[0] + u[1] * overlap[1]) + 0.1) / (u[0] * sizes[0] + u[1] * sizes[1] + 0.2);
            assertEquals(expected, evaluate(loss, 2, x, y).value(), 1e-15);
        }
        // the absent class takes the largest weight
        GeneralizedDice square = new GeneralizedDice(VolumeWeights.SQUARE, SoftCounts.PRODUCT, 0, 0, P, Activation.ANY);
        assertEquals(
                1 - 2.0 / 4,
                evaluate(square, 2, new double[] {.5, .5, .5, .5}, 1, 0, 1, 0).value(),
                1e-15);
    }

    @Test
    void logitsAndProbabilitiesAgree() {
        double[] z = predictions(new LovaszHinge());
        for (Activation activation : List.of(Activation.SIGMOID, Activation.SOFTMAX)) {
            double[] p = new double[12];
            Arrays.setAll(p, i -> Math.exp(z[i]));
            double[] e = p.clone();
            Arrays.setAll(
                    p,
                    i -> activation == Activation.SIGMOID
                            ? e[i] / (1 + e[i])
                            : e[i] / (e[i / 3 * 3] + e[i / 3 * 3 + 1] + e[i / 3 * 3 + 2]));
            for (OverlapAxis axis : OverlapAxis.values()) {
                List<LossSpec> probabilities = along(axis, P, Activation.ANY);
                List<LossSpec> logits = along(axis, Z, activation);
                for (int i = 0; i < probabilities.size(); i++) {
                    LossSpec twin = probabilities.get(i).overLogits(activation);
                    assertEquals(logits.get(i), twin);
                    assertSame(logits.get(i), logits.get(i).overLogits(activation));
                    double expected = evaluate(probabilities.get(i), 3, p, SOFT).value();
                    assertEquals(expected, evaluate(logits.get(i), 3, z, SOFT).value(), 1e-14, twin.toString());
                }
            }
        }
        assertNull(new Dice(OverlapAxis.CLASS, Z, Activation.SIGMOID).overLogits(Activation.SOFTMAX));
        assertNull(new Dice(OverlapAxis.CLASS, P, Activation.SIGMOID).overLogits(Activation.SOFTMAX));
    }

    @Test
    void theAxisDecidesTheShape() {
        for (LossSpec spec : all().toList()) {
            boolean row = spec.type().values(spec).get("axis") == OverlapAxis.ROW;
            LossSpec formula = spec.formula(3);
            assertTrue(row ? formula instanceof WeighedRowLoss : formula instanceof BatchLoss, spec.toString());
            assertSame(spec.type(), formula.type());
            assertSame(spec.input(), formula.input());
            assertSame(spec.activation(), formula.activation());
        }
    }
}
