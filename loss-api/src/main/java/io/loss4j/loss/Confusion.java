package io.loss4j.loss;

/**
 * Soft counts of a group of elements, with their weights.
 *
 * @param truePositive predicted and labelled
 * @param falsePositive predicted, not labelled
 * @param falseNegative labelled, not predicted
 * @param trueNegative neither
 */
record Confusion(double truePositive, double falsePositive, double falseNegative, double trueNegative) {
    static Confusion of(Group group, SoftCounts counts) {
        double tp = 0;
        double fp = 0;
        double fn = 0;
        double tn = 0;
        for (int i = 0; i < group.size(); i++) {
            int at = group.at(i);
            double w = group.weights()[at];
            if (w == 0) {
                continue;
            }
            double p = group.predictions()[at];
            double y = group.labels()[at];
            double both = counts.both(y, p);
            tp += w * both;
            fp += w * (counts.size(p) - both);
            fn += w * (counts.size(y) - both);
            tn += w * (1 - y) * (1 - p);
        }
        return new Confusion(tp, fp, fn, tn);
    }

    double labelled() {
        return truePositive + falseNegative;
    }

    Confusion plus(double factor, Confusion other) {
        return new Confusion(
                truePositive + factor * other.truePositive,
                falsePositive + factor * other.falsePositive,
                falseNegative + factor * other.falseNegative,
                trueNegative + factor * other.trueNegative);
    }

    /**
     * What counts cost, and the derivatives of that by them.
     *
     * @param value the loss
     */
    record Cost(
            double value,
            double byTruePositive,
            double byFalsePositive,
            double byFalseNegative,
            double byTrueNegative) {
        static Cost constant(double value) {
            return new Cost(value, 0, 0, 0, 0);
        }

        /** Of a function of this cost with a value and a slope. */
        Cost then(double newValue, double slope) {
            return new Cost(
                    newValue,
                    slope * byTruePositive,
                    slope * byFalsePositive,
                    slope * byFalseNegative,
                    slope * byTrueNegative);
        }

        /** Writes the gradient of a group whose counts enter with a factor. */
        void gradient(Group group, SoftCounts counts, double factor) {
            for (int i = 0; i < group.size(); i++) {
                int at = group.at(i);
                double w = factor * group.weights()[at];
                double p = group.predictions()[at];
                double y = group.labels()[at];
                if (w == 0 || counts.isKink(y, p)) {
                    continue;
                }
                double both = counts.bothSlope(y, p);
                double byPrediction = byTruePositive * both
                        + byFalsePositive * (counts.sizeSlope(p) - both)
                        - byFalseNegative * both
                        - byTrueNegative * (1 - y);
                group.gradient()[at] = w * byPrediction;
            }
        }
    }
}
