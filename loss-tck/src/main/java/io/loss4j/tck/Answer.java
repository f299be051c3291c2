package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import java.util.Arrays;

/**
 * Everything that a loss function says about a batch, row after row.
 *
 * @param value the reduced loss
 * @param gradient rows x columns
 * @param terms weighted and unreduced; empty for losses of a whole batch
 */
record Answer(double value, double[] gradient, double[] terms) {
    /** Asks on arrays of its own for each call. */
    static Answer of(LossFunction f, Batch batch) {
        Answer reduced = reduced(f, batch);
        if (LossExample.isBatch(f.spec())) {
            return reduced;
        }
        Batch.Arguments a = batch.arguments();
        double[] terms =
                Batch.read(f.terms(a.predictions(), a.labels(), a.mask()), LossExample.isElementwise(f.spec()));
        return new Answer(reduced.value, reduced.gradient, terms);
    }

    /** Value and gradient only. */
    static Answer reduced(LossFunction f, Batch batch) {
        Batch.Arguments a = batch.arguments();
        LossResult result = f.valueAndGradient(a.predictions(), a.labels(), a.mask());
        return new Answer(result.value(), Batch.read(result.gradient(), true), new double[0]);
    }

    /** Value only. */
    static double value(LossFunction f, Batch batch) {
        Batch.Arguments a = batch.arguments();
        return f.value(a.predictions(), a.labels(), a.mask());
    }

    /** What rounding errors of the sum grow with. */
    double magnitude() {
        return terms.length == 0
                ? Math.max(1, Math.abs(value))
                : Arrays.stream(terms).map(Math::abs).sum();
    }
}
