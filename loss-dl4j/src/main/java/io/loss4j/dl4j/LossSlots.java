package io.loss4j.dl4j;

import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.CompositeReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.ReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Where the layers of Deeplearning4j keep their losses; they have no interface in common.
 */
final class LossSlots {
    /** Layers without parameters do not know how many columns they have; more than one is harmless. */
    private static final long UNKNOWN = 2;

    private LossSlots() {}

    /** Says what a loss is to be from now on. */
    interface Visitor {
        /**
         * A loss of a layer.
         *
         * @param activation what it is behind
         * @param columns of the output
         * @return the same, or another one
         */
        ILossFunction visit(ILossFunction loss, IActivation activation, long columns);

        /** A loss that cannot be another one. */
        void fixed(ILossFunction loss, String reason);
    }

    static void visit(Layer layer, Visitor visitor) {
        if (layer instanceof OCNNOutputLayer l) {
            visitor.fixed(l.getLossFn(), "OCNNOutputLayer has a loss of its own only");
        } else if (layer instanceof AutoEncoder l) {
            visitor.fixed(l.getLossFunction().getILossFunction(), "AutoEncoder takes words of an enum only");
        } else if (layer instanceof BaseOutputLayer l) {
            l.setLossFn(visitor.visit(l.getLossFn(), l.getActivationFn(), l.getNOut()));
        } else if (layer instanceof LossLayer l) {
            l.setLossFn(visitor.visit(l.getLossFn(), l.getActivationFn(), UNKNOWN));
        } else if (layer instanceof RnnLossLayer l) {
            l.setLossFn(visitor.visit(l.getLossFn(), l.getActivationFn(), UNKNOWN));
        } else if (layer instanceof CnnLossLayer l) {
            l.setLossFn(visitor.visit(l.getLossFn(), l.getActivationFn(), UNKNOWN));
        } else if (layer instanceof Cnn3DLossLayer l) {
            l.setLossFn(visitor.visit(l.getLossFn(), l.getActivationFn(), UNKNOWN));
        } else if (layer instanceof Yolo2OutputLayer l) {
            l.setLossPositionScale(visitor.visit(l.getLossPositionScale(), new ActivationIdentity(), UNKNOWN));
            l.setLossClassPredictions(visitor.visit(l.getLossClassPredictions(), new ActivationSoftmax(), UNKNOWN));
        } else if (layer instanceof VariationalAutoencoder l) {
            l.setOutputDistribution(visit(l.getOutputDistribution(), visitor));
        } else if (layer instanceof FrozenLayer l) {
            visit(l.getLayer(), visitor);
        } else if (layer instanceof BaseWrapperLayer l) {
            visit(l.getUnderlying(), visitor);
        }
    }

    private static ReconstructionDistribution visit(ReconstructionDistribution distribution, Visitor visitor) {
        if (distribution instanceof LossFunctionWrapper wrapper) {
            IActivation activation = wrapper.getActivationFn();
            return new LossFunctionWrapper(activation, visitor.visit(wrapper.getLossFunction(), activation, UNKNOWN));
        } else if (distribution instanceof CompositeReconstructionDistribution composite) {
            ReconstructionDistribution[] parts = composite.getReconstructionDistributions();
            for (int i = 0; i < parts.length; i++) {
                parts[i] = visit(parts[i], visitor);
            }
        }
        return distribution;
    }
}
