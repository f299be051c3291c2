package io.loss4j.dl4j.metric;

/** Proper scores: best for those who say the true probabilities. */
final class ProbabilityScores {
    /** scikit-learn's: the distance of 1 from the next double. */
    private static final double LEAST = Math.ulp(1.0);

    private ProbabilityScores() {}

    static double logLoss(Predictions p) {
        p.requireProbabilities("log loss", true);
        double sum = 0;
        for (int row = 0; row < p.rows(); row++) {
            sum -= Math.log(Math.min(1, Math.max(LEAST, p.score(row, p.label(row)))));
        }
        return sum / p.rows();
    }

    static double brier(Predictions p) {
        p.requireProbabilities("Brier score", true);
        double sum = 0;
        for (int k = 0; k < p.classes(); k++) {
            sum += squares(p, k);
        }
        return sum / p.rows();
    }

    static double brier(Predictions p, int k) {
        return squares(p.requireProbabilities("Brier score", false), k) / p.rows();
    }

    private static double squares(Predictions p, int k) {
        double sum = 0;
        for (int row = 0; row < p.rows(); row++) {
            double d = p.score(row, k) - (p.label(row) == k ? 1 : 0);
            sum += d * d;
        }
        return sum;
    }
}
