package io.loss4j.loss;

/** A softmax loss divided by its sum over all classes as if each were the label: between 0 and 1. */
final class NormalizedLoss {
    private NormalizedLoss() {}

    /**
     * The normalised loss times a factor.
     *
     * @param slopes where the derivatives by the log-probabilities are added
     */
    static double add(double factor, SoftmaxLoss loss, double[] log, double[] targets, double[] slopes) {
        double given = 0;
        double all = 0;
        int impossible = 0;
        double givenToImpossible = 0;
        for (int k = 0; k < log.length; k++) {
            double value = loss.value(log[k]);
            given += Probability.weighted(targets[k], value);
            all += value;
            if (value == Double.POSITIVE_INFINITY) {
                impossible++;
                givenToImpossible += targets[k];
            }
        }
        if (impossible > 0) {
            return factor * givenToImpossible / impossible; // infinity through infinity: each of them counts the same
        }
        if (all == 0) {
            return 0; // one class only
        }
        double ratio = given / all;
        for (int k = 0; k < log.length; k++) {
            slopes[k] += factor * (targets[k] - ratio) / all * loss.derivative(log[k]);
        }
        return factor * ratio;
    }
}
