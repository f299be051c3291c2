package io.loss4j.dl4j.schedule;

import io.loss4j.LossFunction;
import io.loss4j.dl4j.NetworkLosses;
import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the losses of a network before the gradient of every step. The time is what the network
 * counts and saves.
 */
abstract class LossListener extends BaseTrainingListener {
    private static final String WORKER = "ParallelWrapper training thread";

    private static final Logger LOG = LoggerFactory.getLogger(LossListener.class);

    private final Where where;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * Which losses, and whose epochs.
     *
     * @param output the name of the layer; null: all
     * @param counter the network that counts; null: the one that is trained
     */
    record Where(@Nullable String output, @Nullable Model counter) {
        static final Where EVERY_OUTPUT = new Where(null, null);
    }

    LossListener(Where where) {
        this.where = where;
    }

    Where where() {
        return where;
    }

    /** The loss of a time, or null if this schedule has nothing to set in such a loss. */
    abstract @Nullable LossFunction at(LossFunction loss, int epoch, int iteration);

    /** What is scheduled, for errors. */
    abstract String what();

    @Override
    public void onForwardPass(Model network, List<INDArray> activations) {
        set(network);
    }

    @Override
    public void onForwardPass(Model network, Map<String, INDArray> activations) {
        set(network);
    }

    private void set(Model network) {
        if (where.counter() == null && Thread.currentThread().getName().startsWith(WORKER) && !told.getAndSet(true)) {
            // not thrown: an exception in a worker makes the wrapper wait for ever
            LOG.error(
                    "L4J-D59 schedule of {}: ParallelWrapper counts no epochs, so its workers stay in the first; use"
                            + " countedBy(network), and network.incrementEpochCount() after every fit of the wrapper",
                    what());
        }
        int epoch = epoch(where.counter() == null ? network : where.counter());
        int iteration = network instanceof MultiLayerNetwork layers
                ? layers.getIterationCount()
                : ((ComputationGraph) network).getIterationCount();
        String output = where.output();
        List<String> found = new ArrayList<>();
        boolean[] set = new boolean[1];
        NetworkLosses.change(network, (name, loss) -> {
            found.add(name + " " + loss.name());
            if (output != null && !output.equals(name)) {
                return loss;
            }
            LossFunction changed = at(loss.function(), epoch, iteration);
            set[0] |= changed != null;
            return changed == null || changed.equals(loss.function()) ? loss : loss.with(old -> changed);
        });
        if (!set[0]) {
            throw none(output == null ? "no loss of the network takes it" : "no output " + output + " takes it", found);
        }
    }

    private static int epoch(Model network) {
        return network instanceof MultiLayerNetwork layers
                ? layers.getEpochCount()
                : ((ComputationGraph) network).getEpochCount();
    }

    private LossInputException none(String problem, List<String> found) {
        return new LossInputException(
                "L4J-D57",
                "schedule of " + what(),
                problem + " (losses of Loss4J: " + (found.isEmpty() ? "none" : String.join(", ", found)) + ")",
                "name an output and a parameter that exist; Migration.replaceLosses replaces losses of Deeplearning4j");
    }
}
