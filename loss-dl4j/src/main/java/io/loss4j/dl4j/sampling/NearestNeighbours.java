package io.loss4j.dl4j.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The nearest points by Euclidean distance, exactly: every pair is looked at, in blocks that stay in the cache, and
 * memory is O(queries x k). Squared differences are summed as they are; |x|^2 + |y|^2 - 2xy by a matrix product would
 * lose the order of close neighbours. Of equally distant points the one with the lower number is nearer.
 */
final class NearestNeighbours {
    /** Candidates per block: 128 x 30 features are 30 KB. */
    private static final int BLOCK = 128;
    /** Queries that share a block once it is loaded. */
    private static final int QUERIES = 64;

    private static final double[] NO_CATEGORIES = {};

    private final Points points;
    /** Per column, what different values add to the squared distance; 0 for numbers. Empty: all are numbers. */
    private final double[] mismatch;

    NearestNeighbours(Points points) {
        this(points, NO_CATEGORIES);
    }

    NearestNeighbours(Points points, double[] mismatch) {
        this.points = points;
        this.mismatch = mismatch;
    }

    /**
     * For every query its k nearest candidates, from near to far; never itself.
     *
     * @param queries numbers of points
     * @param candidates numbers of points, ascending; without the query itself at least k
     */
    int[][] of(int[] queries, int[] candidates, int k) {
        int[][] nearest = new int[queries.length][];
        int chunks = (queries.length + QUERIES - 1) / QUERIES;
        // no chunk depends on another, so the result does not depend on the number of threads
        IntStream.range(0, chunks).parallel().forEach(chunk -> {
            int from = chunk * QUERIES;
            search(queries, from, Math.min(queries.length, from + QUERIES), candidates, k, nearest);
        });
        return nearest;
    }

    private void search(int[] queries, int from, int to, int[] candidates, int k, int[][] nearest) {
        int width = points.width();
        double[][] best = new double[to - from][k];
        for (int q = from; q < to; q++) {
            nearest[q] = new int[k];
            Arrays.fill(nearest[q], -1);
            Arrays.fill(best[q - from], Double.POSITIVE_INFINITY);
        }
        double[][] block = new double[width][BLOCK];
        double[] distance = new double[BLOCK];
        for (int start = 0; start < candidates.length; start += BLOCK) {
            int n = Math.min(BLOCK, candidates.length - start);
            for (int f = 0; f < width; f++) {
                double[] column = points.columns()[f];
                for (int j = 0; j < n; j++) {
                    block[f][j] = column[candidates[start + j]];
                }
            }
            for (int q = from; q < to; q++) {
                distances(queries[q], block, n, distance);
                for (int j = 0; j < n; j++) {
                    if (distance[j] <= best[q - from][k - 1] && candidates[start + j] != queries[q]) {
                        insert(distance[j], candidates[start + j], best[q - from], nearest[q]);
                    }
                }
            }
        }
    }

    private void distances(int query, double[][] block, int n, double[] distance) {
        Arrays.fill(distance, 0, n, 0);
        for (int f = 0; f < block.length; f++) {
            double x = points.columns()[f][query];
            if (mismatch.length == 0 || mismatch[f] == 0) {
                addSquares(x, block[f], n, distance);
            } else {
                addMismatches(x, mismatch[f], block[f], n, distance);
            }
        }
    }

    private static void addSquares(double x, double[] column, int n, double[] distance) {
        for (int j = 0; j < n; j++) {
            double d = x - column[j];
            distance[j] += d * d;
        }
    }

    private static void addMismatches(double x, double cost, double[] column, int n, double[] distance) {
        for (int j = 0; j < n; j++) {
            distance[j] += x == column[j] ? 0 : cost;
        }
    }

    /** Candidates come in ascending order, so an equal distance goes behind those that are there. */
    private static void insert(double distance, int candidate, double[] best, int[] nearest) {
        int last = best.length - 1;
        if (distance == best[last] && nearest[last] >= 0) {
            return;
        }
        int at = last;
        while (at > 0 && (nearest[at - 1] < 0 || best[at - 1] > distance)) {
            best[at] = best[at - 1];
            nearest[at] = nearest[at - 1];
            at--;
        }
        best[at] = distance;
        nearest[at] = candidate;
    }
}
