package io.loss4j.dl4j.noise;

import io.loss4j.dl4j.Loss4jLoss;
import io.loss4j.dl4j.sampling.EvaluationGuard;
import io.loss4j.error.LossInputException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mixes unlabelled rows into the batches of labelled ones: their label is the class that the network itself prefers at
 * that moment, if it is sure enough, and their weight rises over the epochs. The objective is
 *
 * <pre>{@code 1/n sum_labelled L + weight(epoch) / n' sum_unlabelled [p_max >= threshold] L}</pre>
 *
 * <pre>{@code
 * PseudoLabels mixed = PseudoLabels.of(network, labelled, unlabelled, new WeightRamp(10, 60, 1), 0.95);
 * network.fit(mixed, 100);
 * }</pre>
 *
 * <p>n and n' are the examples of a labelled and an unlabelled batch; the factors that make up for Deeplearning4j's division
 * by all examples of the mixed batch are in the weights. These go through the labels mask, which Deeplearning4j multiplies
 * into the output: only a {@link Loss4jLoss} undoes that, so other losses are refused. While the weight is 0, and where the
 * network is sure of no row, batches are the labelled ones as they are. One pass over the labelled data is an epoch;
 * unlabelled batches start over when they are used up. The epoch is that of the network, which survives saving.
 *
 * <p>Labels are [N, K] one-hot, [N, 1] for one sigmoid output, or [N, 1] class indices; features may have any shape, as long
 * as labelled and unlabelled ones agree. Give it training data only; networks refuse to be evaluated on it (L4J-D46).
 *
 * <p>Source: Lee, "Pseudo-label: the simple and efficient semi-supervised learning method for deep neural networks" (2013),
 * whose ramp is {@code new WeightRamp(100, 600, 3)} with threshold 0.
 */
public final class PseudoLabels implements DataSetIterator {
    private static final long serialVersionUID = 1L;
    private static final String WHO = "pseudo-labels";

    private final transient Function<DataSet, INDArray> network;
    private final transient IntSupplier epoch;
    private final transient DataSetIterator labelled;
    private final transient DataSetIterator unlabelled;
    private final WeightRamp ramp;
    private final double threshold;

    private PseudoLabels(
            Function<DataSet, INDArray> network,
            IntSupplier epoch,
            DataSetIterator labelled,
            DataSetIterator unlabelled,
            WeightRamp ramp,
            double threshold) {
        if (!(threshold >= 0 && threshold <= 1) || !unlabelled.resetSupported()) {
            throw new LossInputException(
                    "L4J-D48",
                    WHO,
                    "the threshold is " + threshold + ", expected 0 to 1, and the unlabelled data can"
                            + (unlabelled.resetSupported() ? "" : "not") + " start over",
                    "correct the threshold, or give an iterator that can be reset");
        }
        this.network = network;
        this.epoch = epoch;
        this.labelled = labelled;
        this.unlabelled = unlabelled;
        this.ramp = Objects.requireNonNull(ramp);
        this.threshold = threshold;
    }

    /**
     * For a network of layers.
     *
     * @param network which is trained, and labels what has no labels
     * @param labelled training data
     * @param unlabelled more of it, whose labels are not looked at; can be reset
     * @param ramp the weight of unlabelled data by epoch
     * @param threshold the probability that a pseudo-label must have, from 0 to 1
     */
    public static PseudoLabels of(
            MultiLayerNetwork network,
            DataSetIterator labelled,
            DataSetIterator unlabelled,
            WeightRamp ramp,
            double threshold) {
        checkLoss(network.getOutputLayer());
        return new PseudoLabels(
                batch -> network.output(batch.getFeatures(), false, batch.getFeaturesMaskArray(), null),
                network::getEpochCount,
                labelled,
                unlabelled,
                ramp,
                threshold);
    }

    /** For a graph with one input and one output. */
    public static PseudoLabels of(
            ComputationGraph network,
            DataSetIterator labelled,
            DataSetIterator unlabelled,
            WeightRamp ramp,
            double threshold) {
        checkLoss(network.getOutputLayer(0));
        return new PseudoLabels(
                batch -> {
                    INDArray mask = batch.getFeaturesMaskArray();
                    INDArray[] masks = mask == null ? null : new INDArray[] {mask};
                    return network.output(false, new INDArray[] {batch.getFeatures()}, masks, null)[0];
                },
                () -> network.getConfiguration().getEpochCount(),
                labelled,
                unlabelled,
                ramp,
                threshold);
    }

    private static void checkLoss(Layer layer) {
        if (layer.conf().getLayer() instanceof BaseOutputLayer output && !(output.getLossFn() instanceof Loss4jLoss)) {
            throw refused(
                    "the output layer has the loss " + output.getLossFn()
                            + ", which takes the weights of examples for a change of the output",
                    "use one of Dl4jLosses");
        }
    }

    private static LossInputException refused(String problem, String remedy) {
        return new LossInputException("L4J-D49", WHO, problem, remedy);
    }

    @Override
    public boolean hasNext() {
        EvaluationGuard.refuse(WHO);
        return labelled.hasNext();
    }

    @Override
    public DataSet next() {
        EvaluationGuard.refuse(WHO);
        return mix(labelled.next());
    }

    @Override
    public DataSet next(int examples) {
        EvaluationGuard.refuse(WHO);
        return mix(labelled.next(examples));
    }

    @SuppressWarnings("try")
    private DataSet mix(DataSet given) {
        double weight = ramp.at(epoch.getAsInt());
        if (weight == 0) {
            return given;
        }
        if (!unlabelled.hasNext()) {
            unlabelled.reset();
        }
        if (!unlabelled.hasNext()) {
            return given;
        }
        DataSet more = unlabelled.next();
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            PseudoLabelled sure = PseudoLabelled.of(more, network.apply(more), given.getLabels(), threshold);
            return sure.isEmpty() ? given : sure.mixedInto(given, weight);
        }
    }

    /** No: labels are those that the network gives at the moment of training. */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public boolean resetSupported() {
        return labelled.resetSupported();
    }

    @Override
    public void reset() {
        labelled.reset();
    }

    @Override
    public int batch() {
        return labelled.batch();
    }

    @Override
    public int inputColumns() {
        return labelled.inputColumns();
    }

    @Override
    public int totalOutcomes() {
        return labelled.totalOutcomes();
    }

    /** Goes to both, for unlabelled rows need the same. */
    @Override
    public void setPreProcessor(@Nullable DataSetPreProcessor preProcessor) {
        labelled.setPreProcessor(preProcessor);
        unlabelled.setPreProcessor(preProcessor);
    }

    @Override
    public @Nullable DataSetPreProcessor getPreProcessor() {
        return labelled.getPreProcessor();
    }

    @Override
    public @Nullable List<String> getLabels() {
        return labelled.getLabels();
    }

    /** It belongs to a network at work. */
    @Serial
    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(PseudoLabels.class.getName());
    }
}
