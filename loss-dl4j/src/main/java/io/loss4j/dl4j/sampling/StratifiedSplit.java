package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Data cut into a part to train with and a part to evaluate on, no example in both, every class in both with the same
 * share. Made before anything is resampled: what has been resampled is refused.
 *
 * <pre>{@code
 * for (StratifiedSplit fold : StratifiedSplit.folds(all, 5, 42)) {
 *     StratifiedSplit resampled = fold.resampled(new Smote(7)); // its evaluation part is the same array as before
 *     ...
 * }
 * }</pre>
 *
 * @param training what resamplers may see
 * @param evaluation what nothing but an evaluation may see
 */
public record StratifiedSplit(DataSet training, DataSet evaluation) {
    private static final String WHO = "stratified split";

    /** Refuses evaluation data that has been resampled. */
    public StratifiedSplit {
        Objects.requireNonNull(training);
        if (evaluation instanceof ResampledDataSet) {
            throw ResampledDataSet.refused();
        }
    }

    /**
     * One split.
     *
     * @param data examples of one class each
     * @param evaluationShare in (0, 1); of every class this share, rounded, at least one and not all
     * @param seed of the choice
     * @throws LossInputException L4J-D47 for a class with a single example
     */
    public static StratifiedSplit of(DataSet data, double evaluationShare, long seed) {
        if (!(evaluationShare > 0 && evaluationShare < 1)) {
            throw new LossInputException(
                    "L4J-D47", WHO, "the share is " + evaluationShare + ", expected above 0 and below 1", "correct it");
        }
        ExampleClasses classes = classes(data, 2);
        SplittableRandom random = new SplittableRandom(seed);
        BitSet evaluation = new BitSet();
        for (int k = 0; k < classes.count(); k++) {
            int[] examples = classes.examples(k);
            int share = (int) Math.round(evaluationShare * examples.length);
            int n = examples.length == 0 ? 0 : Math.max(1, Math.min(examples.length - 1, share));
            Deck.shuffle(examples, n, random);
            for (int i = 0; i < n; i++) {
                evaluation.set(examples[i]);
            }
        }
        return cut(data, evaluation);
    }

    /**
     * Cross-validation: every example is in the evaluation part of exactly one of the splits.
     *
     * @param data examples of one class each
     * @param folds how many, from 2
     * @param seed of the choice
     * @throws LossInputException L4J-D47 for a class with fewer examples than folds
     */
    public static List<StratifiedSplit> folds(DataSet data, int folds, long seed) {
        if (folds < 2) {
            throw new LossInputException("L4J-D47", WHO, folds + " folds, expected a number from 2", "correct it");
        }
        ExampleClasses classes = classes(data, folds);
        SplittableRandom random = new SplittableRandom(seed);
        List<BitSet> parts = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            parts.add(new BitSet());
        }
        // dealt on from class to class, so that folds differ by one example at most
        int next = 0;
        for (int k = 0; k < classes.count(); k++) {
            int[] examples = classes.examples(k);
            Deck.shuffle(examples, examples.length, random);
            for (int example : examples) {
                parts.get(next++ % folds).set(example);
            }
        }
        return parts.stream().map(part -> cut(data, part)).toList();
    }

    private static ExampleClasses classes(DataSet data, int least) {
        if (data instanceof ResampledDataSet) {
            throw ResampledDataSet.refused();
        }
        ExampleClasses classes = ExampleClasses.of(WHO, data);
        for (int k = 0; k < classes.count(); k++) {
            int n = classes.counts()[k];
            if (n > 0 && n < least) {
                throw new LossInputException(
                        "L4J-D47",
                        WHO,
                        "class " + k + " has " + n + " examples, expected at least " + least,
                        "use fewer folds, collect more examples, or merge rare classes");
            }
        }
        return classes;
    }

    private static StratifiedSplit cut(DataSet data, BitSet evaluation) {
        BitSet training = new BitSet();
        training.set(0, data.numExamples());
        training.andNot(evaluation);
        return new StratifiedSplit(
                Examples.copy(data, training.stream().toArray(), new DataSet()),
                Examples.copy(data, evaluation.stream().toArray(), new DataSet()));
    }

    /** The same split with its training part resampled; the evaluation part is left as it is. */
    public StratifiedSplit resampled(Resampler resampler) {
        return new StratifiedSplit(resampler.resample(training), evaluation);
    }
}
