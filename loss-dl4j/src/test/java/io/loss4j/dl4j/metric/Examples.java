package io.loss4j.dl4j.metric;

import java.util.List;
import java.util.stream.IntStream;

/** 60 rows of 36, 18 and 6 of class 0, 1 and 2, made of whole numbers, so that any language has the same. */
public final class Examples {
    private Examples() {}

    public static int label(int row) {
        return row % 10 == 0 ? 2 : row % 3 == 0 ? 1 : 0;
    }

    public static double[][] scores() {
        double[][] probabilities = new double[60][3];
        for (int i = 0; i < 60; i++) {
            double sum = 0;
            for (int k = 0; k < 3; k++) {
                probabilities[i][k] = 1 + (i * 37 + k * 53) % 23 + (label(i) == k ? 12 : 0);
                sum += probabilities[i][k];
            }
            for (int k = 0; k < 3; k++) {
                probabilities[i][k] /= sum;
            }
        }
        return probabilities;
    }

    public static Predictions predictions() {
        return Predictions.of(
                scores(), IntStream.range(0, 60).map(Examples::label).toArray());
    }

    /** Each class against the rest, as labels that are yes or no. */
    public static List<Predictions> columns() {
        double[][] scores = scores();
        return IntStream.range(0, 3)
                .mapToObj(k -> Predictions.of(
                        IntStream.range(0, 60)
                                .mapToObj(i -> new double[] {scores[i][k]})
                                .toArray(double[][]::new),
                        IntStream.range(0, 60).map(i -> label(i) == k ? 1 : 0).toArray()))
                .toList();
    }
}
