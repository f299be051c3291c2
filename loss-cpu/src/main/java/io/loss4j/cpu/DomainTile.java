package io.loss4j.cpu;

import io.loss4j.loss.ElementwiseLoss;
import org.jspecify.annotations.Nullable;

/**
 * A fast function where it is accurate, and the formula for the elements elsewhere. Asking once per tile costs less than
 * a function that could do everything, and an element's result does not depend on its neighbours.
 */
final class DomainTile implements TileFunction {
    /** From one number to another, both included; NaN is in none. */
    record Interval(float low, float high) {
        static final Interval FINITE = symmetric(Float.MAX_VALUE);
        static final Interval POSITIVE = new Interval(0, Float.MAX_VALUE);
        static final Interval PROBABILITY = new Interval(0, 1);

        static Interval symmetric(float high) {
            return new Interval(-high, high);
        }

        boolean has(float v) {
            return v >= low && v <= high;
        }
    }

    private final TileFunction fast;
    private final FormulaTile formula;
    private final Interval predictions;
    /** Null for labels 0 and 1 only: then tiles with soft labels go by the formula as a whole. */
    private final @Nullable Interval labels;

    private final Primitives primitives;

    private DomainTile(
            TileFunction fast,
            FormulaTile formula,
            Interval predictions,
            @Nullable Interval labels,
            Primitives primitives) {
        this.fast = fast;
        this.formula = formula;
        this.predictions = predictions;
        this.labels = labels;
        this.primitives = primitives;
    }

    static Maker of(ElementwiseLoss loss, Interval predictions, Interval labels, Maker fast) {
        FormulaTile formula = new FormulaTile(loss);
        return (primitives, capacity) ->
                new DomainTile(fast.make(primitives, capacity), formula, predictions, labels, primitives);
    }

    /** For a function that knows labels 0 and 1 only. */
    static Maker ofBits(ElementwiseLoss loss, Interval predictions, Maker fast) {
        FormulaTile formula = new FormulaTile(loss);
        return (primitives, capacity) ->
                new DomainTile(fast.make(primitives, capacity), formula, predictions, null, primitives);
    }

    @Override
    public void apply(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        if (labels == null && !primitives.onlyZerosAndOnes(y, n)) {
            formula.apply(x, y, positive, value, derivative, n);
            return;
        }
        fast.apply(x, y, positive, value, derivative, n);
        if (primitives.within(x, predictions.low, predictions.high, n)
                && (labels == null || primitives.within(y, labels.low, labels.high, n))) {
            return;
        }
        for (int i = 0; i < n; i++) {
            if (!predictions.has(x[i]) || labels != null && !labels.has(y[i])) {
                formula.element(i, x, y, positive, value, derivative);
            }
        }
    }
}
