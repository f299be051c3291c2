package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Weights;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.tensor.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows that threads share against rows that they do not: the bits are the same. */
class SplitRowsTest {
    // Less than a vector, a block of sums less and more by one, two chunks and not whole vectors.
    private static final int[] COLUMNS = {3, 2047, 2048, 2049, 20_011};
    private static final String[] THREADS = {"1", "2", "7"};
    private static final LogitTransform SAME = LogitTransform.IDENTITY;
    private static final SoftmaxLoss PLAIN = new SoftmaxCrossEntropy();

    private final Primitives primitives = Simd.primitives();

    @AfterEach
    void threadsAsBefore() {
        System.clearProperty(Crew.PROPERTY);
    }

    private static INDArray logits(int rows, int columns, double deviation) {
        Random random = new Random(31L * rows + columns);
        float[] z = new float[rows * columns];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (deviation * random.nextGaussian());
        }
        return Nd4j.createFromArray(z).reshape(rows, columns);
    }

    /** Class 0, the last one, and one between. */
    private static INDArray indices(int rows, int columns) {
        int[] y = new int[rows];
        Arrays.setAll(y, i -> i == 0 ? columns - 1 : i == 1 ? 0 : columns / 2);
        return Nd4j.createFromArray(y);
    }

    private static INDArray oneHot(INDArray indices, int columns, float label) {
        INDArray dense = Nd4j.zeros(DataType.FLOAT, indices.length(), columns);
        for (int r = 0; r < indices.length(); r++) {
            dense.putScalar(r, indices.getInt(r), label);
        }
        return dense;
    }

    /** The same numbers with gaps between rows and columns. */
    private static INDArray withGaps(INDArray x) {
        INDArray view = Nd4j.create(x.dataType(), x.rows(), 2L * x.columns())
                .get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2, 2L * x.columns()));
        return view.assign(x);
    }

    private static LossJob job(
            SoftmaxLoss loss, INDArray z, Labels labels, Weights weights, LogitTransform logits, double zLoss) {
        return new LossJob(loss, Rows.of(z), labels, weights, logits, zLoss, 0.7, new Outputs(true, null, null));
    }

    private static LossJob plain(INDArray z, INDArray y) {
        return job(PLAIN, z, labels(y), Weights.NONE, SAME, 0);
    }

    private static Labels labels(INDArray y) {
        boolean index = y.rank() == 1;
        return new Labels(index ? Rows.each(y) : Rows.of(y), index, 0, OptionalLong.empty());
    }

    private static double[] perClass(int columns, double from) {
        double[] numbers = new double[columns];
        Arrays.setAll(numbers, k -> from + 0.25 * (k % 5));
        return numbers;
    }

    private static INDArray gradientFor(LossJob job) {
        INDArray z = job.predictions().array();
        return Nd4j.createUninitialized(z.dataType(), z.shape(), z.ordering());
    }

    private static LossJob producing(LossJob job, boolean value, @Nullable INDArray gradient, INDArray terms) {
        return job.producing(new Outputs(value, gradient == null ? null : Rows.of(gradient), Rows.each(terms)));
    }

    private double ordinary(LossJob job) {
        return Crew.run(new SoftmaxKernel(job, primitives), job.predictions().rows(), job.elements(), null);
    }

    private double split(LossJob job, String what) {
        OptionalDouble sum = new SplitRows(job, primitives).compute();
        assertTrue(sum.isPresent(), what + " was not split");
        return sum.getAsDouble();
    }

    private static void assertSameBits(INDArray expected, INDArray found, String what) {
        assertArrayEquals(
                expected.dup('c').data().asFloat(), found.dup('c').data().asFloat(), what);
    }

    /** Whatever is wanted, with any number of threads. */
    private void assertSplitsAlike(LossJob job, String what) {
        INDArray expected = gradientFor(job);
        INDArray expectedTerms = Nd4j.create(DataType.DOUBLE, job.predictions().rows());
        double value = ordinary(producing(job, true, expected, expectedTerms));
        for (String threads : THREADS) {
            System.setProperty(Crew.PROPERTY, threads);
            INDArray gradient = gradientFor(job);
            INDArray terms = Nd4j.create(DataType.DOUBLE, job.predictions().rows());
            assertEquals(value, split(producing(job, true, gradient, terms), what), what);
            assertSameBits(expected, gradient, what);
            assertEquals(expectedTerms, terms, what);
            assertEquals(value, split(job, what), what);
            INDArray alone = gradientFor(job);
            split(job.producing(new Outputs(false, Rows.of(alone), null)), what);
            assertSameBits(expected, alone, what);
        }
        System.clearProperty(Crew.PROPERTY);
    }

    private static List<LossJob> jobs(INDArray z) {
        int rows = z.rows();
        int columns = z.columns();
        INDArray y = indices(rows, columns);
        INDArray dense = oneHot(y, columns, 1);
        INDArray mask = Nd4j.createFromArray(0.5, 0, 1.5)
                .get(NDArrayIndex.interval(0, rows))
                .reshape(rows, 1);
        Weights weighted = new Weights(perClass(columns, 0.5), null, Rows.each(mask));
        Weights withNothing = new Weights(perClass(columns, 0), null, null);
        Labels ignoring = new Labels(Rows.each(y), true, 0, OptionalLong.of(y.getLong(rows - 1)));
        LogitTransform changed = new LogitTransform(1.5, perClass(columns, -1), perClass(columns, 0.1));
        List<LossJob> jobs = new ArrayList<>();
        for (Labels labels : List.of(labels(y), labels(y.castTo(DataType.INT64)), labels(dense))) {
            jobs.add(job(PLAIN, z, labels, Weights.NONE, SAME, 0));
            jobs.add(job(PLAIN, z, labels, weighted, SAME, 1e-3));
            jobs.add(job(new SoftmaxFocal(2.0), z, labels, weighted, SAME, 0));
            jobs.add(job(PLAIN, z, labels, withNothing, SAME, 0));
            jobs.add(job(PLAIN, z, labels, withNothing, changed, 1e-3));
        }
        jobs.add(job(PLAIN, z, ignoring, Weights.NONE, SAME, 1e-3));
        jobs.add(job(PLAIN, z, labels(oneHot(y, columns, 0.4f)), weighted, changed, 0));
        jobs.add(job(PLAIN, z, labels(dense.mul(0)), Weights.NONE, SAME, 0));
        return jobs;
    }

    @Test
    void r5_1_r4_3_allJobsGiveTheBitsOfRowsThatAreNotSplit() {
        for (int columns : COLUMNS) {
            for (double deviation : new double[] {1, 30}) {
                for (int rows = 1; rows <= 3; rows++) {
                    List<LossJob> jobs = jobs(logits(rows, columns, deviation));
                    for (int i = 0; i < jobs.size(); i++) {
                        String what = "job " + i + ", deviation " + deviation + ", [" + rows + ", " + columns + "]";
                        assertSplitsAlike(jobs.get(i), what);
                    }
                }
            }
        }
    }

    @Test
    void r5_1_allLayoutsAndTypesGiveTheBitsOfRowsThatAreNotSplit() {
        for (DataType type : List.of(DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16)) {
            for (double deviation : new double[] {1, 30}) {
                for (int rows = 1; rows <= 3; rows++) {
                    INDArray z = logits(rows, 4099, deviation).castTo(type);
                    INDArray y = indices(rows, 4099);
                    INDArray dense = oneHot(y, 4099, 1).castTo(type);
                    for (INDArray laid : List.of(z, z.dup('f'), withGaps(z))) {
                        String what = type + " " + rows + " " + Arrays.toString(laid.stride());
                        assertSplitsAlike(plain(laid, y), what);
                        assertSplitsAlike(plain(laid, dense.dup('f')), what);
                        assertSplitsAlike(plain(laid, withGaps(dense)), what);
                    }
                }
            }
        }
    }

    /** Channels first: rows lie between each other within examples, or altogether with a single example. */
    @Test
    void r5_1_rowsOfFurtherAxesGiveTheBitsOfRowsThatAreNotSplit() {
        for (int examples = 1; examples <= 2; examples++) {
            for (DataType type : List.of(DataType.FLOAT, DataType.FLOAT16)) {
                INDArray z = logits(examples, 4099 * 5, 3).castTo(type).reshape(examples, 4099, 5);
                INDArray y = Nd4j.createFromArray(
                        new Random(1).ints(5 * examples, 0, 4099).toArray());
                INDArray gaps = Nd4j.create(type, examples, 4099, 7)
                        .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(1, 6));
                assertSplitsAlike(plain(z, y), type + ", examples " + examples);
                assertSplitsAlike(plain(gaps.assign(z), y), type + " with gaps, examples " + examples);
            }
        }
    }

    /** Rows that lose their largest logit, and rows with classes that are ruled out, beside ordinary ones. */
    @Test
    void r1_3_r5_1_farLogitsGiveTheBitsOfRowsThatAreNotSplit() {
        INDArray y = Nd4j.createFromArray(5, 6, 7);
        for (double far : new double[] {90, -100, 1e5, Double.NEGATIVE_INFINITY}) {
            INDArray z = logits(3, 20_011, 1);
            z.getRow(1).addi(far == Double.NEGATIVE_INFINITY ? 0 : far);
            z.putScalar(2, 15_000, far);
            assertSplitsAlike(plain(z, y), "logits about " + far);
            z.putScalar(0, 5, 60);
            assertSplitsAlike(plain(z, y), "logits about " + far + ", and a large one of a target");
        }
    }

    @Test
    void whatIsNotOnOneClassOrNotFiniteIsLeftToTheOtherKernel() {
        INDArray y = indices(2, 5003);
        INDArray soft = oneHot(y, 5003, 1);
        soft.putScalar(1, 4000, 1e-3);
        assertTrue(new SplitRows(plain(logits(2, 5003, 1), soft), primitives)
                .compute()
                .isEmpty());
        LossJob drifting = job(PLAIN, logits(2, 5003, 1), labels(soft.mul(0)), Weights.NONE, SAME, 1);
        assertTrue(new SplitRows(drifting, primitives).compute().isEmpty());
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            INDArray z = logits(2, 5003, 1);
            z.putScalar(0, 5002, odd);
            assertTrue(new SplitRows(plain(z, y), primitives).compute().isEmpty(), odd + " as a target");
        }
        for (float odd : new float[] {Float.NaN, -Float.NaN, Float.POSITIVE_INFINITY, 1e7f}) {
            INDArray z = logits(2, 5003, 1);
            z.putScalar(0, 3, odd);
            assertTrue(new SplitRows(plain(z, y), primitives).compute().isEmpty(), odd + " in a row");
        }
    }

    @Test
    void fewRowsOfVeryManyColumnsAreSplit() {
        INDArray z = logits(3, 50_257, 1);
        LossJob few = plain(z, indices(3, 50_257));
        assertTrue(SplitRows.pays(few, 2));
        assertTrue(SplitRows.pays(few, 16));
        assertFalse(SplitRows.pays(few, 1), "more rows than threads");
        LossJob mixed = plain(z.dup('f'), indices(3, 50_257));
        assertTrue(SplitRows.pays(mixed, 1));
        INDArray short3 = logits(3, 1000, 1);
        assertFalse(SplitRows.pays(plain(short3, indices(3, 1000)), 16), "short rows");
        Labels smoothed = new Labels(few.labels().rows(), true, 0.1, OptionalLong.empty());
        assertFalse(SplitRows.pays(job(PLAIN, z, smoothed, Weights.NONE, SAME, 0), 16), "smoothed labels");
        Weights elements = new Weights(null, null, Rows.of(z));
        assertFalse(SplitRows.pays(job(PLAIN, z, few.labels(), elements, SAME, 0), 16), "a mask of elements");
        Outputs classes = new Outputs(true, null, null, new ClassTotals(50_257));
        assertFalse(SplitRows.pays(few.producing(classes), 16), "totals by class");
    }

    /** One row alone is split, many rows are not. */
    @Test
    void r4_3_aRowGivesTheSameBitsAloneAndAmongOthers() {
        System.setProperty(Crew.PROPERTY, "2");
        INDArray z = logits(5, 40_009, 3);
        z.putScalar(1, 17, Float.NaN);
        z.putScalar(2, 18, Float.NEGATIVE_INFINITY);
        z.putScalar(3, 19, 100);
        INDArray y = Nd4j.createFromArray(0, 40_008, 20_000, 19, 7);
        LossFunction loss = LossFunction.of(PLAIN).withReduction(Reduction.NONE);
        LossResult together = loss.valueAndGradient(z, y);
        for (int r = 0; r < 5; r++) {
            LossResult alone = loss.valueAndGradient(
                    z.getRow(r, true).dup(), y.getScalar(r).reshape(1));
            assertSameBits(together.terms().getScalar(r), alone.terms(), "row " + r);
            assertSameBits(together.gradient().getRow(r, true), alone.gradient(), "row " + r);
        }
    }

    @Test
    void r6_2_badLabelsAreRefusedAsEver() {
        System.setProperty(Crew.PROPERTY, "2");
        INDArray z = logits(2, 40_009, 1);
        LossFunction loss = LossFunction.of(PLAIN);
        LossInputException outside =
                assertThrows(LossInputException.class, () -> loss.gradient(z, Nd4j.createFromArray(3, 40_009)));
        assertEquals("L4J-L01", outside.code());
        assertTrue(outside.getMessage().contains("row 1 is 40009"), outside.getMessage());
        LossInputException broken =
                assertThrows(LossInputException.class, () -> loss.gradient(z, Nd4j.createFromArray(3, 1.5f)));
        assertEquals("L4J-L02", broken.code());
    }

    @Test
    void r5_1_permutedRowsAreNotTakenForRowsInOrder() {
        INDArray z = Nd4j.rand(DataType.FLOAT, 40_000, 2, 2, 2).muli(5).permute(2, 0, 1, 3);
        INDArray y = Nd4j.createFromArray(new int[] {3, 39_999, 7, 20_000, 2_048, 0, 5, 31})
                .reshape(2, 2, 2);
        LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.SUM);
        LossResult expected = loss.valueAndGradient(z.dup('c'), y);
        LossResult found = loss.valueAndGradient(z, y);
        assertEquals(expected.value(), found.value(), 0);
        assertArrayEquals(
                expected.gradient().data().asFloat(),
                found.gradient().dup('c').data().asFloat());
    }
}
