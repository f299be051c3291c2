package io.loss4j.dl4j.decision;

import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.dl4j.metric.Ranking;
import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Thresholds that reach the highest goal on held-out rows. They lie in the middle between two scores; of equally good
 * ones, in the widest gap.
 */
final class ThresholdSearch {
    /** Candidates per class and pass with more than two classes; every one of them is a confusion matrix. */
    private static final int CANDIDATES = 500;

    private static final int PASSES = 20;

    private ThresholdSearch() {}

    /** Collects candidates. */
    private static final class Best {
        private double goal = Double.NEGATIVE_INFINITY;
        private double gap;
        private double threshold = Double.NaN;

        void offer(double reached, double above, double below) {
            double width = above - below;
            if (reached > goal || reached == goal && width > gap) {
                goal = reached;
                gap = width;
                double middle = below + width / 2;
                threshold = middle > below ? middle : above;
            }
        }
    }

    /**
     * The threshold of a yes or no, strictly between 0 and 1: every possible one is tried.
     *
     * @param yes probability of "yes" for every row
     */
    static double ofYes(double[] yes, boolean[] labels, Goal goal) {
        Ranking ranking = Ranking.of(yes, labels);
        List<Ranking.Step> steps = ranking.steps();
        Best best = new Best();
        for (int i = -1; i < steps.size(); i++) { // -1: above all scores, so that none is taken
            int hits = i < 0 ? 0 : steps.get(i).truePositives();
            int alarms = i < 0 ? 0 : steps.get(i).falsePositives();
            double above = i < 0 ? 1 : steps.get(i).threshold();
            double below = i + 1 < steps.size() ? steps.get(i + 1).threshold() : 0;
            if (above > below) {
                ConfusionMatrix matrix = ConfusionMatrix.ofCounts(new long[][] {
                    {ranking.negatives() - alarms, alarms}, {ranking.positives() - hits, hits}
                });
                best.offer(goal.of(matrix), above, below);
            }
        }
        if (Double.isNaN(best.threshold)) {
            throw new LossInputException(
                    "L4J-D53", "thresholds", "the goal is NaN at every threshold", "correct the goal");
        }
        return best.threshold;
    }

    /**
     * Thresholds of K classes, of which the highest q_k / t_k is decided for; they sum to 1. One class after the other is
     * moved to its best place while the others stay, from equal thresholds and from the frequencies of the classes; the
     * better end is taken. That is a high place from which no single threshold leads higher, not always the highest.
     */
    static double[] ofClasses(double[][] probabilities, int[] labels, Goal goal) {
        int classes = probabilities[0].length;
        double[] counts = new double[classes];
        for (int label : labels) {
            counts[label]++;
        }
        Ascent equal = new Ascent(probabilities, labels, goal, new double[classes]);
        Ascent frequencies = new Ascent(
                probabilities,
                labels,
                goal,
                Arrays.stream(counts).map(Math::log).toArray());
        double[] logThresholds = frequencies.climb() > equal.climb() ? frequencies.at : equal.at;
        return Evidence.softmax(logThresholds);
    }

    /** Decisions are by ln q_k - at_k. */
    private static final class Ascent {
        private final double[][] logs;
        private final int[] labels;
        private final Goal goal;
        private final double[] at;

        Ascent(double[][] probabilities, int[] labels, Goal goal, double[] at) {
            logs = Arrays.stream(probabilities)
                    .map(row -> Arrays.stream(row)
                            .map(p -> Math.log(Math.max(Float.MIN_VALUE, p)))
                            .toArray())
                    .toArray(double[][]::new);
            this.labels = labels;
            this.goal = goal;
            this.at = at;
        }

        double climb() {
            double reached = goal.of(ConfusionMatrix.ofCounts(counts(-1)));
            reached = Double.isNaN(reached) ? Double.NEGATIVE_INFINITY : reached;
            double before;
            int pass = 0;
            do {
                before = reached;
                for (int k = 0; k < at.length; k++) {
                    reached = move(k, reached);
                }
            } while (reached > before && ++pass < PASSES);
            return reached;
        }

        /** The best class of a row but one. */
        private int without(int row, int k) {
            int best = k == 0 ? 1 : 0;
            for (int j = best + 1; j < at.length; j++) {
                if (j != k && logs[row][j] - at[j] > logs[row][best] - at[best]) {
                    best = j;
                }
            }
            return best;
        }

        /** Decisions without class k; with -1 those with all. */
        private long[][] counts(int k) {
            long[][] counts = new long[at.length][at.length];
            for (int row = 0; row < labels.length; row++) {
                counts[labels[row]][without(row, k)]++;
            }
            return counts;
        }

        private double move(int k, double reached) {
            double[] leads = new double[labels.length];
            int[] others = new int[labels.length];
            for (int row = 0; row < leads.length; row++) {
                others[row] = without(row, k);
                leads[row] = logs[row][k] - logs[row][others[row]] + at[others[row]];
            }
            int[] order = IntStream.range(0, leads.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer row) -> leads[row])
                            .reversed())
                    .mapToInt(row -> row)
                    .toArray();
            long[][] counts = counts(k);
            Best best = new Best();
            int least = Math.max(1, leads.length / CANDIDATES);
            for (int i = 0, untried = 0; i < order.length - 1; i++) { // at least one row for the class and one not
                int row = order[i];
                counts[labels[row]][others[row]]--;
                counts[labels[row]][k]++;
                untried++;
                double below = leads[order[i + 1]];
                if (leads[row] > below && untried >= least) {
                    best.offer(goal.of(ConfusionMatrix.ofCounts(counts)), leads[row], below);
                    untried = 0;
                }
            }
            if (best.goal > reached) {
                at[k] = best.threshold;
                return best.goal;
            }
            return reached;
        }
    }
}
