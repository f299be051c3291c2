package io.loss4j.dl4j.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.dl4j.sampling.BorderlineSmote.Kind;
import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class BorderlineSmoteTest {
    /**
     * On a line: class 1 at 0, 1, 2, 5, 20 and class 0 at 4, 6, 19, 21, 22, 30. With m = 3:
     *
     * <pre>
     *  0: 1, 2, 4        one other: safe           5: 4, 6, 2     two others: danger
     *  1: 0, 2, 4        one other: safe          20: 19, 21, 22  three others: noise
     *  2: 1, 0, 4        one other: safe (at distance 2 of 0 and 4 the row with the lower number, 0, comes first)
     * </pre>
     */
    private static DataSet line() {
        double[] x = {0, 1, 2, 5, 20, 4, 6, 19, 21, 22, 30};
        int[] y = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0};
        return new DataSet(
                Nd4j.createFromArray(x).reshape(11, 1), Nd4j.createFromArray(y).reshape(11, 1));
    }

    private static double[] added(BorderlineSmote smote, DataSet data) {
        double[] all = smote.resample(data)
                .getFeatures()
                .castTo(DataType.DOUBLE)
                .reshape(-1)
                .toDoubleVector();
        return Arrays.copyOfRange(all, data.numExamples(), all.length);
    }

    @Test
    void dangerIsAtLeastHalfAndNotAll() {
        DataSet data = line();
        ExampleClasses classes = ExampleClasses.of("test", data);
        Points points =
                Points.of("test", data.getFeatures(), IntStream.range(0, 11).toArray());
        BorderlineSmote smote = new BorderlineSmote(Kind.BORDERLINE_1, 1);
        assertArrayEquals(new int[] {3}, smote.withDangerNeighbours(3).danger(1, classes, points));
        // m = 2, half is one: 5 has 4 and 6, which is all; 2 has 1 and 0; 20 has 19 and 21
        assertArrayEquals(new int[0], smote.withDangerNeighbours(2).danger(1, classes, points));
        // m = 4: 0, 1 and 2 have the other three and 4; 5 has 4, 6, 2, 1: two of four is half
        assertArrayEquals(new int[] {3}, smote.withDangerNeighbours(4).danger(1, classes, points));
    }

    @Test
    void borderline1GoesFromDangerToTheClass() {
        // the two nearest of class 1 to 5 are 2 and 1, so all new rows lie from 1 to 5, evenly over two ways
        BorderlineSmote smote = new BorderlineSmote(Kind.BORDERLINE_1, 2, 3, SamplingStrategy.counts(6, 2005), 3);
        double[] added = added(smote, line());
        assertEquals(2000, added.length);
        assertTrue(Arrays.stream(added).allMatch(v -> v > 1 && v <= 5));
        // (5+2)/2 and (5+1)/2 as often: mean 3.25, standard error about 1 / sqrt(2000) = 0.023
        assertEquals(3.25, Arrays.stream(added).average().orElseThrow(), 0.12);
        assertTrue(Arrays.stream(added).anyMatch(v -> v < 2), "towards 1, too");
    }

    @Test
    void borderline2GoesHalfTheWayToOthersToo() {
        // the two nearest of class 0 to 5 are 4 and 6: rows between 4.5 and 5.5 come from there, those below 4.5 do not
        BorderlineSmote smote = new BorderlineSmote(Kind.BORDERLINE_2, 2, 3, SamplingStrategy.counts(6, 2005), 3);
        double[] added = added(smote, line());
        assertEquals(2000, added.length, "none lost by rounding");
        assertTrue(Arrays.stream(added).allMatch(v -> v > 1 && v < 5.5));
        long above = Arrays.stream(added).filter(v -> v > 5).count();
        // a beta(10, 10) share goes to others, half of it towards 6: 0.5 * (0.5 +- 4 * 0.11)
        assertTrue(above > 50 && above < 950, "towards 6: " + above);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theShareOfOthersChangesWithTheSeedAroundHalf(Kind kind) {
        double sum = 0;
        for (int seed = 0; seed < 40; seed++) {
            BorderlineSmote smote = new BorderlineSmote(kind, 2, 3, SamplingStrategy.counts(6, 205), seed);
            sum += Arrays.stream(added(smote, line())).filter(v -> v > 5).count() / 200.0;
        }
        // of 40 shares with deviation 0.11: the mean is off by 0.017; half of a share lies above 5
        assertEquals(kind == Kind.BORDERLINE_1 ? 0 : 0.25, sum / 40, 0.04);
    }

    @Test
    void aClassWithoutDangerStaysAsItIs() {
        DataSet apart = TrainingData.clouds(DataType.FLOAT, 2, 1, 30, 12);
        apart.getFeatures().addi(apart.getLabels().castTo(DataType.FLOAT).mul(100));
        assertEquals(
                42, new BorderlineSmote(Kind.BORDERLINE_1, 1).resample(apart).numExamples());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void manyClasses(Kind kind) {
        DataSet data = TrainingData.clouds(DataType.FLOAT, 3, 4, 60, 20, 12);
        data.getFeatures().muli(0.4); // so that the clouds overlap
        DataSet more = new BorderlineSmote(kind, 8).resample(data);
        assertArrayEquals(new int[] {60, 60, 60}, TrainingData.counts(more));
        assertEquals(
                more.getFeatures(), new BorderlineSmote(kind, 8).resample(data).getFeatures());
    }

    @Test
    void tooFewRowsAreRefused() {
        DataSet data = TrainingData.clouds(DataType.FLOAT, 3, 4, 6, 3);
        BorderlineSmote smote = new BorderlineSmote(Kind.BORDERLINE_1, 8);
        LossInputException few = assertThrows(LossInputException.class, () -> smote.resample(data));
        assertEquals("L4J-D43", few.code());
        LossInputException all = assertThrows(
                LossInputException.class, () -> smote.withNeighbours(2).resample(data));
        assertTrue(all.getMessage().contains("there are 9 rows, expected more than the 10"), all.getMessage());
    }
}
