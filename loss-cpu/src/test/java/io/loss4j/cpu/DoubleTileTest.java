package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast functions in double against the scalar formulas of their losses, element by element. */
class DoubleTileTest {
    /** Where e^-x rounds off 1 + e^-x, leaves normal numbers, and vanishes; beyond half the exponents; the ends. */
    private static final double[] NUMBERS = {
        0,
        Double.MIN_VALUE,
        1e-310,
        1e-160,
        1e-17,
        1e-8,
        0.3,
        1,
        2.5,
        19,
        36.7,
        37.5,
        300,
        700,
        708.5,
        744,
        746,
        1e4,
        1e160,
        1e300,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NaN
    };

    private static final double[] LABELS = {0, 1, 0.5, 0.1, 0.999};

    private final DoublePrimitives primitives = Simd.primitives().doubles();

    static List<ElementwiseLoss> losses() {
        return List.of(
                new SigmoidCrossEntropy(),
                new SigmoidFocal(0.25, 2),
                new SigmoidFocal(2),
                new SigmoidFocal(0),
                new SigmoidFocal(0.9, 1),
                new SigmoidFocal(0.6, 0.5),
                new SigmoidFocal(3.7));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r1_1_agreesWithTheFormula(ElementwiseLoss loss) {
        int elements = 2 * NUMBERS.length * LABELS.length;
        double[] x = primitives.array(elements);
        double[] y = primitives.array(elements);
        for (int i = 0; i < elements; i++) {
            double number = NUMBERS[i / 2 % NUMBERS.length];
            x[i] = i % 2 == 0 ? number : -number;
            y[i] = LABELS[i / 2 / NUMBERS.length];
        }
        double[] value = new double[x.length];
        double[] derivative = new double[x.length];
        DoubleTile tile = DoubleTile.of(loss, primitives, x.length);
        assertNotNull(tile);
        tile.apply(x, y, value, derivative, x.length);
        for (int i = 0; i < elements; i++) {
            String where = " at x = " + x[i] + ", y = " + y[i];
            same("value" + where, loss.value(x[i], y[i]), value[i]);
            same("derivative" + where, loss.derivative(x[i], y[i]), derivative[i]);
        }
    }

    /** Relative, except for what a difference of numbers up to 1 leaves. */
    private static void same(String what, double expected, double found) {
        boolean finite = Math.abs(expected) <= Double.MAX_VALUE;
        assertEquals(expected, found, finite ? 1e-13 * Math.abs(expected) + 1e-16 : 0, what);
    }

    @Test
    void otherLossesGoByTheirFormula() {
        assertNull(DoubleTile.of(new Huber(), primitives, 64));
        assertNull(DoubleTile.of(new SigmoidFocal(null, 2, InputForm.PROBABILITIES), primitives, 64));
    }
}
