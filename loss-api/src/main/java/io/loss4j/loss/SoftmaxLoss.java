package io.loss4j.loss;

/**
 * A loss of the log-probability of a class. With label weights t_k and l_k = log softmax(z)_k,
 *
 * <pre>
 *   loss   = sum_k t_k value(l_k)
 *   d/dz_j = t_j derivative(l_j) - p_j sum_k t_k derivative(l_k)
 * </pre>
 *
 * so one scalar function serves class indices, one-hot, soft, smoothed and class-weighted labels alike.
 */
public interface SoftmaxLoss extends LossSpec {
    /**
     * The loss of a label of weight 1 on a class with this log-probability.
     *
     * @param logProbability l, at most 0; negative infinity for a class of probability 0
     */
    double value(double logProbability);

    /**
     * The derivative of {@link #value} by the log-probability; at negative infinity its limit.
     *
     * @param logProbability l, at most 0
     */
    double derivative(double logProbability);

    /**
     * The formula for one class, for losses with a parameter per class.
     *
     * @param column the class, counted from 0
     */
    default SoftmaxLoss forColumn(int column) {
        return this;
    }

    /** How many classes the parameters are made for, or 0 if they fit any number. */
    default int columns() {
        return 0;
    }

    /** What the predictions are; logits unless the loss says otherwise. */
    @Override
    default InputForm input() {
        return InputForm.LOGITS;
    }

    @Override
    default Activation activation() {
        return Activation.SOFTMAX;
    }

    /** The change made to logits before the softmax; none unless the loss says otherwise. */
    default LogitTransform logits() {
        return LogitTransform.IDENTITY;
    }
}
