package io.loss4j.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * Chooses few points of a product of axes such that every pair of values of every two axes occurs: most faults need no
 * more than two conditions to come together. Greedy, deterministic.
 */
final class Pairwise {
    private static final int CANDIDATES = 12;

    private Pairwise() {}

    /** Points as one index per axis. */
    static List<int[]> cover(int... sizes) {
        Random random = new Random(sizes.length);
        int axes = sizes.length;
        BitSet[][] open = new BitSet[axes][axes];
        int left = 0;
        for (int a = 0; a < axes; a++) {
            for (int b = a + 1; b < axes; b++) {
                open[a][b] = new BitSet();
                open[a][b].set(0, sizes[a] * sizes[b]);
                left += sizes[a] * sizes[b];
            }
        }
        List<int[]> points = new ArrayList<>();
        while (left > 0) {
            int[] best = new int[axes];
            int most = 0;
            for (int candidate = 0; candidate < CANDIDATES; candidate++) {
                int[] point = candidate(sizes, open, random);
                int gain = gain(point, sizes, open);
                if (gain > most) {
                    most = gain;
                    best = point;
                }
            }
            for (int a = 0; a < axes; a++) {
                for (int b = a + 1; b < axes; b++) {
                    open[a][b].clear(best[a] * sizes[b] + best[b]);
                }
            }
            left -= most;
            points.add(best);
        }
        return points;
    }

    /** Starts with a pair that is still open, then gives each axis the value that closes most pairs. */
    private static int[] candidate(int[] sizes, BitSet[][] open, Random random) {
        int axes = sizes.length;
        int[] point = new int[axes];
        Arrays.fill(point, -1);
        int first = random.nextInt(axes);
        for (int i = 0; i < axes * axes && point[first] < 0; i++) {
            int a = (first + i / axes) % axes;
            int b = i % axes;
            if (a < b && !open[a][b].isEmpty()) {
                int pair = open[a][b].nextSetBit(random.nextInt(sizes[a] * sizes[b]));
                pair = pair < 0 ? open[a][b].nextSetBit(0) : pair;
                point[a] = pair / sizes[b];
                point[b] = pair % sizes[b];
                break;
            }
        }
        int start = random.nextInt(axes);
        for (int i = 0; i < axes; i++) {
            int axis = (start + i) % axes;
            if (point[axis] < 0) {
                point[axis] = bestValue(point, axis, sizes, open, random);
            }
        }
        return point;
    }

    private static int bestValue(int[] point, int axis, int[] sizes, BitSet[][] open, Random random) {
        int offset = random.nextInt(sizes[axis]);
        int best = offset;
        int most = -1;
        for (int i = 0; i < sizes[axis]; i++) {
            int value = (offset + i) % sizes[axis];
            int gain = 0;
            for (int other = 0; other < point.length; other++) {
                if (other != axis && point[other] >= 0) {
                    boolean isOpen = other < axis
                            ? open[other][axis].get(point[other] * sizes[axis] + value)
                            : open[axis][other].get(value * sizes[other] + point[other]);
                    gain += isOpen ? 1 : 0;
                }
            }
            if (gain > most) {
                most = gain;
                best = value;
            }
        }
        return best;
    }

    private static int gain(int[] point, int[] sizes, BitSet[][] open) {
        int gain = 0;
        for (int a = 0; a < point.length; a++) {
            for (int b = a + 1; b < point.length; b++) {
                gain += open[a][b].get(point[a] * sizes[b] + point[b]) ? 1 : 0;
            }
        }
        return gain;
    }
}
