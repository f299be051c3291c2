package io.loss4j.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.LossType;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the kit stands on: its oracle, layouts, case selection and list of losses. */
class ToolsTest {
    private static final double[] LOGITS = {1, 2, 3, .5, -1, .2};

    private static Batch worked() {
        return new Batch(new long[] {2, 3}, LOGITS.clone(), new double[] {0, 2}, true);
    }

    @Test
    void oracleGivesTheWorkedNumbersOfSoftmax() {
        LossFunction f = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.SUM);
        assertArrayEquals(
                new double[] {2.407606, 0.974957}, Oracle.answer(f, worked()).terms(), 1e-6);
        LossFunction weighted = f.withClassWeights(ClassWeights.of(2, 1, 5));
        assertEquals(
                1.384285,
                Oracle.answer(weighted.withReduction(Reduction.WEIGHTED_MEAN), worked())
                        .value(),
                1e-6);
        assertEquals(
                4.844998,
                Oracle.answer(weighted.withReduction(Reduction.BATCH_MEAN), worked().oneHot())
                        .value(),
                1e-6);
    }

    @Test
    void oracleGivesTheWorkedNumbersOfSigmoidFocal() {
        LossFunction f = LossFunction.of(new SigmoidFocal(0.25, 2)).withReduction(Reduction.SUM);
        double[] expected = {.005665, 1.237559, 2.07471, .283059, .016994, .030303};
        assertArrayEquals(expected, Oracle.answer(f, worked().oneHot()).terms(), 1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void layoutsHoldTheSameNumbers(Layout layout) {
        long[] shape = {2, 3, 4, 1, 2};
        double[] values = IntStream.range(0, 48).asDoubleStream().toArray();
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE, DataType.BFLOAT16, DataType.INT32)) {
            INDArray array = layout.lay(values, shape, true, type, 99).array();
            int at = 0;
            for (int n = 0; n < 2; n++) {
                for (int a = 0; a < 4; a++) {
                    for (int c = 0; c < 2; c++) {
                        for (int k = 0; k < 3; k++) {
                            assertEquals(values[at++], array.getDouble(n, k, a, 0, c));
                        }
                    }
                }
            }
            assertArrayEquals(values, Batch.read(array.dup('c'), true));
            assertArrayEquals(values, Batch.read(array.dup('f'), true));
        }
    }

    @Test
    void pairwiseCoversEveryPair() {
        int[] sizes = {3, 2, 5, 4};
        List<int[]> points = Pairwise.cover(sizes);
        for (int a = 0; a < sizes.length; a++) {
            for (int b = a + 1; b < sizes.length; b++) {
                Set<Integer> seen = new HashSet<>();
                for (int[] point : points) {
                    seen.add(point[a] * sizes[b] + point[b]);
                }
                assertEquals(sizes[a] * sizes[b], seen.size());
            }
        }
        assertTrue(points.size() < 40, "far fewer than the 120 of the product");
    }

    @Test
    void everyLossOfLoss4jIsTested() {
        Set<String> tested =
                BuiltInExamples.all().stream().map(e -> e.spec().apply(2).id()).collect(Collectors.toSet());
        Set<String> known =
                new BuiltInLosses().losses().stream().map(LossType::id).collect(Collectors.toSet());
        assertEquals(known, tested);
    }

    @Test
    void comparisonsKnowInfinityAndNan() {
        double[] expected = {Double.NaN, Double.POSITIVE_INFINITY, 0};
        Close.elements("x", expected, expected.clone(), 3, DataType.FLOAT, 0);
        for (double[] wrong : new double[][] {
            {0, Double.POSITIVE_INFINITY, 0},
            {Double.NaN, Double.NEGATIVE_INFINITY, 0},
            {Double.NaN, 1, 0},
            {Double.NaN, Double.POSITIVE_INFINITY, Double.NaN}
        }) {
            assertThrows(AssertionError.class, () -> Close.elements("x", expected, wrong, 3, DataType.FLOAT, 0));
        }
    }
}
