package io.loss4j.tck;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossProvider;
import io.loss4j.loss.LossType;
import io.loss4j.loss.RowLoss;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** One sound loss and many that are broken in one way. */
public final class BrokenLosses implements LossProvider {
    /** For the service loader. */
    public BrokenLosses() {}

    @Override
    public Collection<LossType<?>> losses() {
        return List.of(
                Sound.TYPE,
                WrongDerivative.TYPE,
                Overflows.TYPE,
                LosesGradient.TYPE,
                SwallowsNan.TYPE,
                CannotBeWritten.TYPE,
                HasNoEquality.TYPE,
                TakesGarbage.TYPE,
                WritesPredictions.TYPE,
                AddsToGradient.TYPE,
                ChargesForNothing.TYPE);
    }

    /** sqrt(d^2 + s^2) - s. */
    private static double charbonnier(double d, double scale) {
        return Math.hypot(d, scale) - scale;
    }

    private static double slope(double d, double scale) {
        return d / Math.hypot(d, scale);
    }

    /** As it should be. */
    public record Sound(double scale) implements ElementwiseLoss {
        static final LossType<Sound> TYPE = LossType.of(Sound.class, "test_sound", Map.of("scale", 1.0));

        public Sound {
            check("test_sound", scale);
        }

        static void check(String who, double scale) {
            if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
                throw new LossInputException("TEST-1", who, "scale is " + scale, "give one above 0");
            }
        }

        @Override
        public double value(double x, double y) {
            return charbonnier(x - y, scale);
        }

        @Override
        public double derivative(double x, double y) {
            return slope(x - y, scale);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** One percent off. */
    public record WrongDerivative() implements ElementwiseLoss {
        static final LossType<WrongDerivative> TYPE =
                LossType.of(WrongDerivative.class, "test_wrong_derivative", Map.of());

        @Override
        public double value(double x, double y) {
            return charbonnier(x - y, 1);
        }

        @Override
        public double derivative(double x, double y) {
            return 1.01 * slope(x - y, 1);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** log(1 + e^x), as it stands in the book. */
    public record Overflows() implements BinaryLoss {
        static final LossType<Overflows> TYPE = LossType.of(Overflows.class, "test_overflows", Map.of());

        @Override
        public double value(double x, double y, double positiveWeight) {
            return positiveWeight * y * Math.log(1 + Math.exp(-x)) + (1 - y) * Math.log(1 + Math.exp(x));
        }

        @Override
        public double derivative(double x, double y, double positiveWeight) {
            double p = 1 / (1 + Math.exp(-x));
            return (1 - y) * p - positiveWeight * y * (1 - p);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** The gradient is clipped, the value is not. */
    public record LosesGradient() implements ElementwiseLoss {
        static final LossType<LosesGradient> TYPE = LossType.of(LosesGradient.class, "test_loses_gradient", Map.of());

        @Override
        public double value(double x, double y) {
            return charbonnier(x - y, 1);
        }

        @Override
        public double derivative(double x, double y) {
            return Math.abs(x) > 18 ? 0 : slope(x - y, 1);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Comparisons with NaN are false. */
    public record SwallowsNan() implements ElementwiseLoss {
        static final LossType<SwallowsNan> TYPE = LossType.of(SwallowsNan.class, "test_swallows_nan", Map.of());

        @Override
        public double value(double x, double y) {
            double d = x - y;
            return d > 0 || d < 0 ? charbonnier(d, 1) : 0;
        }

        @Override
        public double derivative(double x, double y) {
            double d = x - y;
            return d > 0 || d < 0 ? slope(d, 1) : 0;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Refuses Java serialisation. */
    public record CannotBeWritten() implements ElementwiseLoss {
        static final LossType<CannotBeWritten> TYPE =
                LossType.of(CannotBeWritten.class, "test_cannot_be_written", Map.of());

        @SuppressWarnings("unused") // called by serialisation
        private Object writeReplace() throws NotSerializableException {
            throw new NotSerializableException("a cache");
        }

        @Override
        public double value(double x, double y) {
            return charbonnier(x - y, 1);
        }

        @Override
        public double derivative(double x, double y) {
            return slope(x - y, 1);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** No provider lists it. */
    public record IsNotRegistered() implements ElementwiseLoss {
        static final LossType<IsNotRegistered> TYPE =
                LossType.of(IsNotRegistered.class, "test_is_not_registered", Map.of());

        @Override
        public double value(double x, double y) {
            return charbonnier(x - y, 1);
        }

        @Override
        public double derivative(double x, double y) {
            return slope(x - y, 1);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Equal to itself only. */
    public record HasNoEquality(double scale) implements ElementwiseLoss {
        static final LossType<HasNoEquality> TYPE =
                LossType.of(HasNoEquality.class, "test_has_no_equality", Map.of("scale", 1.0));

        public HasNoEquality {
            Sound.check("test_has_no_equality", scale);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Double.hashCode(scale);
        }

        @Override
        public double value(double x, double y) {
            return charbonnier(x - y, scale);
        }

        @Override
        public double derivative(double x, double y) {
            return slope(x - y, scale);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Any number is good enough for a scale. */
    public record TakesGarbage(double scale) implements ElementwiseLoss {
        static final LossType<TakesGarbage> TYPE =
                LossType.of(TakesGarbage.class, "test_takes_garbage", Map.of("scale", 1.0));

        @Override
        public double value(double x, double y) {
            return charbonnier(x - y, scale);
        }

        @Override
        public double derivative(double x, double y) {
            return slope(x - y, scale);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Takes differences in place. */
    public record WritesPredictions() implements RowLoss {
        static final LossType<WritesPredictions> TYPE =
                LossType.of(WritesPredictions.class, "test_writes_predictions", Map.of());

        @Override
        public double evaluate(double[] predictions, double[] targets, double[] gradient) {
            double sum = 0;
            for (int k = 0; k < predictions.length; k++) {
                predictions[k] -= targets[k];
                sum += charbonnier(predictions[k], 1);
                gradient[k] = slope(predictions[k], 1);
            }
            return sum;
        }

        @Override
        public boolean classification() {
            return false;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Hopes for a gradient of zeros. */
    public record AddsToGradient() implements RowLoss {
        static final LossType<AddsToGradient> TYPE =
                LossType.of(AddsToGradient.class, "test_adds_to_gradient", Map.of());

        @Override
        public double evaluate(double[] predictions, double[] targets, double[] gradient) {
            double sum = 0;
            for (int k = 0; k < predictions.length; k++) {
                sum += charbonnier(predictions[k] - targets[k], 1);
                gradient[k] += slope(predictions[k] - targets[k], 1);
            }
            return sum;
        }

        @Override
        public boolean classification() {
            return false;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** 1 - sum w y p / (1 + sum w): 1 for an empty batch. */
    public record ChargesForNothing() implements BatchLoss {
        static final LossType<ChargesForNothing> TYPE =
                LossType.of(ChargesForNothing.class, "test_charges_for_nothing", Map.of());

        @Override
        public double evaluate(
                int rows, int columns, double[] predictions, double[] labels, double[] weights, double[] gradient) {
            double total = 1 + Arrays.stream(weights).sum();
            double hits = 0;
            for (int i = 0; i < rows * columns; i++) {
                hits += weights[i] * labels[i] * predictions[i];
                gradient[i] = -weights[i] * labels[i] / total;
            }
            return 1 - hits / total;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }
}
