package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.PerColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.InOrder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

class ClassCountsTest {
    private static INDArray column(double... values) {
        return Nd4j.createFromArray(values).reshape(values.length, 1);
    }

    @Test
    void knownCounts() {
        ClassCounts counts = ClassCounts.of(3, 0, 5);
        assertEquals(3, counts.classes());
        assertEquals(5, counts.of(2));
        assertEquals(8, counts.total());
        assertEquals("[3.0, 0.0, 5.0]", counts.toString());
        assertEquals(ClassCounts.of(3.0, 0, 5), counts);
        assertEquals(ClassCounts.of(3.0, 0, 5).hashCode(), counts.hashCode());
        assertNotEquals(ClassCounts.of(3, 0), counts);
        assertEquals(ClassCounts.of(3, 1, 5), counts.atLeast(1));
        assertEquals(ClassCounts.of(4, 1, 5), counts.plus(ClassCounts.of(1, 1, 0)));
        counts.toArray()[0] = 99;
        assertEquals(3, counts.of(0), "unchanged from outside");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void countsAreNumbersFromZero(double bad) {
        LossInputException e = assertThrows(LossInputException.class, () -> ClassCounts.of(1, bad));
        assertEquals("L4J-W04", e.code());
        assertTrue(e.getMessage().contains("count 1 is " + bad), e.getMessage());
    }

    @Test
    void noClassesAndDifferentClassesAreRefused() {
        assertEquals(
                "L4J-W04",
                assertThrows(LossInputException.class, () -> ClassCounts.of(new long[0]))
                        .code());
        ClassCounts two = ClassCounts.of(1, 2);
        ClassCounts three = ClassCounts.of(1, 2, 3);
        assertEquals(
                "L4J-S02",
                assertThrows(LossInputException.class, () -> two.plus(three)).code());
    }

    @Test
    void indices() {
        assertEquals(ClassCounts.of(2, 0, 1, 3), ClassCounts.ofIndices(4, 0, 3, 2, 3, 0, 3));
        LossInputException e = assertThrows(LossInputException.class, () -> ClassCounts.ofIndices(3, 0, 3));
        assertEquals("L4J-L01", e.code());
        assertTrue(e.getMessage().contains("the label of row 1 is 3"), e.getMessage());
        assertTrue(e.getMessage().contains("K = 3"), e.getMessage());
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF", "INT", "LONG", "BYTE"})
    void r5_2_indicesOfAnyType(DataType type) {
        INDArray labels = Nd4j.createFromArray(0.0, 2, 2, 1, 2).castTo(type);
        assertEquals(ClassCounts.of(1, 1, 3), ClassCounts.ofLabels(3, labels));
        assertEquals(ClassCounts.of(1, 1, 3), ClassCounts.ofLabels(3, labels.reshape(5, 1)));
    }

    @Test
    void oneHotAndSoftLabels() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 0, 1}, {0.25, 0.5, 0.25}});
        assertEquals(ClassCounts.of(1.25, 0.5, 1.25), ClassCounts.ofLabels(3, labels));
        assertEquals(ClassCounts.of(1.25, 0.5, 1.25), ClassCounts.ofLabels(3, labels.dup('f')));
        // [N, K, T]
        INDArray sequence = labels.reshape(3, 3, 1);
        assertEquals(ClassCounts.of(1.25, 0.5, 1.25), ClassCounts.ofLabels(3, sequence));
    }

    @Test
    void aSingleSigmoidOutputCountsItsPositives() {
        assertEquals(ClassCounts.of(3.0), ClassCounts.ofLabels(1, column(1, 0, 1, 1)));
        assertEquals(ClassCounts.of(1, 3), ClassCounts.ofLabels(2, column(1, 0, 1, 1)));
    }

    @Test
    void r3_4_wrongLabelsAreRefusedByRow() {
        for (double bad : new double[] {3, -1, 0.5, Double.NaN}) {
            INDArray labels = Nd4j.createFromArray(0.0, 1, bad);
            LossInputException e = assertThrows(LossInputException.class, () -> ClassCounts.ofLabels(3, labels));
            assertEquals("L4J-L01", e.code());
            assertTrue(e.getMessage().contains("row 2 is " + bad), e.getMessage());
        }
        INDArray four = Nd4j.zeros(2, 4);
        LossInputException e = assertThrows(LossInputException.class, () -> ClassCounts.ofLabels(3, four));
        assertEquals("L4J-S02", e.code());
        assertTrue(e.getMessage().contains("shapes: labels [2, 4]"), e.getMessage());
    }

    @Test
    void manyRowsAreCountedTileByTile() {
        int n = 40_001; // more than two tiles
        double[] labels = new double[n];
        long[] expected = new long[7];
        for (int i = 0; i < n; i++) {
            labels[i] = i * 31L % 7;
            expected[(int) labels[i]]++;
        }
        assertEquals(ClassCounts.of(expected), ClassCounts.ofLabels(7, Nd4j.createFromArray(labels)));
    }

    @Test
    void aDataSetIsCountedInOnePassBetweenTwoResets() {
        DataSetIterator data = mock(DataSetIterator.class);
        when(data.resetSupported()).thenReturn(true);
        when(data.hasNext()).thenReturn(true, true, false);
        INDArray masked = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {0, 1}});
        when(data.next())
                .thenReturn(new DataSet(Nd4j.zeros(2, 4), Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}})))
                .thenReturn(new DataSet(Nd4j.zeros(3, 4), masked, null, column(1, 0, 0.5)));
        assertEquals(ClassCounts.of(2.0, 1.5), ClassCounts.of(data));
        InOrder order = inOrder(data);
        order.verify(data).reset();
        order.verify(data).hasNext();
        order.verify(data).reset();
    }

    @Test
    void aDataSetOfIndicesAsksTheIteratorForK() {
        DataSetIterator data = mock(DataSetIterator.class);
        when(data.resetSupported()).thenReturn(false);
        when(data.totalOutcomes()).thenReturn(4);
        when(data.hasNext()).thenReturn(true, false);
        when(data.next()).thenReturn(new DataSet(Nd4j.zeros(3, 4), column(3, 1, 3)));
        assertEquals(ClassCounts.of(0, 1, 0, 2), ClassCounts.of(data));
        verify(data, never()).reset();
    }

    @Test
    void aDataSetOfZerosAndOnesHasTwoClasses() {
        DataSetIterator data = mock(DataSetIterator.class);
        when(data.totalOutcomes()).thenReturn(1);
        when(data.hasNext()).thenReturn(true, false);
        when(data.next()).thenReturn(new DataSet(Nd4j.zeros(3, 4), column(1, 0, 1)));
        assertEquals(ClassCounts.of(1, 2), ClassCounts.of(data));
    }

    @Test
    void anEmptyDataSetIsRefused() {
        DataSetIterator data = mock(DataSetIterator.class);
        LossInputException e = assertThrows(LossInputException.class, () -> ClassCounts.of(data));
        assertEquals("L4J-W04", e.code());
    }

    @Test
    void r3_2_maskedLabelsAreNotCounted() {
        DataSetIterator data = mock(DataSetIterator.class);
        when(data.totalOutcomes()).thenReturn(3);
        // the masked label is none of the classes: it must not matter
        INDArray labels = column(2, 99, 0);
        INDArray perElement = Nd4j.createFromArray(new double[][] {{1, 0}, {1, 1}});
        when(data.hasNext()).thenReturn(true, false);
        when(data.next()).thenReturn(new DataSet(Nd4j.zeros(3, 4), labels, null, column(1, 0, 1)));
        assertEquals(ClassCounts.of(1, 0, 1), ClassCounts.of(data));
        when(data.hasNext()).thenReturn(true, false);
        when(data.next())
                .thenReturn(new DataSet(
                        Nd4j.zeros(2, 4),
                        Nd4j.createFromArray(new double[][] {{1, Double.NaN}, {0, 1}}),
                        null,
                        perElement));
        assertEquals(ClassCounts.of(1, 1), ClassCounts.of(data));
    }

    @Test
    void sequencesWithMasksPerStep() {
        DataSetIterator data = mock(DataSetIterator.class);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, 2, 3);
        for (int[] hit : List.of(
                new int[] {0, 0, 0},
                new int[] {0, 1, 1},
                new int[] {0, 1, 2},
                new int[] {1, 0, 0},
                new int[] {1, 1, 1},
                new int[] {1, 0, 2})) {
            labels.putScalar(hit, 1);
        }
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}});
        when(data.hasNext()).thenReturn(true, false);
        when(data.next()).thenReturn(new DataSet(Nd4j.zeros(2, 4, 3), labels, null, mask));
        assertEquals(ClassCounts.of(2, 1), ClassCounts.of(data));
    }

    private static MultiDataSetIterator outputs(INDArray[]... labels) {
        MultiDataSetIterator data = mock(MultiDataSetIterator.class);
        AtomicInteger next = new AtomicInteger();
        when(data.resetSupported()).thenReturn(true);
        doAnswer(call -> {
                    next.set(0);
                    return null;
                })
                .when(data)
                .reset();
        when(data.hasNext()).thenAnswer(call -> next.get() < labels.length);
        when(data.next()).thenAnswer(call -> {
            INDArray[] batch = labels[next.getAndIncrement()];
            return new MultiDataSet(
                    new INDArray[] {Nd4j.zeros(2, 4)}, new INDArray[] {batch[0], batch[1]}, null, new INDArray[] {
                        null, batch[2]
                    });
        });
        return data;
    }

    @Test
    void oneOutputOfSeveral() {
        INDArray half = column(1, 0.5);
        MultiDataSetIterator data = outputs(
                new INDArray[] {column(1, 1), Nd4j.createFromArray(new double[][] {{0, 1, 0}, {0, 0, 1}}), half},
                new INDArray[] {column(0, 1), Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 1, 0}}), half});
        assertEquals(ClassCounts.of(1, 3), ClassCounts.of(data, 0));
        assertEquals(ClassCounts.of(1, 1.5, 0.5), ClassCounts.of(data, 1), "the second pass sees the same");
        List<Long> progress = new ArrayList<>();
        assertEquals(ClassCounts.of(1, 3, 0), ClassCounts.of(data, 0, 3, progress::add));
        assertEquals(List.of(2L, 4L), progress);
        for (int bad : new int[] {-1, 2}) {
            LossInputException e = assertThrows(LossInputException.class, () -> ClassCounts.of(data, bad));
            assertEquals("L4J-W05", e.code());
            assertTrue(e.getMessage().contains("asked for output " + bad + ", expected 0 to 1"), e.getMessage());
        }
        assertEquals(
                "L4J-W04",
                assertThrows(LossInputException.class, () -> ClassCounts.of(outputs(), 0))
                        .code());
    }

    @Test
    void arraysAsTheyCome() {
        AtomicBoolean closed = new AtomicBoolean();
        List<INDArray> arrays = List.of(column(0, 2), column(2), column(1, 2, 2));
        assertEquals(
                ClassCounts.of(1, 1, 4), ClassCounts.ofLabels(3, arrays.stream().onClose(() -> closed.set(true))));
        assertTrue(closed.get());
        assertEquals(ClassCounts.of(1, 1, 4), ClassCounts.ofLabels(3, arrays.iterator()));
        assertEquals(ClassCounts.of(0, 0, 0), ClassCounts.ofLabels(3, Stream.empty()));
        assertEquals(ClassCounts.of(0.5, 0, 2), ClassCounts.ofLabels(3, column(0, 2), column(0.5, 2)));
    }

    @Test
    void workersAddUpToTheWholeInAnyOrder() {
        Random random = new Random(1);
        int[] labels = random.ints(10_007, 0, 5).toArray();
        List<ClassCounts> workers = new ArrayList<>();
        for (int from = 0; from < labels.length; from += 997) {
            workers.add(
                    ClassCounts.ofIndices(5, Arrays.copyOfRange(labels, from, Math.min(labels.length, from + 997))));
        }
        ClassCounts whole = ClassCounts.ofIndices(5, labels);
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(workers, random);
            assertEquals(whole, workers.stream().reduce(ClassCounts::plus).orElseThrow());
        }
        long many = 1L << 52;
        assertEquals(ClassCounts.of(many + 1, 3), ClassCounts.of(many, 1).plus(ClassCounts.of(1, 2)));
    }

    @Test
    void priorsAndMargins() {
        ClassCounts counts = ClassCounts.of(16, 1, 3);
        assertArrayEquals(new double[] {0.8, 0.05, 0.15}, counts.priors(), 1e-15);
        // 0.5 * 16^(-1/4) = 0.25; 0.5 * 3^(-1/4) = 0.379918
        assertArrayEquals(new double[] {0.25, 0.5, 0.379918}, counts.margins(0.5), 1e-6);
        assertEquals(PerColumn.of(16.0, 1, 3), counts.perColumn());
        assertEquals(
                "L4J-W03",
                assertThrows(
                                LossInputException.class,
                                () -> ClassCounts.of(1, 0).margins(0.5))
                        .code());
        assertEquals(
                "L4J-W04",
                assertThrows(
                                LossInputException.class,
                                () -> ClassCounts.of(0, 0).priors())
                        .code());
    }

    @Test
    void severalLabelsAtOnce() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0, 1}, {0, 0, 1}, {1, 0, Double.NaN}, {0, 1, 1}});
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1}, {1, 1, 1}, {2, 1, 0}, {0, 1, 1}});
        MultiLabelCounts counts = MultiLabelCounts.ofLabels(labels, mask);
        assertEquals(ClassCounts.of(3, 1, 3), counts.positives());
        assertEquals(ClassCounts.of(1, 3, 0), counts.negatives());
        assertEquals(PerColumn.of(1.0 / 3, 3, 0), counts.positiveWeights());
        assertArrayEquals(new double[] {0.75, 0.25, 1}, counts.priors());
        assertEquals(ClassCounts.of(6, 2, 6), counts.plus(counts).positives());
        MultiLabelCounts one = MultiLabelCounts.ofLabels(column(1, 0, 0, 0), column(1, 1, 1, 0));
        assertEquals(PerColumn.of(2.0), one.positiveWeights(), "a single sigmoid output");
        LossInputException never = assertThrows(
                LossInputException.class,
                () -> MultiLabelCounts.ofLabels(column(0, 0), null).positiveWeights());
        assertEquals("L4J-W03", never.code());
        DataSetIterator data = mock(DataSetIterator.class);
        when(data.hasNext()).thenReturn(true, true, false);
        when(data.next())
                .thenReturn(new DataSet(Nd4j.zeros(4, 2), labels, null, mask))
                .thenReturn(new DataSet(Nd4j.zeros(4, 2), labels, null, mask));
        assertEquals(counts.plus(counts), MultiLabelCounts.of(data));
    }
}
