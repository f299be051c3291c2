package io.loss4j.dl4j;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** A loss whose gradient is a tenth too large. */
class WrongGradient extends LossMCXENT {
    private static final long serialVersionUID = 1L;

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        return super.computeGradient(labels, preOutput, activation, mask).muli(1.1);
    }
}
