package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassWeightsTest {
    private static final ClassCounts COUNTS = ClassCounts.of(10, 40, 50);

    @Test
    void balancedIsThatOfScikitLearn() {
        // compute_class_weight("balanced"): n / (K n_k)
        assertArrayEquals(
                new double[] {100 / 30.0, 100 / 120.0, 100 / 150.0},
                ClassWeights.balanced(10, 40, 50).toArray(),
                1e-15);
        assertEquals(ClassWeights.balanced(COUNTS), ClassWeights.balanced(10, 40, 50));
        double[] w = ClassWeights.balanced(COUNTS).toArray();
        assertEquals(100, 10 * w[0] + 40 * w[1] + 50 * w[2], 1e-12, "all examples together weigh n");
    }

    @Test
    void inverseSumsToK() {
        double[] w = ClassWeights.inverse(COUNTS).toArray();
        assertEquals(3, Arrays.stream(w).sum(), 1e-15);
        assertEquals(4, w[0] / w[1], 1e-14);
        assertEquals(5, w[0] / w[2], 1e-14);
    }

    @Test
    void squareRootIsMilder() {
        double[] w = ClassWeights.squareRoot(COUNTS).toArray();
        assertEquals(3, Arrays.stream(w).sum(), 1e-15);
        assertEquals(2, w[0] / w[1], 1e-14);
        assertEquals(Math.sqrt(5), w[0] / w[2], 1e-14);
    }

    @Test
    void effectiveNumberIsThatOfCui() {
        double beta = 0.99;
        double[] raw = {
            0.01 / (1 - Math.pow(beta, 10)), 0.01 / (1 - Math.pow(beta, 40)), 0.01 / (1 - Math.pow(beta, 50))
        };
        double sum = Arrays.stream(raw).sum();
        double[] w = ClassWeights.effectiveNumber(COUNTS, beta).toArray();
        for (int k = 0; k < 3; k++) {
            assertEquals(3 * raw[k] / sum, w[k], 1e-13);
        }
    }

    @Test
    void effectiveNumberBetweenItsEnds() {
        assertEquals(ClassWeights.of(1, 1, 1), ClassWeights.effectiveNumber(COUNTS, 0));
        assertArrayEquals(
                ClassWeights.inverse(COUNTS).toArray(),
                ClassWeights.effectiveNumber(COUNTS, Math.nextDown(1.0)).toArray(),
                1e-12);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
    void betaIsBelowOne(double beta) {
        LossInputException e = assertThrows(LossInputException.class, () -> ClassWeights.effectiveNumber(COUNTS, beta));
        assertEquals("L4J-P05", e.code());
        assertTrue(e.getMessage().contains("beta is " + beta), e.getMessage());
    }

    @Test
    void aClassThatNeverOccursIsRefusedWithARemedy() {
        ClassCounts counts = ClassCounts.of(3, 0, 5);
        for (Function<ClassCounts, ClassWeights> rule : Arrays.<Function<ClassCounts, ClassWeights>>asList(
                ClassWeights::balanced,
                ClassWeights::inverse,
                ClassWeights::squareRoot,
                c -> ClassWeights.effectiveNumber(c, 0.9))) {
            LossInputException e = assertThrows(LossInputException.class, () -> rule.apply(counts));
            assertEquals("L4J-W03", e.code());
            assertTrue(e.getMessage().contains("class 1 never occurs"), e.getMessage());
            assertTrue(e.getMessage().contains("counts.atLeast(1)"), e.getMessage());
            assertTrue(rule.apply(counts.atLeast(1)).toArray()[1] > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void r3_1_weightsAreFiniteAndNotNegative(double bad) {
        LossInputException e = assertThrows(LossInputException.class, () -> ClassWeights.of(1, bad));
        assertEquals("L4J-W01", e.code());
        assertTrue(e.getMessage().contains("weight 1 is " + bad), e.getMessage());
    }

    @Test
    void r7_1_weightsAreComparedByContent() {
        assertEquals(ClassWeights.of(1, 2), ClassWeights.of(1, 2));
        assertEquals(ClassWeights.of(1, 2).hashCode(), ClassWeights.of(1, 2).hashCode());
        assertNotEquals(ClassWeights.of(1, 2), ClassWeights.of(2, 1));
        assertNotEquals(ClassWeights.of(1), ClassWeights.none());
        assertEquals("[1.0, 2.0]", ClassWeights.of(1, 2).toString());
        assertEquals("none", ClassWeights.none().toString());
    }

    @Test
    void r6_1_weightsCannotBeChangedFromOutside() {
        double[] numbers = {1, 2};
        ClassWeights weights = ClassWeights.of(numbers);
        numbers[0] = 9;
        weights.toArray()[0] = 9;
        assertEquals(ClassWeights.of(1, 2), weights);
    }

    @Test
    void noneHasNoWeights() {
        assertTrue(ClassWeights.none().isNone());
        assertEquals(0, ClassWeights.none().classes());
        assertEquals(0, ClassWeights.none().toArray().length);
        assertEquals(2, ClassWeights.of(1, 0).classes());
    }
}
