package io.loss4j.dl4j.metric;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether probabilities can be taken at their word: of the rows predicted with 0.8, are 80 % right? Bin m of M holds the
 * confidences in ((m - 1) / M, m / M], the first also 0 (Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural
 * Networks, 2017).
 *
 * @param bins all M of them, also empty ones
 */
public record Reliability(List<Bin> bins) {
    /** Copies the list. */
    public Reliability {
        bins = List.copyOf(bins);
    }

    /**
     * The rows whose confidence is in a range.
     *
     * @param lower not in it, except 0
     * @param upper in it
     * @param count how many rows
     * @param confidence their mean confidence; NaN if there are none
     * @param accuracy the part of them that is right; NaN if there are none
     */
    public record Bin(double lower, double upper, int count, double confidence, double accuracy) {}

    /** Of the predicted class of every row: its probability is the confidence. */
    public static Reliability of(Predictions predictions, int bins) {
        predictions.requireProbabilities("reliability", false);
        Sums sums = new Sums(bins);
        for (int row = 0; row < predictions.rows(); row++) {
            int k = predictions.predicted(row);
            sums.add(predictions.score(row, k), predictions.label(row) == k);
        }
        return sums.result();
    }

    /**
     * Of one class: its probability in every row, whether it is predicted or not. For rare classes this shows what the
     * reliability of predicted classes hides.
     */
    public static Reliability ofClass(Predictions predictions, int k, int bins) {
        predictions.requireProbabilities("reliability", false);
        if (k < 0 || k >= predictions.classes()) {
            throw new LossInputException(
                    "L4J-D52",
                    "reliability",
                    "class " + k + " of " + predictions.classes() + " classes",
                    "give one from 0 to " + (predictions.classes() - 1));
        }
        Sums sums = new Sums(bins);
        for (int row = 0; row < predictions.rows(); row++) {
            sums.add(predictions.score(row, k), predictions.label(row) == k);
        }
        return sums.result();
    }

    /** Expected calibration error: the mean over rows of how far accuracy and confidence of their bin are apart. */
    public double expectedError() {
        double sum = 0;
        double rows = 0;
        for (Bin bin : bins) {
            if (bin.count > 0) {
                sum += bin.count * Math.abs(bin.accuracy - bin.confidence);
                rows += bin.count;
            }
        }
        return sum / rows;
    }

    /** Maximum calibration error: that of the worst bin. */
    public double maximumError() {
        return bins.stream()
                .filter(bin -> bin.count > 0)
                .mapToDouble(bin -> Math.abs(bin.accuracy - bin.confidence))
                .max()
                .orElse(Double.NaN);
    }

    private static final class Sums {
        private final int[] counts;
        private final double[] confidences;
        private final int[] right;

        Sums(int bins) {
            if (bins < 1) {
                throw new LossInputException(
                        "L4J-D52", "reliability", bins + " bins, expected from 1", "10 or 15 are usual");
            }
            counts = new int[bins];
            confidences = new double[bins];
            right = new int[bins];
        }

        void add(double confidence, boolean isRight) {
            double m = counts.length;
            int bin = Math.max(0, Math.min(counts.length - 1, (int) (confidence * m)));
            if (bin > 0 && confidence <= bin / m) { // the upper end is in; also where the product was rounded up
                bin--;
            }
            counts[bin]++;
            confidences[bin] += confidence;
            right[bin] += isRight ? 1 : 0;
        }

        Reliability result() {
            List<Bin> bins = new ArrayList<>();
            double m = counts.length;
            for (int i = 0; i < m; i++) {
                bins.add(new Bin(
                        i / m, (i + 1) / m, counts[i], confidences[i] / counts[i], (double) right[i] / counts[i]));
            }
            return new Reliability(bins);
        }
    }
}
