package io.loss4j.loss;

/** A row loss over the logits of a softmax whose targets are weights of classes. */
interface SoftmaxRowLoss extends RowLoss {
    @Override
    default boolean classification() {
        return true;
    }

    @Override
    default InputForm input() {
        return InputForm.LOGITS;
    }

    @Override
    default Activation activation() {
        return Activation.SOFTMAX;
    }
}
