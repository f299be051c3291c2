package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which parameters reach a kernel, and which losses it refuses. */
class FormulaTest {
    private static double[] parameters(LossSpec spec, int n) {
        Formula formula = Formula.of(spec);
        assertNull(formula.decline, () -> String.valueOf(formula.decline));
        return Arrays.copyOf(formula.parameters, n);
    }

    private static void requireDeclined(LossSpec spec, String reason) {
        Formula formula = Formula.of(spec);
        assertNotNull(formula.decline, spec::toString);
        assertEquals("L4J-C21", formula.decline.code());
        assertTrue(formula.decline.reason().contains(reason), formula.decline::reason);
    }

    @Test
    void parametersComeInTheOrderOfTheTable() {
        assertArrayEquals(new double[] {1.5, 0}, parameters(new Huber(1.5), 2));
        assertArrayEquals(new double[] {2, 0.25}, parameters(new SigmoidFocal(0.25, 2), 2));
        assertArrayEquals(new double[] {2, Double.NaN}, parameters(new SigmoidFocal(2), 2));
        assertArrayEquals(new double[] {3}, parameters(new SoftmaxFocal(3), 1));
    }

    @Test
    void numbersPerColumnGoApart() {
        LossSpec spec = new SoftmaxFocal(PerColumn.of(1.0, 2, 3), InputForm.LOGITS);
        parameters(spec, 0);
        assertArrayEquals(new double[] {1, 2, 3}, Formula.of(spec).perColumn);
        assertNull(Formula.of(new SoftmaxFocal(2)).perColumn);
    }

    @Test
    void whatChangesLogitsIsNoParameterOfTheKernel() {
        parameters(new Ldam(PerColumn.of(5.0, 2), 0.3, 7), 0);
    }

    @Test
    void r8_otherFormsAndUnknownLossesAreDeclined() {
        requireDeclined(new SoftmaxFocal(PerColumn.all(2), InputForm.PROBABILITIES), "from logits, not from prob");
        requireDeclined(new SigmoidFocal(null, 2, InputForm.PROBABILITIES), "from logits, not from prob");
        requireDeclined(new CrossEntropy(), "there is no CUDA kernel");
    }

    /** A loss that borrows the type of another is not computed by its kernel. */
    @Test
    void r8_aBorrowedNameIsDeclined() {
        record Borrowed(double delta) implements ElementwiseLoss {
            @Override
            public double value(double x, double y) {
                return 0;
            }

            @Override
            public double derivative(double x, double y) {
                return 0;
            }

            @Override
            public LossType<?> type() {
                return Huber.TYPE;
            }
        }
        requireDeclined(new Borrowed(1), "does not know the form");
    }

    /** The table may be ahead of the catalogue, but what both know must fit together. */
    @Test
    void everyLossOfTheTableThatIsKnownIsAccepted() {
        int known = 0;
        for (KernelTable.Loss loss : KernelTable.LOSSES.values()) {
            LossType<?> type = LossCatalogue.types().get(loss.id());
            if (type == null) {
                continue;
            }
            known++;
            boolean required = type.parameters().stream().anyMatch(LossType.Parameter::required);
            LossSpec spec = type.create(required ? example(type) : Map.of()).formula(2);
            assertNull(Formula.of(spec).decline, () -> String.valueOf(Formula.of(spec).decline));
            String shape = spec instanceof SoftmaxLoss
                    ? "softmax"
                    : spec instanceof ElementwiseLoss ? "elementwise" : loss.isOwn() ? "row" : "whole_row";
            assertEquals(shape, loss.shape(), loss.id());
        }
        assertTrue(known >= 10, "losses in both: " + known);
    }

    private static Map<String, Object> example(LossType<?> type) {
        String name = type.parameters().stream()
                .filter(LossType.Parameter::required)
                .findFirst()
                .orElseThrow()
                .name();
        return Map.of(name, name.equals("class_counts") ? PerColumn.of(4.0, 2) : 0.5);
    }
}
