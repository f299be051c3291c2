package io.loss4j.backend;

import java.util.Arrays;

/**
 * What a job adds up by class, where that is wanted. Backends add to it; it belongs to one job and is not thread-safe.
 *
 * <p>Softmax and row losses have one group per column. A row counts for class k where its label before smoothing is
 * t_k &gt; 0 (1 for a class index) and the weight a_k = t_k w_k m_k is not 0: the count is t_k, the weight a_k, and the
 * loss its term times a_k / sum a. A row whose label has no weight at all may still have a term, of a z-loss for
 * example, which is divided in the proportion of t, and counts for nothing.
 *
 * <p>Binary losses have two groups per column: 2k for "no", 2k + 1 for "yes". An element of the label y before smoothing,
 * cut to [0, 1], counts y for "yes" and 1 - y for "no"; count, weight w_k m_k and term are divided in that proportion.
 *
 * <p>Probabilities are those of the predictions as they were given, without the change that a loss makes to its logits.
 */
public final class ClassTotals {
    private static final int COUNT = 0;
    private static final int WEIGHT = 1;
    private static final int LOSS = 2;
    private static final int PROBABILITY = 3;
    private static final int RIGHT = 4;
    private static final int SUMS = 5;

    private final double[] sums;

    /** Empty groups. */
    public ClassTotals(int groups) {
        sums = new double[Math.multiplyExact(groups, SUMS)];
    }

    /** How many groups there are. */
    public int groups() {
        return sums.length / SUMS;
    }

    /**
     * Adds a row or element to a group.
     *
     * @param group the class, or 2k and 2k + 1
     * @param count how often it counts
     * @param weight its weight
     * @param loss its part of the weighted, unscaled term
     * @param probability that the predictions give to the group
     * @param right whether the group is what they predict: of classes the most probable, and the first of equals; "yes"
     *     above a probability of 0.5
     */
    public void add(int group, double count, double weight, double loss, double probability, boolean right) {
        int at = group * SUMS;
        sums[at + COUNT] += count;
        sums[at + WEIGHT] += weight;
        sums[at + LOSS] += loss;
        sums[at + PROBABILITY] += count * probability;
        sums[at + RIGHT] += right ? count : 0;
    }

    /** Adds a term that counts for nothing but its loss. */
    public void addLoss(int group, double loss) {
        sums[group * SUMS + LOSS] += loss;
    }

    /** Adds as many groups. */
    public void add(ClassTotals other) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.sums[i];
        }
    }

    /** Adds the losses of as many groups, and nothing else. */
    public void addLosses(ClassTotals other) {
        for (int i = LOSS; i < sums.length; i += SUMS) {
            sums[i] += other.sums[i];
        }
    }

    /** Multiplies all losses. */
    public void scaleLosses(double factor) {
        for (int i = LOSS; i < sums.length; i += SUMS) {
            sums[i] *= factor;
        }
    }

    /** Empties all groups. */
    public void clear() {
        Arrays.fill(sums, 0);
    }

    /** Rows or elements. */
    public double count(int group) {
        return sums[group * SUMS + COUNT];
    }

    /** Sum of their weights. */
    public double weight(int group) {
        return sums[group * SUMS + WEIGHT];
    }

    /** Sum of their weighted, unscaled terms. */
    public double loss(int group) {
        return sums[group * SUMS + LOSS];
    }

    /** Sum of the probabilities given to them. */
    public double probability(int group) {
        return sums[group * SUMS + PROBABILITY];
    }

    /** How many were predicted. */
    public double right(int group) {
        return sums[group * SUMS + RIGHT];
    }
}
