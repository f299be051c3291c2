package io.loss4j.dl4j;

import io.loss4j.error.LossInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.util.SerializationUtils;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A network with Deeplearning4j's own losses replaced by the exact ones of Loss4J, and what became of each.
 *
 * <pre>{@code
 * Migration<MultiLayerNetwork> migration = Migration.replaceLosses(ModelSerializer.restoreMultiLayerNetwork(file));
 * System.out.println(migration);
 * migration.network().fit(data);
 * }</pre>
 *
 * <p>The network that is given stays as it is. The new one has a copy of its configuration, parameters, updater state and
 * counts of iterations and epochs, and its listeners. docs/migration.md tells where values then differ, and why.
 *
 * @param network the new network or configuration
 * @param changes one per loss that was not Loss4J's already, in the order of the layers
 * @param <N> a network, or a configuration
 */
public record Migration<N>(N network, List<Change> changes) {
    /** Makes the list unmodifiable. */
    public Migration {
        changes = List.copyOf(changes);
    }

    /**
     * What became of one loss.
     *
     * @param layer name of the layer or, where it has none, its number
     * @param before the loss that was there
     * @param after what replaces it; null: it was kept
     * @param reason why it was kept, or null
     */
    public record Change(
            String layer,
            ILossFunction before,
            @Nullable Loss4jLoss after,
            @Nullable String reason) {
        /** Whether the loss was replaced. */
        public boolean isReplaced() {
            return after != null;
        }

        @Override
        public String toString() {
            return layer + ": " + before + (after == null ? " kept: " + reason : " -> " + after);
        }
    }

    /** A network in the same state with the losses replaced. */
    public static Migration<MultiLayerNetwork> replaceLosses(MultiLayerNetwork network) {
        Migration<MultiLayerConfiguration> migration = replaceLosses(network.getLayerWiseConfigurations());
        MultiLayerNetwork replaced = new MultiLayerNetwork(migration.network());
        if (network.isInitCalled()) {
            replaced.init(network.params().dup(), false);
            INDArray state = network.getUpdater().getStateViewArray();
            if (state != null) {
                replaced.getUpdater().setStateViewArray(replaced, state.dup(), false);
            }
        }
        replaced.setListeners(network.getListeners());
        return new Migration<>(replaced, migration.changes());
    }

    /** A network in the same state with the losses replaced. */
    public static Migration<ComputationGraph> replaceLosses(ComputationGraph network) {
        Migration<ComputationGraphConfiguration> migration = replaceLosses(network.getConfiguration());
        ComputationGraph replaced = new ComputationGraph(migration.network());
        if (network.getVertices() != null) { // as long as it is not initialised
            replaced.init(network.params().dup(), false);
            INDArray state = network.getUpdater().getStateViewArray();
            if (state != null) {
                replaced.getUpdater().setStateViewArray(state.dup());
            }
            replaced.setListeners(network.getListeners());
        }
        return new Migration<>(replaced, migration.changes());
    }

    /** A configuration with the losses replaced. */
    public static Migration<MultiLayerConfiguration> replaceLosses(MultiLayerConfiguration configuration) {
        MultiLayerConfiguration copy = copy(configuration);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < copy.getConfs().size(); i++) {
            replace(String.valueOf(i), copy.getConf(i), changes);
        }
        return new Migration<>(copy, changes);
    }

    /** A configuration with the losses replaced. */
    public static Migration<ComputationGraphConfiguration> replaceLosses(ComputationGraphConfiguration configuration) {
        ComputationGraphConfiguration copy = copy(configuration);
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<String, GraphVertex> vertex : copy.getVertices().entrySet()) {
            if (vertex.getValue() instanceof LayerVertex layer) {
                replace(vertex.getKey(), layer.getLayerConf(), changes);
            }
        }
        return new Migration<>(copy, changes);
    }

    /** Through Java serialisation, which drops nothing; {@code clone} shares the layers inside wrappers. */
    private static <C extends Serializable> C copy(C configuration) {
        return SerializationUtils.fromByteArray(SerializationUtils.toByteArray(configuration));
    }

    private static void replace(String number, NeuralNetConfiguration configuration, List<Change> changes) {
        String name = Objects.requireNonNullElse(configuration.getLayer().getLayerName(), number);
        LossSlots.visit(configuration.getLayer(), new Replacing(name, changes));
    }

    private record Replacing(String layer, List<Change> changes) implements LossSlots.Visitor {
        @Override
        public ILossFunction visit(ILossFunction loss, IActivation activation, long columns) {
            if (loss instanceof Loss4jLoss) {
                return loss;
            }
            try {
                Loss4jLoss ours = Dl4jLosses.replacementFor(loss);
                ours.checkActivation(activation, columns);
                changes.add(new Change(layer, loss, ours, null));
                return ours;
            } catch (LossInputException e) {
                fixed(loss, String.valueOf(e.getMessage()));
                return loss;
            }
        }

        @Override
        public void fixed(ILossFunction loss, String reason) {
            changes.add(new Change(layer, loss, null, reason));
        }
    }

    @Override
    public String toString() {
        long replaced = changes.stream().filter(Change::isReplaced).count();
        StringBuilder text = new StringBuilder(replaced + " of " + changes.size() + " losses replaced");
        changes.forEach(change -> text.append("\n  ").append(change));
        return text.toString();
    }
}
