package io.loss4j.dl4j.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Points of numbers and categories.
 *
 * @param points as given
 * @param codes for each category feature, which of its categories each point has
 * @param space what distances are computed in: the numbers, then one column of codes per category feature
 * @param mismatch per column of the space: 0, or what different codes add to the squared distance
 */
record MixedPoints(Points points, int[][] codes, Points space, double[] mismatch) {
    static MixedPoints of(Points points, int[] numbers, List<CategoricalFeature> categorical) {
        double[][] columns = new double[numbers.length + categorical.size()][];
        double[] deviations = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            columns[i] = points.columns()[numbers[i]];
            deviations[i] = standardDeviation(columns[i]);
        }
        double s = median(deviations);
        double[] mismatch = new double[columns.length];
        int[][] codes = new int[categorical.size()][];
        for (int c = 0; c < codes.length; c++) {
            codes[c] = codes(points, categorical.get(c));
            columns[numbers.length + c] =
                    Arrays.stream(codes[c]).asDoubleStream().toArray();
            mismatch[numbers.length + c] = s * s;
        }
        if (s == 0) { // then categories have no say, and a column with mismatch 0 would be taken for numbers
            columns = Arrays.copyOf(columns, numbers.length);
        }
        return new MixedPoints(points, codes, new Points(columns, points.examples()), mismatch);
    }

    int[][] nearest(int k) {
        int[] all = points.all();
        return new NearestNeighbours(space, mismatch).of(all, all, k);
    }

    /** One of these points that has the category which most of them have; a random one where several have as many. */
    int mostFrequent(int feature, int[] among, SplittableRandom random) {
        int[] code = codes[feature];
        int best = 0;
        int ties = 0;
        int chosen = among[0];
        for (int i = 0; i < among.length; i++) {
            int count = 0;
            boolean first = true;
            for (int j = 0; j < among.length; j++) {
                if (code[among[j]] == code[among[i]]) {
                    count++;
                    first &= j >= i;
                }
            }
            if (count > best) {
                best = count;
                ties = 1;
                chosen = among[i];
            } else if (count == best && first && random.nextInt(++ties) == 0) {
                chosen = among[i];
            }
        }
        return chosen;
    }

    private static int[] codes(Points points, CategoricalFeature feature) {
        Map<List<Double>, Integer> known = new HashMap<>();
        int[] codes = new int[points.size()];
        for (int i = 0; i < codes.length; i++) {
            List<Double> values = new ArrayList<>(feature.width());
            for (int f = feature.column(); f < feature.column() + feature.width(); f++) {
                values.add(points.columns()[f][i] + 0.0); // -0 is 0
            }
            codes[i] = known.computeIfAbsent(values, v -> known.size());
        }
        return codes;
    }

    /** Of the whole population: divided by n. */
    private static double standardDeviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(0));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
