package io.loss4j.loss;

/**
 * One minus (both tp + above) / (both tp + alpha fp + beta fn + below): the score that Dice, Jaccard, Tversky and F-measure
 * are members of. Where the denominator is 0 there is nothing to find and nothing found: 0 with a zero gradient.
 *
 * @param both weight of true positives
 * @param alpha weight of false positives
 * @param beta weight of false negatives
 * @param above added to the numerator
 * @param below added to the denominator
 */
record OverlapRatio(double both, double alpha, double beta, double above, double below) implements CountedLoss.Score {
    /** Denominators below count as 0: their reciprocals would overflow. */
    private static final double TINY = 1e-150;

    @Override
    public Confusion.Cost cost(Confusion c) {
        double missed = alpha * c.falsePositive() + beta * c.falseNegative();
        double found = both * c.truePositive();
        double denominator = found + missed + below;
        if (denominator < TINY) {
            return Confusion.Cost.constant(0);
        }
        // not 1 - score: the loss of a perfect prediction keeps its digits
        double value = (missed + below - above) / denominator;
        double score = (found + above) / denominator;
        return new Confusion.Cost(
                value, -both * value / denominator, alpha * score / denominator, beta * score / denominator, 0);
    }
}
