package io.loss4j.cpu;

import io.loss4j.cpu.DomainTile.Interval;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Negative log-likelihoods of counts and amounts. */
final class LikelihoodTile {
    /** Of larger labels the terms of Stirling's approximation leave too few digits. */
    static final Interval STIRLING_LABELS = new Interval(-Float.MAX_VALUE, 1e5f);

    /** Logarithms of rates whose ratio to such a label is a float. */
    static final Interval STIRLING_EXPONENTS = Interval.symmetric(60);

    private static final float HALF_LOG_TWO_PI = 0.9189385f;

    private final Primitives primitives;
    private final float[] e;
    private final float[] growth;

    LikelihoodTile(Primitives primitives, int capacity) {
        this.primitives = primitives;
        Scratch scratch = Scratch.ofThisThread();
        this.e = scratch.floats(capacity);
        this.growth = scratch.floats(capacity);
    }

    /**
     * From log-rates.
     *
     * @param full whether to add Stirling's approximation of log y!
     */
    void poisson(boolean full, float[] x, float[] y, float[] value, float[] derivative, int n) {
        primitives.exp(x, e, n);
        for (int i = 0; i < n; i++) {
            value[i] = e[i] - y[i] * x[i];
            derivative[i] = e[i] - y[i];
        }
        if (full) {
            stirling(e, y, value, n);
        }
    }

    /** From rates of at least 0. */
    void poissonOfRates(float epsilon, boolean full, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = x[i] + epsilon;
        }
        primitives.log(e, growth, n);
        for (int i = 0; i < n; i++) {
            value[i] = x[i] - y[i] * growth[i];
        }
        for (int i = 0; i < n; i++) {
            derivative[i] = 1 - y[i] / e[i];
        }
        if (full) {
            stirling(x, y, value, n);
        }
    }

    /**
     * Replaces the values of labels above 1 by rate - y + y log(y / e) + log(2 pi y) / 2. The logarithm of the ratio,
     * log(1 + (larger - smaller) / smaller), keeps what is left when the other terms cancel.
     */
    private void stirling(float[] rate, float[] y, float[] value, int n) {
        for (int i = 0; i < n; i++) {
            float label = Math.max(y[i], 1);
            float smaller = Math.min(e[i], label);
            growth[i] = (Math.max(e[i], label) - smaller) / smaller;
        }
        primitives.logOnePlus(growth, growth, n);
        for (int i = 0; i < n; i++) {
            float label = Math.max(y[i], 1);
            growth[i] = rate[i] - label + label * growth[i] * RegressionTile.sign(label - e[i]);
            e[i] = label;
        }
        primitives.log(e, e, n);
        for (int i = 0; i < n; i++) {
            float large = RegressionTile.sign(Math.max(0, y[i] - 1));
            value[i] = large * (growth[i] + 0.5f * e[i] + HALF_LOG_TWO_PI) + (1 - large) * value[i];
        }
    }

    void gamma(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = -x[i];
        }
        primitives.exp(e, e, n);
        for (int i = 0; i < n; i++) {
            float ratio = y[i] * e[i];
            value[i] = x[i] + ratio;
            derivative[i] = 1 - ratio;
        }
    }

    /**
     * The deviance of a power p of the variance: growth(2 - p) - y growth(1 - p).
     *
     * @param ofMean 2 - p
     * @param ofLabel 1 - p
     */
    void tweedie(float ofMean, float ofLabel, float[] x, float[] y, float[] value, float[] derivative, int n) {
        grow(ofMean, x, n);
        System.arraycopy(growth, 0, value, 0, n);
        System.arraycopy(e, 0, derivative, 0, n);
        grow(ofLabel, x, n);
        for (int i = 0; i < n; i++) {
            value[i] -= y[i] * growth[i];
            derivative[i] -= y[i] * e[i];
        }
    }

    /** Sets e to e^(t x) and growth to its integral from 0. */
    private void grow(float t, float[] x, int n) {
        if (t == 0) {
            Arrays.fill(e, 0, n, 1);
            System.arraycopy(x, 0, growth, 0, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            e[i] = t * x[i];
        }
        primitives.expAndOneLess(e, e, growth, n);
        for (int i = 0; i < n; i++) {
            growth[i] /= t;
        }
    }
}
