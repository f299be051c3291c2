package io.loss4j.dl4j.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class RandomSamplersTest {
    private final DataSet data = TrainingData.clouds(DataType.FLOAT, 3, 5, 23, 7, 2);

    private static void assertCode(String code, String part, Runnable call) {
        LossInputException e = assertThrows(LossInputException.class, call::run);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private static Set<List<Double>> rows(DataSet data) {
        Set<List<Double>> rows = new HashSet<>();
        int[] classes = TrainingData.classes(data);
        double[][] x = TrainingData.features(data);
        for (int i = 0; i < x.length; i++) {
            rows.add(List.of(x[i][0], x[i][1], x[i][2], (double) classes[i]));
        }
        return rows;
    }

    @Test
    void overSamplingRepeatsRareRowsOnly() {
        DataSet more = new RandomOverSampler(7).resample(data);
        assertArrayEquals(new int[] {23, 23, 23}, TrainingData.counts(more));
        assertEquals(rows(data), rows(more), "nothing new, nothing lost");
        assertEquals(data.getFeatures(), more.getFeatures().get(NDArrayIndex.interval(0, 32)), "the given rows first");
    }

    @Test
    void underSamplingKeepsEachRowAtMostOnce() {
        DataSet fewer = new RandomUnderSampler(7).resample(data);
        assertArrayEquals(new int[] {2, 2, 2}, TrainingData.counts(fewer));
        assertEquals(6, rows(fewer).size(), "no row twice");
        assertTrue(rows(data).containsAll(rows(fewer)));
    }

    @Test
    void strategies() {
        RandomOverSampler over = new RandomOverSampler(1);
        // int(0.5 * 23) = 11; of three classes the largest is left alone
        assertArrayEquals(
                new int[] {23, 11, 11},
                TrainingData.counts(
                        over.withStrategy(SamplingStrategy.ratio(0.5)).resample(data)));
        // class 1 has more than int(0.2 * 23) = 4 already
        assertArrayEquals(
                new int[] {23, 7, 4},
                TrainingData.counts(
                        over.withStrategy(SamplingStrategy.ratio(0.2)).resample(data)));
        assertArrayEquals(
                new int[] {23, 8, 50},
                TrainingData.counts(
                        over.withStrategy(SamplingStrategy.counts(23, 8, 50)).resample(data)));
        RandomUnderSampler under = new RandomUnderSampler(1);
        // int(2 / 0.3) = 6
        assertArrayEquals(
                new int[] {6, 6, 2},
                TrainingData.counts(
                        under.withStrategy(SamplingStrategy.ratio(0.3)).resample(data)));
        assertArrayEquals(
                new int[] {10, 0, 1},
                TrainingData.counts(
                        under.withStrategy(SamplingStrategy.counts(10, 0, 1)).resample(data)));
    }

    @Test
    void impossibleStrategiesAreRefused() {
        RandomOverSampler over = new RandomOverSampler(1);
        RandomUnderSampler under = new RandomUnderSampler(1);
        for (double bad : new double[] {0, -1, 1.5, Double.NaN}) {
            assertCode("L4J-D41", "ratio is " + bad, () -> SamplingStrategy.ratio(bad));
        }
        assertCode("L4J-D41", "count 1 is -2", () -> SamplingStrategy.counts(1, -2));
        assertCode("L4J-D41", "no counts", () -> SamplingStrategy.counts());
        assertCode(
                "L4J-D41",
                "2 counts but there are 3 classes",
                () -> over.withStrategy(SamplingStrategy.counts(9, 9)).resample(data));
        assertCode(
                "L4J-D41",
                "class 0 has 23 examples, wanted are 20",
                () -> over.withStrategy(SamplingStrategy.counts(20, 7, 2)).resample(data));
        assertCode(
                "L4J-D41",
                "class 2 has 2 examples, wanted are 3",
                () -> under.withStrategy(SamplingStrategy.counts(2, 2, 3)).resample(data));
        DataSet empty = TrainingData.clouds(DataType.FLOAT, 2, 1, 5, 0);
        assertCode(
                "L4J-D41",
                "nothing to sample from",
                () -> over.withStrategy(SamplingStrategy.counts(5, 5)).resample(empty));
        assertArrayEquals(new int[] {5, 0}, TrainingData.counts(over.resample(empty)), "absent classes stay absent");
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "INT", "LONG", "UBYTE"})
    void indicesAreLabelsToo(DataType type) {
        DataSet indexed =
                new DataSet(data.getFeatures(), TrainingData.indices(data).castTo(type));
        DataSet more = new RandomOverSampler(7).resample(indexed);
        assertEquals(type, more.getLabels().dataType());
        assertArrayEquals(
                TrainingData.classes(new RandomOverSampler(7).resample(data)),
                more.getLabels().castTo(DataType.INT32).reshape(69).toIntVector());
    }

    @Test
    void sequencesGoWithTheirMasks() {
        // three sequences of two steps; the second step of each is masked; one label per sequence
        INDArray x = Nd4j.createFromArray(1.0, 2, 3, 4, 5, 6).reshape(3, 1, 2);
        INDArray steps = Nd4j.createFromArray(new double[][] {{1, 0}, {1, 1}, {1, 0}});
        INDArray y = Nd4j.createFromArray(new double[][] {{1, 0}, {1, 0}, {0, 1}});
        INDArray weights = Nd4j.createFromArray(0.5, 2, 3).reshape(3, 1);
        DataSet sequences = new DataSet(x, y, steps, weights);
        sequences.setExampleMetaData(List.of("a", "b", "c"));
        DataSet more = new RandomOverSampler(3).resample(sequences);
        assertEquals(Nd4j.createFromArray(1.0, 2, 3, 4, 5, 6, 5, 6).reshape(4, 1, 2), more.getFeatures());
        assertEquals(
                Nd4j.createFromArray(new double[][] {{1, 0}, {1, 1}, {1, 0}, {1, 0}}), more.getFeaturesMaskArray());
        assertEquals(Nd4j.createFromArray(0.5, 2, 3, 3).reshape(4, 1), more.getLabelsMaskArray());
        assertEquals(List.of("a", "b", "c", "c"), more.getExampleMetaData());
    }

    @Test
    void labelsOfStepsMustAgreeWhereTheyAreNotMasked() {
        INDArray y = Nd4j.zeros(2, 2, 3);
        for (int t = 0; t < 3; t++) {
            y.putScalar(new int[] {0, t == 2 ? 1 : 0, t}, 1);
            y.putScalar(new int[] {1, 1, t}, 1);
        }
        INDArray last = Nd4j.createFromArray(new double[][] {{1, 1, 0}, {0, 0, 1}});
        DataSet steps = new DataSet(Nd4j.zeros(2, 4, 3), y, null, last);
        assertArrayEquals(new int[] {1, 1}, ExampleClasses.of("test", steps).counts());
        steps.setLabelsMaskArray(null);
        assertCode("L4J-D40", "example 0 has steps of the classes 0 and 1", () -> ExampleClasses.of("test", steps));
        steps.setLabelsMaskArray(Nd4j.createFromArray(new double[][] {{1, 1, 0}, {0, 0, 0}}));
        assertCode("L4J-D40", "example 1 is masked", () -> ExampleClasses.of("test", steps));
    }

    @Test
    void labelsThatAreNotOneClassAreRefused() {
        for (double[] bad : new double[][] {{0.5, 0.5}, {1, 1}, {0, 0}, {Double.NaN, 1}, {2, 0}}) {
            INDArray y = Nd4j.createFromArray(new double[][] {{1, 0}, bad});
            assertCode(
                    "L4J-D40",
                    "example 1 has the label " + Arrays.toString(bad),
                    () -> new RandomOverSampler(1).resample(new DataSet(Nd4j.zeros(2, 1), y)));
        }
        for (double bad : new double[] {-1, 0.5, Double.NaN, 1e10}) {
            INDArray y = Nd4j.createFromArray(1, bad).reshape(2, 1);
            assertCode(
                    "L4J-D40",
                    "example 1 has the label " + bad,
                    () -> new RandomUnderSampler(1).resample(new DataSet(Nd4j.zeros(2, 1), y)));
        }
    }

    @Test
    void theSameSeedGivesTheSameAndNothingGivenIsChanged() {
        DataSet before = data.copy();
        for (Resampler resampler : List.of(new RandomOverSampler(7), new RandomUnderSampler(7))) {
            INDArray once = resampler.resample(data).getFeatures();
            assertEquals(once, resampler.resample(data).getFeatures());
            assertNotEquals(once, resampler.withSeed(8).resample(data).getFeatures());
            assertEquals(resampler, resampler.withSeed(8).withSeed(7));
        }
        assertEquals(before.getFeatures(), data.getFeatures());
        assertEquals(before.getLabels(), data.getLabels());
    }

    @Test
    void viewsAndOtherOrdersAreReadAsTheyAre() {
        DataSet expected = new RandomOverSampler(7).resample(data);
        INDArray wide = Nd4j.hstack(data.getFeatures(), data.getFeatures()).dup('f');
        INDArray view = wide.get(NDArrayIndex.all(), NDArrayIndex.interval(3, 6));
        DataSet viewed = new RandomOverSampler(7)
                .resample(new DataSet(view, data.getLabels().dup('f')));
        assertEquals(expected.getFeatures(), viewed.getFeatures());
        assertEquals(expected.getLabels(), viewed.getLabels());
    }

    @Test
    void resampledDataCannotBeSplit() {
        DataSet more = new RandomOverSampler(7).resample(data);
        assertCode("L4J-D46", "split first", () -> more.splitTestAndTrain(0.5));
        assertCode("L4J-D46", "split first", () -> more.splitTestAndTrain(10));
    }
}
