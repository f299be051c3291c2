package io.loss4j.dl4j.sampling;

import java.util.BitSet;
import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Leaves out examples of frequent classes, chosen at random, each at most once. What is left keeps its order, and all
 * that belongs to it: features of any shape, sequences, masks, meta data.
 *
 * @param strategy how many of each class there shall be
 * @param seed of the choice
 */
public record RandomUnderSampler(SamplingStrategy strategy, long seed) implements Resampler {
    private static final long serialVersionUID = 1L;
    private static final String WHO = "random under-sampler";

    /** Checks that nothing is null. */
    public RandomUnderSampler {
        Objects.requireNonNull(strategy);
    }

    /** All classes to the smallest. */
    public RandomUnderSampler(long seed) {
        this(SamplingStrategy.balanced(), seed);
    }

    /** The same with another strategy. */
    public RandomUnderSampler withStrategy(SamplingStrategy other) {
        return new RandomUnderSampler(other, seed);
    }

    @Override
    public RandomUnderSampler withSeed(long other) {
        return new RandomUnderSampler(strategy, other);
    }

    @Override
    public DataSet resample(DataSet training) {
        ExampleClasses classes = ExampleClasses.of(WHO, training);
        int[] keep = strategy.toKeep(WHO, classes);
        SplittableRandom random = new SplittableRandom(seed);
        BitSet kept = new BitSet(classes.examples());
        for (int k = 0; k < keep.length; k++) {
            int[] examples = classes.examples(k);
            Deck.shuffle(examples, keep[k], random);
            for (int i = 0; i < keep[k]; i++) {
                kept.set(examples[i]);
            }
        }
        return Examples.copy(training, kept.stream().toArray(), new ResampledDataSet());
    }
}
