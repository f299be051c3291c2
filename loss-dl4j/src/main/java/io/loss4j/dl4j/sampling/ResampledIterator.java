package io.loss4j.dl4j.sampling;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Feeds resampled training data to a network, resampled anew and shuffled in every epoch, so that what one epoch leaves
 * out or invents the next does not.
 *
 * <pre>{@code
 * network.fit(new ResampledIterator(training, new Smote(7), 64), 30);
 * }</pre>
 *
 * <p>The training data stays as it is. One iterator belongs to one training; the resampler's seed decides everything, and
 * the same number of epochs gives the same batches. Networks refuse to be evaluated on it (L4J-D46).
 */
public final class ResampledIterator extends TrainingBatches {
    private static final long serialVersionUID = 1L;
    private static final String WHO = "resampled iterator";
    /** The golden ratio in 64 bits: seeds of neighbouring epochs differ in many bits. */
    private static final long NEXT_SEED = 0x9E3779B97F4A7C15L;

    private final Resampler resampler;
    private @Nullable DataSet resampled;
    private int[] order = {};
    private int next;

    /**
     * @param training examples of one class each
     * @param resampler whose seed is that of the first epoch
     * @param batchSize examples per batch; the last of an epoch may have fewer
     */
    public ResampledIterator(DataSet training, Resampler resampler, int batchSize) {
        super(WHO, training, batchSize);
        this.resampler = Objects.requireNonNull(resampler);
        ExampleClasses.of(WHO, training);
    }

    /** The same from an iterator over training data, which is read into memory once. */
    public ResampledIterator(DataSetIterator training, Resampler resampler, int batchSize) {
        this(Examples.collect(WHO, training), resampler, batchSize);
    }

    @Override
    @SuppressWarnings("try")
    void start(int epoch) {
        Resampler now = resampler.withSeed(resampler.seed() + epoch * NEXT_SEED);
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            resampled = now.resample(training());
        }
        order = new int[resampled.numExamples()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        Deck.shuffle(order, order.length, new SplittableRandom(now.seed()));
        next = 0;
    }

    @Override
    boolean hasMore() {
        return next < order.length;
    }

    @Override
    DataSet take(int examples) {
        int[] chosen = Arrays.copyOfRange(order, next, Math.min(order.length, next + examples));
        next += chosen.length;
        return Examples.copy(Objects.requireNonNull(resampled), chosen, new ResampledDataSet());
    }
}
