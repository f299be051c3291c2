package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.loss.GeneralizedCrossEntropy;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.MaeProbability;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Poly1CrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SoftmaxLoss;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Formulas for many targets at once against the scalar ones of the losses. */
class TargetFunctionTest {
    private static final Primitives PRIMITIVES = Simd.primitives();

    static Stream<SoftmaxLoss> losses() {
        return Stream.of(
                new SoftmaxFocal(1.0),
                new SoftmaxFocal(2.0),
                new SoftmaxFocal(3.0),
                new Poly1CrossEntropy(1),
                new Poly1CrossEntropy(0),
                new Poly1CrossEntropy(-0.5),
                new MaeProbability(),
                new GeneralizedCrossEntropy(0.7),
                new GeneralizedCrossEntropy(1),
                new GeneralizedCrossEntropy(0.01));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r1_1_valuesAndSlopesAreThoseOfTheFormula(SoftmaxLoss loss) {
        int n = 1 << 10;
        float[] p = new float[n];
        float[] q = new float[n];
        float[] minusLog = new float[n];
        for (int i = 0; i < n; i++) {
            // From 1e-36, a target that is nearly certain, to 80.
            minusLog[i] = (float) (1e-36 * Math.pow(80e36, (double) i / (n - 1)));
            p[i] = (float) Math.exp(-minusLog[i]);
            q[i] = (float) -Math.expm1(-minusLog[i]);
        }
        float[] value = new float[n];
        float[] slope = new float[n];
        TargetFunction.of(loss, PRIMITIVES).apply(p, q, minusLog, value, slope, n);
        for (int i = 0; i < n; i++) {
            assertClose(loss.value(-minusLog[i]), value[i], loss + ": value at " + -minusLog[i]);
            assertClose(loss.derivative(-minusLog[i]), slope[i], loss + ": slope at " + -minusLog[i]);
        }
    }

    /** To what the formula itself may lose next to 1. */
    private static void assertClose(double expected, float found, String what) {
        assertTrue(
                Math.abs(found - expected) <= 2e-6 * Math.abs(expected) + 1e-16,
                what + ": " + found + ", expected " + expected);
    }

    @Test
    void otherLossesHaveNone() {
        assertNull(TargetFunction.of(new SoftmaxCrossEntropy(), PRIMITIVES));
        assertNull(TargetFunction.of(new SoftmaxFocal(1.5), PRIMITIVES));
        assertNull(TargetFunction.of(new Poly1CrossEntropy(-1), PRIMITIVES));
        assertNull(TargetFunction.of(new SoftmaxFocal(PerColumn.of(1, 2), InputForm.LOGITS), PRIMITIVES));
    }
}
