package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.loss.GeneralizedCrossEntropy;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Poly1CrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The single-precision kernel against the formula in double, in every regime, and against itself in every layout. */
class SoftmaxKernelTest {
    // Rows: one, a tile of 16 less and more by one, several chunks. Columns: K = 2, the switch to whole rows at 48 and
    // 49, whole vectors and not, and more than a block of partial sums.
    private static final int[] ROWS = {1, 15, 17, 300};
    private static final int[] COLUMNS = {2, 3, 16, 48, 49, 64, 100, 2100};

    @AfterEach
    void threadsAsBefore() {
        System.clearProperty(Crew.PROPERTY);
    }

    private static INDArray logits(int rows, int columns) {
        Random random = new Random(31L * rows + columns);
        float[] z = new float[rows * columns];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (4 * random.nextGaussian());
        }
        return Nd4j.createFromArray(z).reshape(rows, columns);
    }

    private static INDArray labels(int rows, int columns) {
        Random random = new Random(rows);
        int[] y = new int[rows];
        Arrays.setAll(y, i -> i % 7 == 3 ? -100 : random.nextInt(columns));
        return Nd4j.createFromArray(y);
    }

    private static INDArray oneHot(INDArray labels, int columns) {
        INDArray dense = Nd4j.zeros(DataType.FLOAT, labels.length(), columns);
        for (int i = 0; i < labels.length(); i++) {
            if (labels.getInt(i) >= 0) {
                dense.putScalar(i, labels.getInt(i), 1);
            }
        }
        return dense;
    }

    private static List<LossFunction> losses(int columns) {
        double[] weights = new double[columns];
        double[] counts = new double[columns];
        Arrays.setAll(weights, k -> 0.5 + k % 5);
        Arrays.setAll(counts, k -> 1 + 10 * (k % 11));
        PerColumn perClass = PerColumn.of(counts);
        LossFunction plain = LossFunction.of(new SoftmaxCrossEntropy())
                .withReduction(Reduction.SUM)
                .withIgnoreIndex(-100);
        return List.of(
                plain,
                plain.withClassWeights(ClassWeights.of(weights)).withReduction(Reduction.WEIGHTED_MEAN),
                plain.withLabelSmoothing(0.1).withZLoss(1e-3),
                sameOptions(plain, LossFunction.of(new SoftmaxFocal(2.0))),
                sameOptions(plain, LossFunction.of(new SoftmaxFocal(1.5))).withLabelSmoothing(0.1),
                sameOptions(plain, LossFunction.of(new GeneralizedCrossEntropy(0.7))),
                plain.withLabelSmoothing(0.1),
                sameOptions(plain, LossFunction.of(new LogitAdjustedCrossEntropy(perClass, 1))),
                sameOptions(plain, LossFunction.of(new Ldam(perClass, 0.5, 3))).withZLoss(1e-3));
    }

    private static LossFunction sameOptions(LossFunction from, LossFunction to) {
        return to.withReduction(from.reduction())
                .withIgnoreIndex(from.ignoreIndex().getAsLong());
    }

    private static void assertClose(INDArray expected, INDArray found, double scale, String what) {
        for (long i = 0; i < expected.length(); i++) {
            double e = expected.getDouble(i);
            double f = found.getDouble(i);
            assertTrue(
                    Math.abs(e - f) <= 1e-5 * Math.abs(e) + 1e-6 * scale,
                    what + ": element " + i + " is " + f + ", expected " + e);
        }
    }

    @Test
    void r1_1_floatAgreesWithTheFormulaInDouble() {
        for (int rows : ROWS) {
            for (int columns : COLUMNS) {
                INDArray z = logits(rows, columns);
                INDArray y = labels(rows, columns);
                for (LossFunction loss : losses(columns)) {
                    String what = loss + " [" + rows + ", " + columns + "]";
                    LossResult exact = loss.valueAndGradient(z.castTo(DataType.DOUBLE), y);
                    LossResult fast = loss.valueAndGradient(z, y);
                    assertEquals(exact.value(), fast.value(), 1e-5 * Math.abs(exact.value()), what);
                    double largest = exact.gradient().amaxNumber().doubleValue();
                    assertClose(exact.gradient(), fast.gradient(), largest, what);
                }
            }
        }
    }

    @Test
    void r5_1_bothOrdersAndOneHotLabelsGiveTheSameBits() {
        for (int rows : ROWS) {
            for (int columns : COLUMNS) {
                INDArray z = logits(rows, columns);
                INDArray y = labels(rows, columns);
                for (LossFunction loss : losses(columns)) {
                    String what = loss + " [" + rows + ", " + columns + "]";
                    LossResult c = loss.valueAndGradient(z, y);
                    LossResult f = loss.valueAndGradient(z.dup('f'), y);
                    assertEquals(c.value(), f.value(), 0, what);
                    assertSameBits(c.gradient(), f.gradient().dup('c'), what);
                    if (loss.reduction() == Reduction.SUM && loss.zLoss() == 0) {
                        LossResult dense = loss.valueAndGradient(z, oneHot(y, columns));
                        assertEquals(c.value(), dense.value(), 0, what);
                        assertSameBits(c.gradient(), dense.gradient(), what);
                    }
                }
            }
        }
    }

    /**
     * Ordinary rows between rows that are too high or too low for exponentials as they are, rows wider than single precision
     * reaches, and rows of classes that are ruled out.
     */
    private static INDArray farLogits(int rows, int columns) {
        INDArray z = logits(rows, columns);
        for (int r = 0; r < rows; r++) {
            switch (r % 7) {
                case 1 -> z.getRow(r).addi(90);
                case 2 -> z.getRow(r).subi(100);
                case 3 -> z.getRow(r).muli(40);
                case 4 -> z.getRow(r).muli(1e7);
                case 5 -> z.putScalar(r, columns - 1, Float.NEGATIVE_INFINITY);
                case 6 -> z.putScalar(r, 0, Primitives.HIGHEST);
                default -> {}
            }
        }
        return z;
    }

    @Test
    void r1_1_r1_2_logitsFarFromZeroAgreeWithTheFormula() {
        for (int columns : new int[] {2, 10, 16, 60, 1000}) {
            INDArray z = farLogits(60, columns);
            INDArray y =
                    Nd4j.createFromArray(new Random(3).ints(60, 0, columns - 1).toArray());
            INDArray soft = Nd4j.rand(DataType.FLOAT, 60, columns);
            soft.getColumn(columns - 1).assign(0);
            for (LossFunction loss : losses(columns)) {
                for (INDArray labels : List.of(y, soft)) {
                    boolean smoothed = loss.labelSmoothing() != 0; // then the ruled-out class costs infinitely much
                    INDArray logits = smoothed ? z.dup() : z;
                    for (int r = 5; smoothed && r < 60; r += 7) {
                        logits.putScalar(r, columns - 1, -20);
                    }
                    String what = loss + " [60, " + columns + "]";
                    LossFunction each = loss.withReduction(Reduction.NONE);
                    LossResult exact = each.valueAndGradient(logits.castTo(DataType.DOUBLE), labels);
                    LossResult fast = each.valueAndGradient(logits, labels);
                    double largest = exact.gradient().amaxNumber().doubleValue();
                    assertClose(exact.terms(), fast.terms(), 1, what);
                    assertClose(exact.gradient(), fast.gradient(), largest, what);
                }
            }
        }
    }

    @Test
    void r4_3_r5_1_aRowGivesTheSameBitsAloneAmongOthersAndInBothOrders() {
        for (int columns : new int[] {2, 10, 60, 1000}) {
            INDArray z = farLogits(60, columns);
            INDArray y = labels(60, columns);
            LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy())
                    .withReduction(Reduction.NONE)
                    .withIgnoreIndex(-100);
            LossResult c = loss.valueAndGradient(z, y);
            LossResult f = loss.valueAndGradient(z.dup('f'), y);
            assertSameBits(c.terms(), f.terms());
            assertSameBits(c.gradient(), f.gradient().dup('c'));
            for (int r = 0; r < 60; r++) {
                LossResult alone = loss.valueAndGradient(
                        z.getRow(r, true).dup(), y.getScalar(r).reshape(1));
                assertSameBits(c.terms().getScalar(r), alone.terms());
                assertSameBits(c.gradient().getRow(r, true).dup(), alone.gradient());
            }
        }
    }

    /** Rows that are read where they lie, copied from a view or between others, alone and with neighbours that are far. */
    @Test
    void r4_3_r5_1_everyLossGivesTheSameBitsInEveryLayoutAndForEveryPart() {
        for (int columns : new int[] {2, 10, 16, 40, 60, 1000}) {
            INDArray z = farLogits(60, columns);
            for (int r = 5; r < 60; r += 7) {
                z.putScalar(r, columns - 1, 3); // a class that is ruled out would make smoothed losses infinite
            }
            INDArray y = labels(60, columns);
            INDArray soft = Nd4j.rand(DataType.FLOAT, 60, columns);
            INDArray between = Nd4j.rand(DataType.FLOAT, 60, columns + 3);
            INDArray view = between.get(NDArrayIndex.all(), NDArrayIndex.interval(1, columns + 1));
            view.assign(z);
            for (LossFunction loss : together(columns)) {
                for (INDArray labels : List.of(y, oneHot(y, columns), soft)) {
                    String what = loss + " [60, " + columns + "]";
                    LossFunction each = loss.withReduction(Reduction.NONE);
                    LossResult c = each.valueAndGradient(z, labels);
                    for (INDArray layout : List.of(view, z.dup('f'))) {
                        LossResult other = each.valueAndGradient(layout, labels);
                        assertSameBits(c.terms(), other.terms(), what);
                        assertSameBits(c.gradient(), other.gradient().dup('c'), what);
                    }
                    LossFunction sum = loss.withReduction(Reduction.SUM);
                    assertEquals(
                            sum.value(z, labels),
                            sum.valueAndGradient(z, labels).value(),
                            0,
                            what);
                    assertSameBits(c.gradient(), sum.gradient(z, labels).dup('c'), what);
                    for (int r = 0; r < 60; r += 3) {
                        INDArray label = labels == y
                                ? y.getScalar(r).reshape(1)
                                : labels.getRow(r, true).dup();
                        LossResult alone =
                                each.valueAndGradient(z.getRow(r, true).dup(), label);
                        assertSameBits(c.terms().getScalar(r), alone.terms(), what);
                        assertSameBits(c.gradient().getRow(r, true).dup(), alone.gradient(), what);
                    }
                }
            }
        }
    }

    /** Many ordinary rows, which all go the fastest way; one of them with a far neighbour, which then do not. */
    @Test
    void r4_3_r5_1_ordinaryRowsGiveTheSameBitsInEveryLayout() {
        for (int columns : new int[] {2, 3, 10, 16, 100}) {
            INDArray z = logits(512, columns);
            INDArray y = labels(512, columns);
            INDArray far = z.dup();
            far.putScalar(4, 0, 50);
            for (LossFunction loss : together(columns)) {
                String what = loss + " [512, " + columns + "]";
                INDArray c = loss.withReduction(Reduction.SUM).gradient(z, y);
                INDArray f = loss.withReduction(Reduction.SUM).gradient(z.dup('f'), y);
                assertSameBits(c.dup('c'), f.dup('c'), what);
                INDArray among =
                        loss.withReduction(Reduction.SUM).gradient(far, y).dup('c');
                among.getRow(4).assign(c.getRow(4));
                assertSameBits(c.dup('c'), among, what);
            }
        }
    }

    /** Rows that fill memory without gaps, but in another order than their own. */
    @Test
    void r5_1_permutedRowsAreNotTakenForRowsInOrder() {
        for (int columns : new int[] {2, 10, 16, 100}) {
            INDArray z = Nd4j.rand(DataType.FLOAT, 3, 2, 4, columns).muli(5).permute(1, 3, 0, 2);
            INDArray y = Nd4j.createFromArray(new Random(5).ints(24, 0, columns).toArray())
                    .reshape(2, 3, 4);
            INDArray oneHot = Nd4j.zeros(DataType.FLOAT, 3, 2, 4, columns).permute(1, 3, 0, 2);
            for (int i = 0; i < 24; i++) {
                oneHot.putScalar(new int[] {i / 12, y.getInt(i / 12, i / 4 % 3, i % 4), i / 4 % 3, i % 4}, 1);
            }
            LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.SUM);
            LossResult expected = loss.valueAndGradient(z.dup('c'), y);
            for (INDArray labels : List.of(y, oneHot, oneHot.dup('c'))) {
                LossResult found = loss.valueAndGradient(z, labels);
                assertEquals(expected.value(), found.value(), 0, columns + " columns");
                assertSameBits(expected.gradient().dup('c'), found.gradient().dup('c'), columns + " columns");
                LossResult permutedLabels = loss.valueAndGradient(z.dup('c'), labels);
                assertEquals(expected.value(), permutedLabels.value(), 0, columns + " columns");
            }
        }
    }

    @Test
    void r4_1_hugeRowsHaveTheSameValueWithAReportByClass() {
        INDArray z = logits(200, 5000);
        INDArray y = labels(200, 5000);
        LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy())
                .withIgnoreIndex(-100)
                .withLabelSmoothing(0.1)
                .withReduction(Reduction.SUM);
        assertEquals(loss.value(z, y), loss.diagnose(z, y).value(), 0);
    }

    /** Losses that are finished together, and smoothed ones. */
    private static List<LossFunction> together(int columns) {
        LossFunction plain = LossFunction.of(new SoftmaxCrossEntropy()).withIgnoreIndex(-100);
        double[] weights = new double[columns];
        Arrays.setAll(weights, k -> 0.5 + k % 5);
        return List.of(
                plain,
                plain.withLabelSmoothing(0.1),
                plain.withClassWeights(ClassWeights.of(weights)),
                sameOptions(plain, LossFunction.of(new SoftmaxFocal(2.0))),
                sameOptions(plain, LossFunction.of(new GeneralizedCrossEntropy(0.7))),
                sameOptions(plain, LossFunction.of(new Poly1CrossEntropy(1))));
    }

    private static void assertSameBits(INDArray expected, INDArray found, String what) {
        assertArrayEquals(expected.data().asFloat(), found.data().asFloat(), what);
    }

    private static void assertSameBits(INDArray expected, INDArray found) {
        assertArrayEquals(expected.data().asFloat(), found.data().asFloat());
    }

    @Test
    void r4_3_sameBitsForOneTwoAndSevenThreads() {
        INDArray z = logits(2000, 100);
        INDArray y = labels(2000, 100);
        for (LossFunction loss : losses(100)) {
            System.setProperty(Crew.PROPERTY, "1");
            LossResult alone = loss.valueAndGradient(z, y);
            for (String threads : new String[] {"2", "7"}) {
                System.setProperty(Crew.PROPERTY, threads);
                LossResult together = loss.valueAndGradient(z, y);
                assertEquals(alone.value(), together.value(), 0);
                assertSameBits(alone.gradient(), together.gradient());
            }
        }
    }

    /** More columns than rows that are handed out together; 16 rows make one tile across, 17 another. */
    @Test
    void r5_1_r4_3_hugeRowsGiveTheSameBitsInBothOrdersForAnyNumberOfThreads() {
        for (int rows : new int[] {1, 2, 17}) {
            INDArray z = logits(rows, 5003);
            INDArray y = labels(rows, 5003);
            for (LossFunction loss : losses(5003)) {
                System.setProperty(Crew.PROPERTY, "1");
                LossResult alone = loss.valueAndGradient(z, y);
                System.setProperty(Crew.PROPERTY, "2");
                LossResult together = loss.valueAndGradient(z, y);
                LossResult f = loss.valueAndGradient(z.dup('f'), y);
                assertEquals(alone.value(), together.value(), 0);
                assertEquals(alone.value(), f.value(), 0);
                assertSameBits(alone.gradient(), together.gradient());
                assertSameBits(alone.gradient(), f.gradient().dup('c'));
            }
        }
    }

    @Test
    void r2_4_valueOnlyGradientOnlyAndBothAgreeBitForBit() {
        for (int columns : COLUMNS) {
            INDArray z = logits(300, columns);
            INDArray y = labels(300, columns);
            for (LossFunction loss : losses(columns)) {
                LossResult both = loss.valueAndGradient(z, y);
                assertEquals(both.value(), loss.value(z, y), 0);
                assertSameBits(both.gradient(), loss.gradient(z, y));
            }
        }
    }

    @Test
    void r1_2_confidentRowsKeepTheirRelativeAccuracy() {
        // Losses of 1e-8 and gradients of as much are exact to single precision, not lost beside 1.
        for (int columns : new int[] {2, 10, 60, 1000}) {
            float[] z = new float[columns];
            z[columns / 2] = 25;
            INDArray logits = Nd4j.createFromArray(z).reshape(1, columns);
            INDArray label = Nd4j.createFromArray(columns / 2);
            LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.SUM);
            LossResult fast = loss.valueAndGradient(logits, label);
            double others = (columns - 1) * Math.exp(-25);
            assertEquals(Math.log1p(others), fast.value(), 1e-5 * others);
            assertEquals(-others / (1 + others), fast.gradient().getDouble(0, columns / 2), 1e-5 * others);
        }
    }

    @Test
    void r1_3_aLogitOfMinusInfinityIsAClassWithoutProbability() {
        for (int columns : new int[] {3, 100}) {
            INDArray z = logits(4, columns);
            z.putScalar(0, 0, Float.NEGATIVE_INFINITY);
            z.putScalar(1, 2, Float.NEGATIVE_INFINITY);
            INDArray y = Nd4j.createFromArray(1, 2, 0, 0);
            LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.NONE);
            LossResult result = loss.valueAndGradient(z, y);
            assertTrue(Double.isFinite(result.terms().getDouble(0)));
            assertEquals(0, result.gradient().getDouble(0, 0));
            assertEquals(Double.POSITIVE_INFINITY, result.terms().getDouble(1));
            assertEquals(-1, result.gradient().getDouble(1, 2), 1e-6);
        }
    }

    @Test
    void r1_4_nanStaysInItsRow() {
        for (int columns : new int[] {3, 100}) {
            INDArray z = logits(20, columns);
            INDArray clean = z.dup();
            z.putScalar(7, 1, Float.NaN);
            INDArray y = Nd4j.zeros(DataType.INT32, 20);
            LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.NONE);
            INDArray expected = loss.gradient(clean, y);
            LossResult found = loss.valueAndGradient(z, y);
            for (int r = 0; r < 20; r++) {
                assertEquals(r == 7, Double.isNaN(found.terms().getDouble(r)));
                if (r != 7) {
                    assertEquals(expected.getRow(r), found.gradient().getRow(r));
                }
            }
        }
    }
}
