package io.loss4j.dl4j.sampling;

import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Repeats examples of rare classes, drawn at random with replacement. Everything goes with them: features of any shape,
 * sequences, masks, meta data. The given examples come first, in their order, then the repeated ones by class.
 *
 * @param strategy how many of each class there shall be
 * @param seed of the choice
 */
public record RandomOverSampler(SamplingStrategy strategy, long seed) implements Resampler {
    private static final long serialVersionUID = 1L;
    private static final String WHO = "random over-sampler";

    /** Checks that nothing is null. */
    public RandomOverSampler {
        Objects.requireNonNull(strategy);
    }

    /** All classes to the largest. */
    public RandomOverSampler(long seed) {
        this(SamplingStrategy.balanced(), seed);
    }

    /** The same with another strategy. */
    public RandomOverSampler withStrategy(SamplingStrategy other) {
        return new RandomOverSampler(other, seed);
    }

    @Override
    public RandomOverSampler withSeed(long other) {
        return new RandomOverSampler(strategy, other);
    }

    @Override
    public DataSet resample(DataSet training) {
        ExampleClasses classes = ExampleClasses.of(WHO, training);
        int[] add = strategy.toAdd(WHO, classes);
        int n = classes.examples();
        for (int more : add) {
            n = Math.addExact(n, more);
        }
        int[] chosen = new int[n];
        int next = 0;
        while (next < classes.examples()) {
            chosen[next] = next++;
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int k = 0; k < add.length; k++) {
            int[] examples = classes.examples(k);
            for (int i = 0; i < add[k]; i++) {
                chosen[next++] = examples[random.nextInt(examples.length)];
            }
        }
        return Examples.copy(training, chosen, new ResampledDataSet());
    }
}
