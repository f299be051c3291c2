package io.loss4j.dl4j.schedule;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.error.LossInputException;
import org.deeplearning4j.nn.api.Model;

/**
 * Class weights that are off until an epoch, and on from there: the network first learns features from all rows alike,
 * then where the borders of rare classes are (Cao et al. 2019, there with LDAM loss, weights by effective number and a
 * lower learning rate from the same epoch on).
 *
 * <pre>{@code
 * network.addListeners(new DeferredReweighting(ClassWeights.effectiveNumber(counts, 0.9999), 160));
 * network.fit(data, 200); // epochs 0 to 159 without, 160 to 199 with weights
 * }</pre>
 *
 * <p>The epoch is the one that the network counts from 0 and saves, so that a network that was restored and gets the same
 * listener goes on where it was. {@code fit} of a single DataSet does not count epochs; call
 * {@code setEpochCount} or {@code incrementEpochCount} there. What is saved has the weights of its time.
 */
public final class DeferredReweighting extends LossListener {
    private final ClassWeights weights;
    private final int epoch;

    /**
     * For every output.
     *
     * @param weights one per class
     * @param epoch the first with weights, counted from 0
     */
    public DeferredReweighting(ClassWeights weights, int epoch) {
        this(weights, epoch, Where.EVERY_OUTPUT);
    }

    private DeferredReweighting(ClassWeights weights, int epoch, Where where) {
        super(where);
        if (epoch < 0 || weights.isNone()) {
            throw new LossInputException(
                    "L4J-D58",
                    "deferred re-weighting",
                    "weights " + weights + " from epoch " + epoch + ", expected weights from an epoch from 0",
                    "correct them");
        }
        this.weights = weights;
        this.epoch = epoch;
    }

    /** The same for one output only, by the name of its layer. */
    public DeferredReweighting onlyOutput(String name) {
        return new DeferredReweighting(weights, epoch, new Where(name, where().counter()));
    }

    /**
     * The same with the epochs that another network counts. For ParallelWrapper, whose workers count none: name the network
     * that it trains, and call its {@code incrementEpochCount} after every {@code fit} of the wrapper. Iterations are those
     * of each worker.
     */
    public DeferredReweighting countedBy(Model network) {
        return new DeferredReweighting(weights, epoch, new Where(where().output(), network));
    }

    @Override
    LossFunction at(LossFunction loss, int now, int iteration) {
        return loss.withClassWeights(now < epoch ? ClassWeights.none() : weights);
    }

    @Override
    String what() {
        return "class weights";
    }
}
