package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * How many examples of each class there shall be. Immutable.
 *
 * <p>The words are those of imbalanced-learn; a ratio there is for two classes only, here for any number of them.
 */
public final class SamplingStrategy implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final SamplingStrategy BALANCED = new SamplingStrategy(1, new int[0]);

    /** Of the smaller to the larger count; 0 where counts are given. */
    private final double ratio;

    private final int[] counts;

    private SamplingStrategy(double ratio, int[] counts) {
        this.ratio = ratio;
        this.counts = counts;
    }

    /** Over-sampling raises every class to the largest, under-sampling cuts every class to the smallest. */
    public static SamplingStrategy balanced() {
        return BALANCED;
    }

    /**
     * Over-sampling raises every class to at least {@code ratio} times the largest; under-sampling cuts every class to
     * at most the smallest divided by {@code ratio}. Rounded down; classes beyond stay as they are.
     *
     * @param ratio in (0, 1]; 1 is {@link #balanced}
     */
    public static SamplingStrategy ratio(double ratio) {
        if (!(ratio > 0 && ratio <= 1)) {
            throw new LossInputException(
                    "L4J-D41", "sampling strategy", "ratio is " + ratio + ", expected above 0 to 1", "correct it");
        }
        return new SamplingStrategy(ratio, new int[0]);
    }

    /** So many examples of each class, in the order of the classes. */
    public static SamplingStrategy counts(int... counts) {
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] < 0) {
                throw new LossInputException(
                        "L4J-D41",
                        "sampling strategy",
                        "count " + k + " is " + counts[k] + ", expected a number from 0",
                        "correct it");
            }
        }
        if (counts.length == 0) {
            throw new LossInputException(
                    "L4J-D41", "sampling strategy", "no counts given", "give one per class, or use balanced()");
        }
        return new SamplingStrategy(0, counts.clone());
    }

    /** How many examples of each class to add. */
    int[] toAdd(String who, ExampleClasses classes) {
        int largest = Arrays.stream(classes.counts()).max().orElse(0);
        int[] add = new int[classes.count()];
        for (int k = 0; k < add.length; k++) {
            int found = classes.counts()[k];
            int wanted = ratio == 0 ? given(who, classes, k) : found == 0 ? 0 : (int) (ratio * largest);
            if (ratio == 0 && wanted < found) {
                throw cannot(who, k, found, wanted, "over-sampling only adds", "a RandomUnderSampler");
            }
            if (found == 0 && wanted > 0) {
                throw cannot(who, k, found, wanted, "there is nothing to sample from", "a count of 0");
            }
            add[k] = Math.max(0, wanted - found);
        }
        return add;
    }

    /** How many examples of each class to keep. */
    int[] toKeep(String who, ExampleClasses classes) {
        int smallest = Arrays.stream(classes.counts()).filter(n -> n > 0).min().orElse(0);
        int[] keep = new int[classes.count()];
        for (int k = 0; k < keep.length; k++) {
            int found = classes.counts()[k];
            int wanted = ratio == 0 ? given(who, classes, k) : (int) Math.min(found, smallest / ratio);
            if (wanted > found) {
                throw cannot(who, k, found, wanted, "under-sampling only removes", "an over-sampler");
            }
            keep[k] = wanted;
        }
        return keep;
    }

    private int given(String who, ExampleClasses classes, int k) {
        int expected = classes.count();
        // class indices tell only how many classes there are at least
        if (classes.isIndex() ? counts.length < expected : counts.length != expected) {
            throw new LossInputException(
                    "L4J-D41",
                    who,
                    "the strategy has " + counts.length + " counts but there are " + expected + " classes",
                    "give one count per class");
        }
        return counts[k];
    }

    private static LossInputException cannot(String who, int k, int found, int wanted, String why, String instead) {
        return new LossInputException(
                "L4J-D41",
                who,
                "class " + k + " has " + found + " examples, wanted are " + wanted + ", but " + why,
                "correct the counts, or use " + instead);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SamplingStrategy that && ratio == that.ratio && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(ratio) + Arrays.hashCode(counts);
    }

    /** {@code balanced}, {@code ratio 0.5} or {@code counts [100, 50]}. */
    @Override
    public String toString() {
        return ratio == 0 ? "counts " + Arrays.toString(counts) : ratio == 1 ? "balanced" : "ratio " + ratio;
    }
}
