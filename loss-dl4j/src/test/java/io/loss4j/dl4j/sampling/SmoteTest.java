package io.loss4j.dl4j.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class SmoteTest {
    static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int f = 0; f < a.length; f++) {
            sum += (a[f] - b[f]) * (a[f] - b[f]);
        }
        return sum;
    }

    /** The definition: all other rows of the set, sorted by distance, then by number. */
    static int[] nearest(double[][] x, int query, int[] candidates, int k) {
        return Arrays.stream(candidates)
                .filter(i -> i != query)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> squaredDistance(x[query], x[i]))
                        .thenComparing(i -> i))
                .limit(k)
                .mapToInt(i -> i)
                .toArray();
    }

    /** How far towards b the point lies on the way from a, or NaN if it is not on it. */
    static double step(double[] a, double[] b, double[] point, double tolerance) {
        double length = squaredDistance(a, b);
        double along = 0;
        for (int f = 0; f < a.length; f++) {
            along += (point[f] - a[f]) * (b[f] - a[f]);
        }
        double u = length == 0 ? 0 : along / length;
        for (int f = 0; f < a.length; f++) {
            if (Math.abs(a[f] + u * (b[f] - a[f]) - point[f]) > tolerance) {
                return Double.NaN;
            }
        }
        return u;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF"})
    void aSyntheticRowLiesBetweenARowAndOneOfItsNeighboursOfTheClass(DataType type) {
        DataSet data = TrainingData.clouds(type, 4, 3, 40, 13, 6);
        DataSet more = new Smote(3, SamplingStrategy.balanced(), 11).resample(data);
        assertArrayEquals(new int[] {40, 40, 40}, TrainingData.counts(more));
        assertEquals(type, more.getFeatures().dataType());
        double[][] x = TrainingData.features(more);
        int[] classes = TrainingData.classes(more);
        double tolerance = type.width() == 2 ? 4e-3 : 1e-6;
        for (int i = 59; i < x.length; i++) {
            int k = classes[i];
            int[] same = IntStream.range(0, 59).filter(j -> classes[j] == k).toArray();
            double[] point = x[i];
            assertTrue(
                    Arrays.stream(same)
                            .anyMatch(a -> Arrays.stream(nearest(x, a, same, 3))
                                    .mapToDouble(b -> step(x[a], x[b], point, tolerance))
                                    .anyMatch(u -> u > -0.05 && u < 1.05)),
                    "row " + i);
        }
    }

    @Test
    void theOnlyWayIsTakenWhereThereIsOne() {
        // class 1: 0, 1 and 10; with k = 1 the ways are 0-1, 1-0 and 10-1, so nothing lies below 0 and 2 of 3 below 1
        INDArray x = Nd4j.createFromArray(0.0, 1, 10, 5, 5, 5, 5).reshape(7, 1);
        INDArray y = Nd4j.createFromArray(1, 1, 1, 0, 0, 0, 0).reshape(7, 1);
        DataSet more = new Smote(1, SamplingStrategy.counts(4, 6003), 5).resample(new DataSet(x, y));
        double[] synthetic = Arrays.copyOfRange(more.getFeatures().reshape(6007).toDoubleVector(), 7, 6007);
        double mean = Arrays.stream(synthetic).average().orElseThrow();
        // (1/2 + 1/2 + 11/2) / 3 = 13/6, standard error 2.7 / sqrt(6000) = 0.035
        assertEquals(13.0 / 6, mean, 0.15);
        assertEquals(
                4000, Arrays.stream(synthetic).filter(v -> v <= 1).count(), 160, "binomial, four standard deviations");
        assertTrue(Arrays.stream(synthetic).allMatch(v -> v >= 0 && v <= 10));
        assertEquals(6003, more.getLabels().sumNumber().intValue());
    }

    @Test
    void equalRowsAreNeighboursAtDistanceZero() {
        INDArray x = Nd4j.createFromArray(2.0, 2, 2, 9, 9, 9, 9).reshape(7, 1);
        INDArray y = Nd4j.createFromArray(1, 1, 1, 0, 0, 0, 0).reshape(7, 1);
        DataSet more = new Smote(2, SamplingStrategy.balanced(), 5).resample(new DataSet(x, y));
        assertEquals(2.0, more.getFeatures().getDouble(7));
    }

    @Test
    void aClassThatIsLargeEnoughIsLeftAlone() {
        DataSet data = TrainingData.clouds(DataType.FLOAT, 2, 3, 9, 9);
        DataSet same = new Smote(1).resample(data);
        assertEquals(data.getFeatures(), same.getFeatures());
        assertEquals(data.getLabels(), same.getLabels());
        same.getFeatures().assign(0);
        assertNotEquals(0.0, data.getFeatures().sumNumber().doubleValue(), "a copy");
    }

    @Test
    void theSameSeedGivesTheSame() {
        DataSet data = TrainingData.clouds(DataType.FLOAT, 2, 3, 50, 9);
        DataSet before = data.copy();
        Smote smote = new Smote(4);
        INDArray once = smote.resample(data).getFeatures();
        assertEquals(once, smote.resample(data).getFeatures());
        assertNotEquals(once, smote.withSeed(5).resample(data).getFeatures());
        assertEquals(before.getFeatures(), data.getFeatures());
    }

    @Test
    void whatHasNoDistanceIsRefused() {
        INDArray y = Nd4j.createFromArray(0, 0, 0, 1, 1).reshape(5, 1);
        INDArray x = Nd4j.rand(DataType.FLOAT, 5, 3);
        Smote smote = new Smote(1).withNeighbours(1);
        for (DataSet bad : new DataSet[] {
            new DataSet(Nd4j.rand(DataType.FLOAT, 5, 3, 2), y),
            new DataSet(x.castTo(DataType.INT32), y),
            new DataSet(x, y, null, Nd4j.createFromArray(1, 1, 1, 0.5, 1).reshape(5, 1)),
            new DataSet(x.dup().putScalar(3, 1, Double.NaN), y),
        }) {
            LossInputException e = assertThrows(LossInputException.class, () -> smote.resample(bad));
            assertEquals("L4J-D42", e.code(), e.getMessage());
        }
        DataSet ones = new DataSet(x, y, null, Nd4j.ones(5, 1));
        assertEquals(6, smote.resample(ones).numExamples(), "a mask of ones masks nothing");
    }

    @Test
    void tooFewRowsAreRefusedWithARemedy() {
        DataSet data = TrainingData.clouds(DataType.FLOAT, 2, 3, 9, 4, 1);
        LossInputException e = assertThrows(LossInputException.class, () -> new Smote(1).resample(data));
        assertEquals("L4J-D43", e.code());
        assertTrue(e.getMessage().contains("class 1 has 4 rows, expected more than its 5"), e.getMessage());
        assertTrue(e.getMessage().contains("withNeighbours(3)"), e.getMessage());
        assertEquals(
                "L4J-D43",
                assertThrows(LossInputException.class, () -> new Smote(1).withNeighbours(0))
                        .code());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 127, 128, 129, 300})
    void neighboursAreThoseOfTheDefinition(int rows) {
        // more than a block and a chunk, and just at their ends; a coarse grid has many equal distances
        java.util.Random random = new java.util.Random(rows);
        double[][] x = new double[rows][3];
        double[][] columns = new double[3][rows];
        for (int i = 0; i < rows; i++) {
            for (int f = 0; f < 3; f++) {
                x[i][f] = random.nextInt(5);
                columns[f][i] = x[i][f];
            }
        }
        Points points = new Points(columns, IntStream.range(0, rows).toArray());
        int k = Math.min(7, rows - 1);
        int[][] nearest = new NearestNeighbours(points).of(points.all(), points.all(), k);
        for (int i = 0; i < rows; i++) {
            assertArrayEquals(nearest(x, i, points.all(), k), nearest[i], "query " + i);
        }
    }
}
