package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Sums and multiples of losses, and changes of logits one after the other. */
class CompositionTest {
    private static final LossSpec SQUARED = new MeanSquaredError();
    private static final LossSpec ABSOLUTE = new MeanAbsoluteError();

    private static void refused(String part, Executable call) {
        LossInputException e = assertThrows(LossInputException.class, call);
        assertEquals("L4J-P05", e.code());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void sumsAndMultiplesAreTakenApart() {
        LossSpec nested = new Scaled(
                2,
                new WeightedSum(
                        List.of(new Scaled(3, SQUARED), new WeightedSum(SQUARED, ABSOLUTE)), PerColumn.of(0.5, 4)));
        assertEquals(
                List.of(new Scaled(3, SQUARED), new Scaled(8, SQUARED), new Scaled(8, ABSOLUTE)),
                WeightedSum.parts(nested));
        assertEquals(List.of(new Scaled(1, SQUARED)), WeightedSum.parts(SQUARED));
    }

    @Test
    void errorsPerOutputAreAMultiple() {
        assertEquals(new Scaled(0.25, SQUARED), new MeanSquaredError(true).formula(4));
        assertEquals(new Scaled(0.25, ABSOLUTE), new MeanAbsoluteError(true).formula(4));
        assertEquals(
                new Scaled(0.25, new MeanAbsolutePercentageError(0.1)),
                new MeanAbsolutePercentageError(0.1, true).formula(4));
        assertEquals(
                new Scaled(0.25, new MeanSquaredLogarithmicError(0.1)),
                new MeanSquaredLogarithmicError(0.1, true).formula(4));
        assertEquals(new Scaled(0.25, new Wasserstein()), new Wasserstein(true).formula(4));
        assertSame(SQUARED, SQUARED.formula(4));
    }

    @Test
    void whatASumReadsIsWhatItsLossesRead() {
        WeightedSum sum = new WeightedSum(new SoftmaxCrossEntropy(), new SoftmaxFocal(2), ABSOLUTE);
        assertEquals(InputForm.LOGITS, sum.input());
        assertEquals(Activation.SOFTMAX, sum.activation());
        assertNull(new WeightedSum(SQUARED, ABSOLUTE).input());
        assertEquals(Activation.ANY, new WeightedSum(SQUARED, ABSOLUTE).activation());
        refused(
                "disagree about the activation: softmax_cross_entropy softmax, sigmoid_cross_entropy sigmoid",
                () -> new WeightedSum(new SoftmaxCrossEntropy(), new SigmoidCrossEntropy()));
        refused(
                "disagree about the form of predictions: cross_entropy probabilities, softmax_focal logits",
                () -> new WeightedSum(new CrossEntropy(), ABSOLUTE, new SoftmaxFocal(2)));
    }

    @Test
    void theTwinOverLogitsIsMadeOfTwins() {
        LossSpec sum = new WeightedSum(new CrossEntropy(), new Scaled(2, new NegativeLogLikelihoodOfProbabilities()));
        assertEquals(
                new WeightedSum(new SoftmaxCrossEntropy(), new Scaled(2, new SoftmaxCrossEntropy())),
                sum.overLogits(Activation.SOFTMAX));
        assertNull(sum.overLogits(Activation.SIGMOID));
        assertNull(new WeightedSum(new CrossEntropy(0.1)).overLogits(Activation.SOFTMAX));
        LossSpec logits = new Scaled(2, new SoftmaxCrossEntropy());
        assertSame(logits, logits.overLogits(Activation.SOFTMAX));
        assertNull(new Scaled(2, SQUARED).overLogits(Activation.SOFTMAX));
    }

    /** Stands for another loss of probabilities with a twin. */
    private record NegativeLogLikelihoodOfProbabilities() implements LossSpec {
        @Override
        public InputForm input() {
            return InputForm.PROBABILITIES;
        }

        @Override
        public Activation activation() {
            return Activation.SOFTMAX;
        }

        @Override
        public LossSpec overLogits(Activation activation) {
            return activation == Activation.SOFTMAX ? new SoftmaxCrossEntropy() : null;
        }

        @Override
        public LossType<?> type() {
            return SoftmaxCrossEntropy.TYPE;
        }
    }

    @Test
    void wrongSumsAreRefused() {
        refused("losses is empty", WeightedSum::new);
        refused("2 weights for 1 losses", () -> new WeightedSum(List.of(SQUARED), PerColumn.of(1.0, 2)));
        refused("weights[1] is -1.0", () -> new WeightedSum(List.of(SQUARED, ABSOLUTE), PerColumn.of(1.0, -1)));
        refused("weights is NaN", () -> new WeightedSum(List.of(SQUARED), PerColumn.all(Double.NaN)));
        refused("factor is -1.0", () -> new Scaled(-1, SQUARED));
        refused("factor is Infinity", () -> new Scaled(Double.POSITIVE_INFINITY, SQUARED));
    }

    @Test
    void changesOfLogitsOneAfterTheOtherAreOne() {
        double[] z = {0.3, -2};
        double[] t = {1, 0};
        LogitTransform first = new LogitTransform(2, new double[] {1, -3}, null);
        LogitTransform second = new LogitTransform(5, new double[] {0.5, 4}, new double[] {0.7, 0.1});
        assertArrayEquals(apply(second, apply(first, z, t), t), apply(first.then(second), z, t), 1e-12);
        assertArrayEquals(apply(first, apply(second, z, t), t), apply(second.then(first), z, t), 1e-12);
        assertSame(first, first.then(LogitTransform.IDENTITY));
        assertSame(first, LogitTransform.IDENTITY.then(first));
    }

    private static double[] apply(LogitTransform transform, double[] z, double[] t) {
        double[] bias = transform.bias();
        double[] margin = transform.margin();
        double[] out = new double[z.length];
        for (int k = 0; k < z.length; k++) {
            double shifted = z[k] + (bias == null ? 0 : bias[k]) - (margin == null ? 0 : margin[k] * t[k]);
            out[k] = transform.scale() * shifted;
        }
        return out;
    }

    @Test
    void changesOfLogitsAreComparedByContent() {
        PerColumn counts = PerColumn.of(16L, 1L);
        assertEquals(LogitTransform.margins(counts, 0.5, 3), new LogitTransform(3, null, new double[] {0.25, 0.5}));
        assertEquals(new Ldam(counts, 0.5, 3).logits(), LogitTransform.margins(counts, 0.5, 3));
        assertEquals(new LogitAdjustedCrossEntropy(counts, 2).logits(), LogitTransform.priors(counts, 2));
        assertEquals(
                LogitTransform.priors(counts, 2).hashCode(),
                LogitTransform.priors(counts, 2).hashCode());
        assertTrue(!LogitTransform.priors(counts, 2).equals(LogitTransform.priors(counts, 1)));
        assertEquals(2, LogitTransform.priors(counts, 2).columns());
        assertEquals(0, new LogitTransform(3, null, null).columns());
    }

    @Test
    void wrongChangesOfLogitsAreRefused() {
        refused("scale is 0.0", () -> new LogitTransform(0, null, null));
        refused("bias[1] is NaN", () -> new LogitTransform(1, new double[] {0, Double.NaN}, null));
        refused("1 biases and 2 margins", () -> new LogitTransform(1, new double[1], new double[2]));
        refused("tau is 0.0", () -> LogitTransform.priors(PerColumn.of(1L, 2L), 0));
        refused("class_counts[0] is 0.0", () -> LogitTransform.margins(PerColumn.of(0L, 2L), 0.5, 1));
        refused("max_margin is -1.0", () -> LogitTransform.margins(PerColumn.of(1L, 2L), -1, 1));
    }
}
