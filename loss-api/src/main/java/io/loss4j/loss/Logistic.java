package io.loss4j.loss;

/** The logistic function and its logarithm, accurate over the whole range of doubles. */
final class Logistic {
    private Logistic() {}

    /** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|): the second form cannot overflow. */
    static double softplus(double x) {
        return Math.max(x, 0) + tail(x);
    }

    /** log(1 + e^-|x|), what softplus(x) and softplus(-x) have in common. */
    static double tail(double x) {
        return Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** 1 / (1 + e^-x), in the form whose exponential is at most 1, so that small results keep all their digits. */
    static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }
}
