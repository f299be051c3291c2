package io.loss4j.examples.comparison;

import io.loss4j.examples.training.Settings;
import java.util.List;

/**
 * What came of a comparison of candidates by repeated stratified cross-validation. The arrays are not copied.
 *
 * @param source where the data come from
 * @param label the name of the label column
 * @param classes the names of the classes, in the order of their indices
 * @param labels the index of the class of every row
 * @param folds how many parts the rows are cut into
 * @param repeats how often they are cut anew
 * @param seed of the folds, the initial weights and the order of the rows
 * @param settings of the networks
 * @param remarks what was left out of the data and why, for people
 * @param candidates one per candidate, in the order in which they were asked for
 */
public record Comparison(
        String source,
        String label,
        List<String> classes,
        int[] labels,
        int folds,
        int repeats,
        long seed,
        Settings settings,
        List<String> remarks,
        List<CandidateResult> candidates) {
    /** Copies the lists. */
    public Comparison {
        classes = List.copyOf(classes);
        remarks = List.copyOf(remarks);
        candidates = List.copyOf(candidates);
    }

    /** How many rows each class has. */
    public long[] counts() {
        long[] counts = new long[classes.size()];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }
}
