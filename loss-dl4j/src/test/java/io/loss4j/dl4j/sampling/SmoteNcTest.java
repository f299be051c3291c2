package io.loss4j.dl4j.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SmoteNcTest {
    private static final List<CategoricalFeature> CODE = List.of(CategoricalFeature.code(2));

    /**
     * Chawla et al. (2002), section 6.1, has the example F1 = 1 2 3 A B C, F2 = 4 6 5 A D E, F3 = 3 5 6 A B K with
     * distance^2 of F1 and F2 = 9 + 16 + 4 + 2 s^2 and of F1 and F3 = 4 + 9 + 9 + s^2. The deviations (divided by n) of
     * 1 4 3, 2 6 5 and 3 5 6 are sqrt(14)/3 = 1.2472, sqrt(26)/3 = 1.6997 and sqrt(14)/3, so s^2 = 14/9.
     */
    @Test
    void theExampleOfThePaper() {
        double[][] columns = {{1, 4, 3}, {2, 6, 5}, {3, 5, 6}, {0, 0, 0}, {1, 2, 1}, {7, 8, 9}};
        Points points = new Points(columns, new int[] {0, 1, 2});
        MixedPoints mixed = MixedPoints.of(
                points,
                new int[] {0, 1, 2},
                List.of(CategoricalFeature.code(3), CategoricalFeature.code(4), CategoricalFeature.code(5)));
        double s2 = 14.0 / 9;
        double[] expected = {0, 0, 0, s2, s2, s2};
        assertArrayEquals(expected, mixed.mismatch(), 1e-12);
        // 22 + 14/9 to F3 is less than 29 + 28/9 to F2
        assertArrayEquals(new int[] {2, 1}, mixed.nearest(2)[0]);
    }

    @Test
    void categoriesDecideWhoIsNear() {
        // numbers: deviation of 0, 1, 2, 3 is sqrt(1.25); a mismatch adds 1.25, so from 0: 2 (distance^2 4) is nearer
        // than
        // 1 with another category (1 + 1.25 = 2.25)? no: 2.25 < 4. From 1: 0 (1 + 1.25), 2 (1 + 1.25), 3 (4)
        double[][] columns = {{0, 1, 2, 3}, {5, 6, 5, 6}};
        MixedPoints mixed =
                MixedPoints.of(new Points(columns, new int[4]), new int[] {0}, List.of(CategoricalFeature.code(1)));
        assertArrayEquals(new int[] {1, 2, 3}, mixed.nearest(3)[0]);
        assertArrayEquals(new int[] {0, 2, 3}, mixed.nearest(3)[1]);
        // one more category of the same kind: 1 is at 1 + 2.5 = 3.5 from 0, still nearer than 4; with two more, at 4.75
        double[][] more = {{0, 1, 2, 3}, {5, 6, 5, 6}, {5, 6, 5, 6}, {5, 6, 5, 6}};
        MixedPoints strict = MixedPoints.of(
                new Points(more, new int[4]),
                new int[] {0},
                List.of(CategoricalFeature.code(1), CategoricalFeature.code(2), CategoricalFeature.code(3)));
        assertArrayEquals(new int[] {2, 1, 3}, strict.nearest(3)[0]);
    }

    @Test
    void theMostFrequentCategoryAndChanceAmongEquals() {
        double[][] columns = {{0, 1, 2, 3, 4, 5}, {7, 7, 8, 8, 8, 9}};
        MixedPoints mixed =
                MixedPoints.of(new Points(columns, new int[6]), new int[] {0}, List.of(CategoricalFeature.code(1)));
        SplittableRandom random = new SplittableRandom(1);
        assertEquals(2, mixed.mostFrequent(0, new int[] {0, 2, 3, 1, 4}, random), "8 three times, 7 twice");
        int[] chosen = new int[6];
        for (int i = 0; i < 3000; i++) {
            chosen[mixed.mostFrequent(0, new int[] {1, 0, 2, 3, 5}, random)]++;
        }
        assertEquals(0, chosen[5], "9 only once");
        assertEquals(1500, chosen[1], 120, "7 and 8 twice: one or the other, four standard deviations");
        assertEquals(3000, chosen[1] + chosen[2]);
    }

    @Test
    void withoutSpreadOnlyNumbersCount() {
        double[][] columns = {{1, 1, 1}, {5, 6, 5}};
        MixedPoints mixed =
                MixedPoints.of(new Points(columns, new int[3]), new int[] {0}, List.of(CategoricalFeature.code(1)));
        assertArrayEquals(new int[] {1, 2}, mixed.nearest(2)[0]);
        assertEquals(0, mixed.mostFrequent(0, new int[] {0, 1, 2}, new SplittableRandom(1)));
    }

    /** Two numbers, a code of 0 to 3, as it is and as a one-hot group. */
    private static DataSet mixed(boolean oneHot) {
        Random random = new Random(17);
        int n = 60;
        double[][] x = new double[n][oneHot ? 6 : 3];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            y[i] = i % 5 == 0 ? 1 : 0;
            x[i][0] = random.nextGaussian();
            x[i][1] = y[i] + random.nextGaussian();
            int code = random.nextInt(4);
            if (oneHot) {
                x[i][2 + code] = 1;
            } else {
                x[i][2] = code;
            }
        }
        return new DataSet(Nd4j.createFromArray(x), Nd4j.createFromArray(y).reshape(n, 1));
    }

    @Test
    void aSyntheticRowHasNumbersBetweenAndTheModeOfTheNeighbours() {
        DataSet data = mixed(false);
        int k = 4;
        double[][] x = TrainingData.features(new SmoteNc(CODE, k, SamplingStrategy.balanced(), 5).resample(data));
        assertEquals(96, x.length);
        int[] rare = IntStream.range(0, 60).filter(i -> i % 5 == 0).toArray();
        double[] s = new double[2];
        for (int f = 0; f < 2; f++) {
            int column = f;
            double mean =
                    Arrays.stream(rare).mapToDouble(i -> x[i][column]).average().orElseThrow();
            s[f] = Math.sqrt(Arrays.stream(rare)
                    .mapToDouble(i -> Math.pow(x[i][column] - mean, 2))
                    .average()
                    .orElseThrow());
        }
        double median = (s[0] + s[1]) / 2;
        // with a category as one-hot columns of s / sqrt(2), plain distances are those of the definition
        double[][] space = new double[60][6];
        for (int i : rare) {
            space[i][0] = x[i][0];
            space[i][1] = x[i][1];
            space[i][2 + (int) x[i][2]] = median / Math.sqrt(2);
        }
        for (int i = 60; i < 96; i++) {
            double[] point = x[i];
            boolean explained = false;
            for (int a : rare) {
                int[] nearest = SmoteTest.nearest(space, a, rare, k);
                int[] votes = new int[4];
                for (int b : nearest) {
                    votes[(int) x[b][2]]++;
                }
                boolean mode =
                        votes[(int) point[2]] == Arrays.stream(votes).max().orElseThrow();
                for (int b : nearest) {
                    double u = SmoteTest.step(
                            Arrays.copyOf(x[a], 2), Arrays.copyOf(x[b], 2), Arrays.copyOf(point, 2), 1e-9);
                    explained |= mode && u >= 0 && u < 1;
                }
            }
            assertTrue(explained, "row " + i);
        }
    }

    @Test
    void codesAndOneHotGroupsAreTheSame() {
        double[][] codes = TrainingData.features(new SmoteNc(CODE, 5).resample(mixed(false)));
        double[][] groups =
                TrainingData.features(new SmoteNc(List.of(CategoricalFeature.oneHot(2, 4)), 5).resample(mixed(true)));
        assertEquals(codes.length, groups.length);
        for (int i = 0; i < codes.length; i++) {
            double[] hot = new double[4];
            hot[(int) codes[i][2]] = 1;
            assertArrayEquals(hot, Arrays.copyOfRange(groups[i], 2, 6), "row " + i);
            assertEquals(codes[i][0], groups[i][0]);
        }
    }

    @Test
    void standardisedGroupsComeOutAsTheyWentIn() {
        DataSet plain = mixed(true);
        INDArray scaled = plain.getFeatures().dup();
        INDArray group = scaled.get(NDArrayIndex.all(), NDArrayIndex.interval(2, 6));
        group.subi(0.25).divi(0.43);
        SmoteNc smote = new SmoteNc(List.of(CategoricalFeature.oneHot(2, 4)), 5);
        double[][] expected = TrainingData.features(smote.resample(plain));
        double[][] found = TrainingData.features(smote.resample(new DataSet(scaled, plain.getLabels())));
        for (int i = 0; i < found.length; i++) {
            for (int f = 2; f < 6; f++) {
                assertEquals((expected[i][f] - 0.25) / 0.43, found[i][f], 1e-12);
            }
        }
    }

    @Test
    void wrongColumnsAreRefused() {
        DataSet data = TrainingData.clouds(DataType.FLOAT, 3, 4, 20, 9);
        for (List<CategoricalFeature> bad : List.of(
                List.of(CategoricalFeature.code(3)),
                List.of(CategoricalFeature.oneHot(1, 2), CategoricalFeature.code(2)),
                List.of(CategoricalFeature.oneHot(0, 3)))) {
            LossInputException e = assertThrows(LossInputException.class, () -> new SmoteNc(bad, 1).resample(data));
            assertEquals("L4J-D44", e.code(), e.getMessage());
        }
        assertEquals(
                "L4J-D44",
                assertThrows(LossInputException.class, () -> CategoricalFeature.code(-1))
                        .code());
    }
}
