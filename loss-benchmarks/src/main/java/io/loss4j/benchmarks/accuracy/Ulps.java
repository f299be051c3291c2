package io.loss4j.benchmarks.accuracy;

import java.util.Locale;

/** Errors in units in the last place of the right number, as a float. */
final class Ulps {
    private double worst;
    private double sum;
    private long count;
    private String where = "";

    /** What a float is off; results below the smallest normal float may be flushed to 0, so that is their unit. */
    static double between(double found, double right) {
        if (Double.compare(found, right) == 0) {
            return 0; // also both infinite, or both NaN
        }
        double error = Math.abs(found - right) / unit(right);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private static double unit(double right) {
        return Math.abs(right) < Float.MIN_NORMAL ? Float.MIN_NORMAL : Math.ulp((float) right);
    }

    void add(double found, double right, double x, double y) {
        double error = between(found, right);
        if (error > worst) {
            worst = error;
            where = String.format(Locale.ROOT, "%.4g, %.4g", x, y);
        }
        sum += error;
        count++;
    }

    double worst() {
        return worst;
    }

    double mean() {
        return count == 0 ? 0 : sum / count;
    }

    /** Prediction and label of the worst. */
    String where() {
        return where;
    }
}
