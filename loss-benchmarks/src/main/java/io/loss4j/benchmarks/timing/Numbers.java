package io.loss4j.benchmarks.timing;

import java.util.SplittableRandom;

/**
 * The numbers of a workload, the same for every contender.
 *
 * @param predictions row by row
 * @param labels row by row, or one class index per row
 */
public record Numbers(float[] predictions, float[] labels) {
    private static final long SEED = 20_120_412;
    private static final double SPREAD = 2;
    /** Up to here LossBinaryXENT, which clips probabilities to 1e-5, is right. */
    private static final double LARGEST = 10;

    /** Draws them. */
    public static Numbers of(Workload workload) {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] predictions = new float[Math.toIntExact(workload.elements())];
        for (int i = 0; i < predictions.length; i++) {
            double x = SPREAD * random.nextGaussian();
            predictions[i] = (float) Math.max(-LARGEST, Math.min(LARGEST, x));
        }
        return new Numbers(predictions, labels(workload, random));
    }

    private static float[] labels(Workload workload, SplittableRandom random) {
        int rows = workload.rows();
        int columns = workload.columns();
        float[] labels = new float[workload.labels() == LabelForm.INDEX ? rows : rows * columns];
        switch (workload.labels()) {
            case INDEX -> fill(labels, () -> random.nextInt(columns));
            case ONE_HOT -> {
                for (int row = 0; row < rows; row++) {
                    labels[row * columns + random.nextInt(columns)] = 1;
                }
            }
            case SOFT -> {
                fill(labels, () -> random.nextFloat());
                toDistributions(labels, columns);
            }
            case YES_NO -> fill(labels, () -> random.nextInt(2));
            case REAL -> fill(labels, () -> (float) (SPREAD * random.nextGaussian()));
        }
        return labels;
    }

    /** Deeplearning4j's gradient is right only where a row adds up to 1. */
    private static void toDistributions(float[] labels, int columns) {
        for (int start = 0; start < labels.length; start += columns) {
            float sum = 0;
            for (int k = start; k < start + columns; k++) {
                sum += labels[k];
            }
            for (int k = start; k < start + columns; k++) {
                labels[k] /= sum;
            }
        }
    }

    private interface Source {
        float next();
    }

    private static void fill(float[] array, Source source) {
        for (int i = 0; i < array.length; i++) {
            array[i] = source.next();
        }
    }
}
