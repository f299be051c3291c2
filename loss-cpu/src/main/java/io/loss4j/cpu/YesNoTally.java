package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.InputForm;
import org.jspecify.annotations.Nullable;

/** Adds up elements by their column and the "no" and "yes" of their label, in the order of rows. */
final class YesNoTally {
    private final @Nullable InputForm input;
    /** The prediction above which "yes" is more probable. */
    private final double threshold;

    YesNoTally(LossJob job) {
        input = job.spec().input();
        threshold = input == InputForm.LOGITS ? 0 : input == InputForm.PROBABILITIES ? 0.5 : Math.log(0.5);
    }

    /** Adds an element of the label y, before smoothing, whose probabilities are not known yet. */
    void add(int column, double x, double y, double weight, double term, ClassTotals totals) {
        if (input == InputForm.LOGITS) {
            double e = Math.exp(-Math.abs(x));
            double small = e / (1 + e);
            double large = 1 / (1 + e);
            add(column, x, y, weight, term, x < 0 ? small : large, x < 0 ? large : small, totals);
        } else {
            double p = input == InputForm.PROBABILITIES ? x : Math.exp(x);
            add(column, x, y, weight, term, p, 1 - p, totals);
        }
    }

    /** The same with the probabilities of "yes" and "no". */
    void add(int column, double x, double y, double weight, double term, double p, double q, ClassTotals totals) {
        double yes = Math.min(1, Math.max(0, y));
        double no = 1 - yes;
        if (weight == 0) {
            return;
        }
        if (no != 0) {
            totals.add(2 * column, no, weight * no, term * no, q, x <= threshold);
        }
        if (yes != 0) {
            totals.add(2 * column + 1, yes, weight * yes, term * yes, p, x > threshold);
        }
    }
}
