package io.loss4j.dl4j.sampling;

import java.io.Serializable;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Makes a training set with other class frequencies. Immutable and thread-safe; the same data and seed give the same
 * result. Never writes to what it is given.
 *
 * <pre>{@code
 * StratifiedSplit split = StratifiedSplit.of(all, 0.2, 42);
 * network.fit(new ResampledIterator(split.training(), new Smote(7), 64), 30);
 * network.evaluate(...); // on split.evaluation(), which nothing has touched
 * }</pre>
 *
 * <p>Every example must be of one class: labels [N, K] one-hot, or [N, 1] or [N] class indices (0 and 1 for a single
 * sigmoid output). Of labels per time step or pixel, all that are not masked must agree. Rows are returned in an order
 * that is no good for mini-batches, since those that were added come last: shuffle, or use {@link ResampledIterator}.
 *
 * <p>Give it training data only. What it returns refuses {@code splitTestAndTrain}, for a test set cut from it would
 * contain copies and mixtures of rows of the training set.
 */
public interface Resampler extends Serializable {
    /**
     * The resampled data.
     *
     * @param training examples of one class each; not changed
     * @throws io.loss4j.error.LossInputException L4J-D40 for labels that are not of one class, L4J-D41 for a strategy
     *     that cannot be met
     */
    DataSet resample(DataSet training);

    /** Where its randomness comes from. */
    long seed();

    /** The same with other randomness, for example of the next epoch. */
    Resampler withSeed(long seed);
}
