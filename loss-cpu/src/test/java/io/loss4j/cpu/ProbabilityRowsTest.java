package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.catalogue.LossCatalogue;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Cross-entropy of probabilities against its formula written out here. */
class ProbabilityRowsTest {
    // Rows: one, several tiles, several chunks. Columns: rows that are read as a whole and, from 65 on, looked up;
    // tiles
    // of several rows and of one.
    private static final int[] ROWS = {1, 7, 600};
    private static final int[] COLUMNS = {2, 64, 65, 4099};

    private static final LossFunction LOSS =
            LossFunction.of(LossCatalogue.create("cross_entropy", Map.of())).withReduction(Reduction.SUM);

    private static INDArray probabilities(int rows, int columns) {
        Random random = new Random(rows + columns);
        double[] p = new double[rows * columns];
        Arrays.setAll(p, i -> 0.01 + random.nextDouble());
        INDArray array = Nd4j.createFromArray(p).reshape(rows, columns);
        return array.diviColumnVector(array.sum(1));
    }

    private static int label(int row, int columns) {
        return (row * 31 + 1) % columns;
    }

    private static INDArray oneHot(int rows, int columns) {
        INDArray dense = Nd4j.zeros(DataType.FLOAT, rows, columns);
        for (int r = 0; r < rows; r++) {
            dense.putScalar(r, label(r, columns), 1);
        }
        return dense;
    }

    @Test
    void r1_1_r5_1_oneClassGivesTheFormulaInEveryTypeOrderAndKindOfLabel() {
        for (int rows : ROWS) {
            for (int columns : COLUMNS) {
                for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT, DataType.BFLOAT16}) {
                    check(probabilities(rows, columns).castTo(type), columns);
                }
            }
        }
    }

    private static void check(INDArray p, int columns) {
        int rows = (int) p.size(0);
        INDArray read = p.castTo(DataType.DOUBLE);
        INDArray expected = Nd4j.zeros(DataType.DOUBLE, rows, columns);
        int[] labels = new int[rows];
        double[] weights = new double[columns];
        Arrays.setAll(weights, k -> 1 + k % 3);
        double value = 0;
        for (int r = 0; r < rows; r++) {
            labels[r] = label(r, columns);
            double w = weights[labels[r]];
            value -= w * Math.log(read.getDouble(r, labels[r]));
            expected.putScalar(r, labels[r], -w / read.getDouble(r, labels[r]));
        }
        LossFunction loss = LOSS.withClassWeights(ClassWeights.of(weights));
        INDArray index = Nd4j.createFromArray(labels);
        LossResult found = loss.valueAndGradient(p, index);
        assertEquals(value, found.value(), 1e-12 * Math.abs(value));
        assertEquals(expected.castTo(p.dataType()), found.gradient());
        assertEquals(found, loss.valueAndGradient(p, oneHot(rows, columns)));
        LossResult f = loss.valueAndGradient(p.dup('f'), index);
        assertEquals(found.value(), f.value(), 0);
        assertEquals(found.gradient(), f.gradient().dup('c'));
        assertEquals(found.value(), loss.value(p, index), 0);
    }

    @Test
    void r3_2_maskedRowsAndSoftRowsShareATileWithOthers() {
        int columns = 65;
        INDArray p = probabilities(9, columns);
        INDArray y = oneHot(9, columns);
        y.putScalar(2, 0, 0.5); // two classes
        y.getRow(3).assign(0); // no class at all
        INDArray mask = Nd4j.createFromArray(1f, 0, 1, 1, 1, 0, 2, 1, 1);
        LossResult found = LOSS.valueAndGradient(p, y, mask);
        INDArray expected = y.castTo(DataType.DOUBLE).divi(p).negi().muliColumnVector(mask.castTo(DataType.DOUBLE));
        double value = Nd4j.math()
                .log(p)
                .mul(y.castTo(DataType.DOUBLE))
                .sum(1)
                .mul(mask.castTo(DataType.DOUBLE))
                .sumNumber()
                .doubleValue();
        assertEquals(-value, found.value(), 1e-12 * Math.abs(value));
        assertEquals(0, expected.sub(found.gradient()).norm2Number().doubleValue(), 1e-12);
    }
}
