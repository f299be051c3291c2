package io.loss4j.loss;

import java.util.Arrays;

/** Cross-entropy to a mixture of the label and a belief that counts as a constant. */
final class Bootstrap {
    private Bootstrap() {}

    static double evaluate(double[] predictions, double[] belief, double beta, double[] targets, double[] gradient) {
        double[] log = LogSoftmax.of(predictions);
        double total = Arrays.stream(targets).sum();
        double value = 0;
        for (int k = 0; k < log.length; k++) {
            double mixed = beta * targets[k] + (1 - beta) * total * belief[k];
            value -= Probability.weighted(mixed, log[k]);
            gradient[k] = -mixed;
        }
        LogSoftmax.toLogits(log, gradient);
        return value;
    }
}
