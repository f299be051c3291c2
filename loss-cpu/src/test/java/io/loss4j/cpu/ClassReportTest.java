package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassReport;
import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.WeightedSum;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Reports by class in every regime of the kernels. */
class ClassReportTest {
    // Rows: one, a tile of 16 more by one, several chunks. Columns: K = 2, the switch to whole rows at 48 and 49, not
    // whole vectors, and more than a block of partial sums.
    private static final int[] ROWS = {1, 17, 300};
    private static final int[] COLUMNS = {2, 3, 48, 49, 100, 2100};

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

    private static double[] spread(int columns) {
        double[] numbers = new double[columns];
        Arrays.setAll(numbers, k -> 0.5 + k % 5);
        return numbers;
    }

    private static LossFunction sum(LossSpec spec) {
        return LossFunction.of(spec).withReduction(Reduction.SUM);
    }

    private static List<LossFunction> softmaxLosses(int columns) {
        LossFunction plain = sum(new SoftmaxCrossEntropy()).withIgnoreIndex(-100);
        return List.of(
                plain,
                plain.withClassWeights(ClassWeights.of(spread(columns))),
                plain.withLabelSmoothing(0.1),
                sum(new SoftmaxFocal(2)).withIgnoreIndex(-100).withZLoss(1e-3),
                sum(new Ldam(PerColumn.of(spread(columns)))).withIgnoreIndex(-100));
    }

    private static void assertClose(ClassReport expected, ClassReport found, double relative, String what) {
        double all = expected.all().count() + Math.abs(expected.all().lossSum());
        for (int i = 0; i < expected.lines().size(); i++) {
            ClassReport.Line e = expected.lines().get(i);
            ClassReport.Line f = found.lines().get(i);
            assertEquals(e.count(), f.count(), relative * all, what);
            assertEquals(e.weightSum(), f.weightSum(), relative * all, what);
            assertEquals(e.lossSum(), f.lossSum(), relative * all, what);
            assertEquals(e.probabilitySum(), f.probabilitySum(), relative * all, what);
            assertEquals(e.right(), f.right(), relative * all, what);
        }
    }

    @Test
    void r4_4_theWorkedNumber() {
        INDArray z = Nd4j.createFromArray(1f, 2f, 3f, 0.5f, -1f, 0.2f).reshape(2, 3);
        LossResult result = sum(new SoftmaxCrossEntropy()).diagnose(z, Nd4j.createFromArray(0, 2));
        ClassReport report = result.classes();
        assertEquals(2.407606, report.of(0).lossSum(), 1e-6);
        assertEquals(0.090031, report.of(0).meanProbability(), 1e-6);
        assertEquals(0, report.of(1).count());
        assertEquals(0.974957, report.of(2).meanLoss(), 1e-6);
        assertEquals(0.377208, report.of(2).meanProbability(), 1e-6);
        assertEquals(0, report.all().accuracy());
        assertNull(sum(new SoftmaxCrossEntropy())
                .valueAndGradient(z, Nd4j.createFromArray(0, 2))
                .classes());
    }

    @Test
    void r4_4_floatAgreesWithDoubleInEveryRegimeAndBothOrders() {
        for (int rows : ROWS) {
            for (int columns : COLUMNS) {
                INDArray z = logits(rows, columns);
                INDArray y = labels(rows, columns);
                for (LossFunction loss : softmaxLosses(columns)) {
                    String what = loss + " [" + rows + ", " + columns + "]";
                    ClassReport exact =
                            loss.diagnose(z.castTo(DataType.DOUBLE), y).classes();
                    LossResult fast = loss.diagnose(z, y);
                    assertClose(exact, fast.classes(), 1e-6, what);
                    assertClose(fast.classes(), loss.diagnose(z.dup('f'), y).classes(), 1e-12, what);
                    LossResult plain = loss.valueAndGradient(z, y);
                    assertEquals(plain.value(), fast.value(), 0, what);
                    assertEquals(plain.gradient(), fast.gradient(), what);
                    double total = fast.classes().all().lossSum();
                    assertEquals(plain.value(), total, 1e-6 * Math.abs(plain.value()), what);
                }
            }
        }
    }

    @Test
    void r4_4_sameBitsForOneTwoAndSevenThreads() {
        INDArray z = logits(2000, 100);
        INDArray y = labels(2000, 100);
        INDArray yesNo = z.gt(1).castTo(DataType.FLOAT);
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            INDArray x = z.castTo(type);
            for (LossFunction loss : softmaxLosses(100)) {
                assertSameBits(loss, x, y);
            }
            assertSameBits(sum(new SigmoidCrossEntropy()), x, yesNo);
            assertSameBits(sum(new AsymmetricLoss()).withLabelSmoothing(0.1), x, yesNo);
        }
    }

    private static void assertSameBits(LossFunction loss, INDArray x, INDArray y) {
        System.setProperty(Crew.PROPERTY, "1");
        ClassReport alone = loss.diagnose(x, y).classes();
        for (String threads : new String[] {"2", "7"}) {
            System.setProperty(Crew.PROPERTY, threads);
            for (int repeat = 0; repeat < 5; repeat++) {
                assertEquals(alone, loss.diagnose(x, y).classes(), loss + " on " + threads);
            }
        }
    }

    @Test
    void r4_4_ofEqualsTheFirstIsPredicted() {
        for (int columns : new int[] {3, 100}) {
            for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
                INDArray equal = Nd4j.zeros(type, 2, columns);
                ClassReport report = sum(new SoftmaxCrossEntropy())
                        .diagnose(equal, Nd4j.createFromArray(0, 1))
                        .classes();
                assertEquals(1, report.of(0).accuracy());
                assertEquals(0, report.of(1).accuracy());
                assertEquals(1.0 / columns, report.of(1).meanProbability(), 1e-7);
            }
        }
    }

    @Test
    void r4_4_changesOfTheLogitsAreNotInTheProbabilities() {
        for (int columns : COLUMNS) {
            INDArray z = logits(300, columns);
            INDArray y = labels(300, columns);
            LossFunction plain = sum(new SoftmaxCrossEntropy()).withIgnoreIndex(-100);
            ClassReport expected = plain.diagnose(z, y).classes();
            ClassReport found = plain.withSpec(new Ldam(PerColumn.of(spread(columns))))
                    .diagnose(z, y)
                    .classes();
            for (int k = 0; k < columns; k++) {
                assertEquals(expected.of(k).right(), found.of(k).right());
                assertEquals(expected.of(k).probabilitySum(), found.of(k).probabilitySum(), 1e-4);
            }
        }
    }

    @Test
    void r4_4_infinitiesAndNanStayWithTheirClass() {
        for (int columns : new int[] {4, 100}) {
            for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
                INDArray z = logits(4, columns).castTo(type);
                z.putScalar(0, 0, Float.NEGATIVE_INFINITY);
                z.putScalar(1, 1, Float.NaN);
                INDArray y = Nd4j.createFromArray(0, 1, 2, 3);
                ClassReport report =
                        sum(new SoftmaxCrossEntropy()).diagnose(z, y).classes();
                assertEquals(Double.POSITIVE_INFINITY, report.of(0).lossSum());
                assertEquals(0, report.of(0).meanProbability());
                assertTrue(Double.isNaN(report.of(1).lossSum()));
                assertTrue(Double.isNaN(report.of(1).meanProbability()));
                assertEquals(0, report.of(1).accuracy());
                assertTrue(report.of(2).meanProbability() > 0);
                INDArray nothing = Nd4j.valueArrayOf(new long[] {1, columns}, Double.NEGATIVE_INFINITY, type);
                ClassReport.Line none = sum(new SoftmaxCrossEntropy())
                        .diagnose(nothing, Nd4j.createFromArray(0))
                        .classes()
                        .of(0);
                assertEquals(0, none.meanProbability());
                assertEquals(0, none.accuracy());
            }
        }
    }

    @Test
    void r4_4_yesAndNoAreCountedApartInBothPrecisions() {
        for (int columns : new int[] {1, 3, 2100}) {
            INDArray x = logits(300, columns);
            INDArray y = logits(columns, 300).reshape(300, columns).gt(2).castTo(DataType.FLOAT);
            for (LossSpec spec : List.of(new SigmoidCrossEntropy(), new AsymmetricLoss())) {
                LossFunction loss = sum(spec)
                        .withLabelSmoothing(0.2)
                        .withPositiveWeights(PerColumn.all(3))
                        .withClassWeights(ClassWeights.of(spread(columns)));
                ClassReport exact = loss.diagnose(x.castTo(DataType.DOUBLE), y).classes();
                LossResult fast = loss.diagnose(x, y);
                assertClose(exact, fast.classes(), 1e-6, loss.toString());
                assertEquals(
                        fast.value(), fast.classes().all().lossSum(), 1e-6 * Math.abs(fast.value()), loss.toString());
                assertEquals(loss.gradient(x, y), fast.gradient());
                double yes = 0;
                for (int k = 0; k < columns; k++) {
                    yes += fast.classes().yes(k).count();
                    assertEquals(300, fast.classes().of(k).count());
                }
                assertEquals(y.sumNumber().doubleValue(), yes);
            }
        }
    }

    @Test
    void r4_4_probabilitiesGivenAreTakenAsTheyAre() {
        INDArray p = Nd4j.createFromArray(0.2f, 0.7f, 0.1f, 0.6f, 0.3f, 0.1f).reshape(2, 3);
        ClassReport report =
                sum(new CrossEntropy()).diagnose(p, Nd4j.createFromArray(1, 1)).classes();
        assertEquals(0.5, report.of(1).meanProbability(), 1e-7);
        assertEquals(0.5, report.of(1).accuracy());
    }

    @Test
    void r4_4_aSumOfLossesReportsTheSumAndCountsOnce() {
        INDArray z = logits(300, 5);
        INDArray y = labels(300, 5);
        LossSpec ce = new SoftmaxCrossEntropy();
        LossSpec focal = new SoftmaxFocal(2);
        ClassReport both = sum(new WeightedSum(ce, new Scaled(3, focal)))
                .withIgnoreIndex(-100)
                .diagnose(z, y)
                .classes();
        ClassReport first = sum(ce).withIgnoreIndex(-100).diagnose(z, y).classes();
        ClassReport second = sum(focal).withIgnoreIndex(-100).diagnose(z, y).classes();
        for (int k = 0; k < 5; k++) {
            assertEquals(first.of(k).count(), both.of(k).count());
            assertEquals(first.of(k).right(), both.of(k).right());
            double expected = first.of(k).lossSum() + 3 * second.of(k).lossSum();
            assertEquals(expected, both.of(k).lossSum(), 1e-12 * expected);
        }
    }

    @Test
    void r5_3_anEmptyBatchHasAnEmptyReport() {
        ClassReport report = sum(new SoftmaxCrossEntropy())
                .diagnose(Nd4j.create(DataType.FLOAT, 0, 4), Nd4j.create(DataType.FLOAT, 0, 4))
                .classes();
        assertEquals(4, report.lines().size());
        assertEquals(0, report.all().count());
        assertTrue(Double.isNaN(report.of(0).accuracy()));
    }
}
