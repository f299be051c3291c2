package io.loss4j;

import io.loss4j.error.LossInputException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * How much each class counts. A class weight multiplies the label's term of the loss, value and gradient alike.
 * Immutable; weights are finite and at least 0.
 */
public final class ClassWeights implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final ClassWeights NONE = new ClassWeights(new double[0]);

    private final double[] weights;

    private ClassWeights(double[] weights) {
        this.weights = weights;
    }

    /** Every class counts the same, however many there are. */
    public static ClassWeights none() {
        return NONE;
    }

    /** Explicit weights, one per class. */
    public static ClassWeights of(double... weights) {
        for (int k = 0; k < weights.length; k++) {
            if (!(weights[k] >= 0 && weights[k] < Double.POSITIVE_INFINITY)) {
                throw new LossInputException(
                        "L4J-W01",
                        "class weights",
                        "weight " + k + " is " + weights[k] + ", expected a finite number from 0",
                        "correct it");
            }
        }
        return weights.length == 0 ? NONE : new ClassWeights(weights.clone());
    }

    /** n / (K n_k): the weights of all examples sum to n. The same as "balanced" in scikit-learn. */
    public static ClassWeights balanced(ClassCounts counts) {
        double factor = counts.total() / counts.classes();
        return from("balanced", counts, n -> factor / n);
    }

    /** {@link #balanced(ClassCounts)} from plain counts. */
    public static ClassWeights balanced(long... counts) {
        return balanced(ClassCounts.of(counts));
    }

    /** 1 / n_k, scaled to sum to K. */
    public static ClassWeights inverse(ClassCounts counts) {
        return sumToK(from("inverse", counts, n -> 1 / n));
    }

    /** 1 / sqrt(n_k), scaled to sum to K: the milder form of {@link #inverse}. */
    public static ClassWeights squareRoot(ClassCounts counts) {
        return sumToK(from("square root", counts, n -> 1 / Math.sqrt(n)));
    }

    /**
     * (1 - beta) / (1 - beta^n_k), scaled to sum to K: the inverse effective number of samples of Cui et al. (2019).
     *
     * @param beta in [0, 1); 0 gives equal weights, towards 1 they become {@link #inverse}; 0.9 to 0.9999 is usual
     */
    public static ClassWeights effectiveNumber(ClassCounts counts, double beta) {
        if (!(beta >= 0 && beta < 1)) {
            throw new LossInputException(
                    "L4J-P05", "class weights", "beta is " + beta + ", expected 0 to below 1", "correct beta");
        }
        // 1 - beta^n by expm1, which stays exact where beta^n is close to 1.
        return sumToK(from(
                "effective number", counts, n -> beta == 0 ? 1 : (1 - beta) / -Math.expm1(n * Math.log(beta))));
    }

    private static ClassWeights from(String name, ClassCounts counts, DoubleUnaryOperator weight) {
        double[] weights = counts.toArray();
        for (int k = 0; k < weights.length; k++) {
            if (weights[k] == 0) {
                throw new LossInputException(
                        "L4J-W03",
                        "class weights (" + name + ")",
                        "class " + k + " never occurs, so its weight would be infinite",
                        "check the labels, or use counts.atLeast(1)");
            }
            weights[k] = weight.applyAsDouble(weights[k]);
        }
        return of(weights);
    }

    private static ClassWeights sumToK(ClassWeights raw) {
        double sum = Arrays.stream(raw.weights).sum();
        return of(Arrays.stream(raw.weights)
                .map(w -> w * raw.weights.length / sum)
                .toArray());
    }

    /** Whether every class counts the same by {@link #none}. */
    public boolean isNone() {
        return weights.length == 0;
    }

    /** How many classes, or 0 for {@link #none}. */
    public int classes() {
        return weights.length;
    }

    /** A copy of the weights; empty for {@link #none}. */
    public double[] toArray() {
        return weights.clone();
    }

    /** The weights without copying, for the lowering, which only reads them. */
    double[] shared() {
        return weights;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassWeights that && Arrays.equals(weights, that.weights);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(weights);
    }

    @Override
    public String toString() {
        return isNone() ? "none" : Arrays.toString(weights);
    }
}
