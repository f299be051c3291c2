package io.loss4j.dl4j;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The losses of Loss4J in a network at hand, a MultiLayerNetwork or ComputationGraph, by the name of their layer.
 * Changing them keeps parameters and updater state; the next step trains with the new ones, and what is saved has them.
 */
public final class NetworkLosses {
    private NetworkLosses() {}

    /** Every loss of Loss4J, by the name of its layer: {@code layer 3} where it has none. */
    public static Map<String, Loss4jLoss> of(Model network) {
        Map<String, Loss4jLoss> losses = new LinkedHashMap<>();
        change(network, (name, loss) -> {
            losses.put(name, loss);
            return loss;
        });
        return losses;
    }

    /**
     * Replaces every loss of Loss4J in place.
     *
     * @param change from the name of the layer and its loss to the loss that it has from now on
     */
    public static void change(Model network, BiFunction<String, Loss4jLoss, Loss4jLoss> change) {
        for (Layer layer : layers(network)) {
            if (layer.conf() != null && layer.conf().getLayer() != null) {
                LossSlots.visit(layer.conf().getLayer(), new Changing(name(layer), change));
            }
        }
    }

    private record Changing(String layer, BiFunction<String, Loss4jLoss, Loss4jLoss> change)
            implements LossSlots.Visitor {
        @Override
        public ILossFunction visit(ILossFunction loss, IActivation activation, long columns) {
            return loss instanceof Loss4jLoss ours ? change.apply(layer, ours) : loss;
        }

        @Override
        public void fixed(ILossFunction loss, String reason) {}
    }

    private static Layer[] layers(Model network) {
        return network instanceof MultiLayerNetwork layers
                ? layers.getLayers()
                : network instanceof ComputationGraph graph ? graph.getLayers() : new Layer[0];
    }

    private static String name(Layer layer) {
        String name = layer.conf().getLayer().getLayerName();
        return name == null ? "layer " + layer.getIndex() : name;
    }
}
