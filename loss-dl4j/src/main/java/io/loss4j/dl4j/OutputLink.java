package io.loss4j.dl4j;

import io.loss4j.LossFunction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.NegativeLogLikelihood;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * How a loss meets the activation of its layer. Deeplearning4j hands over what comes before the activation, so that the
 * two can be fused, which is faster and exact where a probability would round to 0 or 1.
 *
 * <table>
 * <caption>What the loss is applied to: the pre-output, or what the activation makes of it</caption>
 * <tr><th>loss of</th><th>IDENTITY</th><th>SOFTMAX</th><th>SIGMOID</th><th>other built-in</th><th>user's own</th></tr>
 * <tr><td>logits, softmax</td><td>pre</td><td>pre</td><td>refused</td><td>refused</td><td>refused</td></tr>
 * <tr><td>logits, sigmoid</td><td>pre</td><td>refused</td><td>pre</td><td>refused</td><td>refused</td></tr>
 * <tr><td>probabilities, softmax</td><td>pre</td><td>twin on pre, or act</td><td>refused</td><td>refused</td>
 *     <td>act</td></tr>
 * <tr><td>probabilities, sigmoid</td><td>pre</td><td>refused</td><td>twin on pre, or act</td>
 *     <td>HARDSIGMOID: act</td><td>act</td></tr>
 * <tr><td>probabilities of either kind</td><td>pre</td><td>act</td><td>act</td><td>HARDSIGMOID: act</td>
 *     <td>act</td></tr>
 * <tr><td>anything</td><td>pre</td><td>act</td><td>act</td><td>act</td><td>act</td></tr>
 * </table>
 *
 * <p>The twin of a loss of probabilities is the same loss over logits.
 */
final class OutputLink {
    private static final String BUILT_IN = ActivationIdentity.class.getPackageName();

    private final LossFunction function;
    /** The loss that gives the same from logits under softmax; null: none is known. */
    private final @Nullable LossFunction underSoftmax;
    /** The same under sigmoid. */
    private final @Nullable LossFunction underSigmoid;

    OutputLink(LossFunction function) {
        this.function = function;
        LossSpec spec = function.spec();
        LossSpec twin = overLogits(spec);
        LossFunction fused = twin == null ? null : twin == spec ? function : function.withSpec(twin);
        this.underSoftmax = twin instanceof SoftmaxLoss ? fused : null;
        this.underSigmoid = twin instanceof BinaryLoss ? fused : null;
    }

    /** The loss of logits that equals this one behind its natural activation, or null if there is none. */
    private static @Nullable LossSpec overLogits(LossSpec spec) {
        if (input(spec) == InputForm.LOGITS) {
            return spec;
        } else if (spec instanceof NegativeLogLikelihood || spec instanceof CrossEntropy c && c.epsilon() == null) {
            return new SoftmaxCrossEntropy();
        } else if (spec instanceof BinaryCrossEntropy b && b.epsilon() == null) {
            return new SigmoidCrossEntropy();
        } else if (spec instanceof SoftmaxFocal focal) {
            return new SoftmaxFocal(focal.gamma(), InputForm.LOGITS);
        } else if (spec instanceof SigmoidFocal focal) {
            return new SigmoidFocal(focal.alpha(), focal.gamma(), InputForm.LOGITS);
        }
        return null;
    }

    /** What a loss expects; null: any numbers. */
    private static @Nullable InputForm input(LossSpec spec) {
        if (spec instanceof SoftmaxLoss softmax) {
            return softmax.input();
        } else if (spec instanceof BinaryLoss binary) {
            return binary.input();
        } else if (spec instanceof BatchLoss batch) {
            return batch.input();
        }
        return spec instanceof KlDivergence divergence ? divergence.input() : null;
    }

    /**
     * The loss to apply to the output before the activation; null: apply the activation, then the loss itself.
     *
     * @param activation of the layer
     * @param columns of the output
     * @throws LossInputException if the two do not belong together
     */
    @Nullable
    LossFunction ofPreOutput(IActivation activation, long columns) {
        boolean softmax = activation instanceof ActivationSoftmax;
        if (columns == 1 && (softmax || function.spec() instanceof SoftmaxLoss)) {
            throw oneColumn(activation);
        }
        if (activation instanceof ActivationIdentity) {
            return function;
        }
        LossFunction fused = softmax ? underSoftmax : activation instanceof ActivationSigmoid ? underSigmoid : null;
        if (fused == null && !accepts(function.spec(), activation)) {
            throw wrongPair(activation);
        }
        return fused;
    }

    /** Whether what the activation returns is what the loss expects. */
    private static boolean accepts(LossSpec spec, IActivation activation) {
        InputForm input = input(spec);
        if (input == null) {
            return true;
        }
        boolean own = !activation.getClass().getPackageName().equals(BUILT_IN);
        return switch (input) {
            case LOGITS -> false;
            case LOG_PROBABILITIES -> own;
            case PROBABILITIES ->
                own
                        || activation instanceof ActivationSoftmax && !(spec instanceof BinaryLoss)
                        || isElementwiseProbability(activation) && !(spec instanceof SoftmaxLoss);
        };
    }

    private static boolean isElementwiseProbability(IActivation activation) {
        return activation instanceof ActivationSigmoid || activation instanceof ActivationHardSigmoid;
    }

    private LossInputException wrongPair(IActivation activation) {
        LossSpec spec = function.spec();
        String expected;
        String remedy;
        if (spec instanceof SoftmaxLoss) {
            expected = "SOFTMAX or IDENTITY";
            remedy = "set activation(SOFTMAX) on the layer, or take a sigmoid loss (sigmoid_cross_entropy,"
                    + " sigmoid_focal) if every output is a yes or no of its own";
        } else if (spec instanceof BinaryLoss) {
            expected = "SIGMOID or IDENTITY";
            remedy = "set activation(SIGMOID) on the layer, or take a softmax loss (softmax_cross_entropy,"
                    + " softmax_focal) if the outputs are classes that exclude each other";
        } else if (input(spec) == InputForm.PROBABILITIES) {
            expected = "SOFTMAX, SIGMOID or IDENTITY";
            remedy = "set one of these on the layer";
        } else {
            expected = "IDENTITY";
            remedy = "set activation(IDENTITY) on the layer, or take the form of the loss that expects probabilities";
        }
        return new LossInputException(
                "L4J-D01",
                spec.id(),
                "the layer's activation is " + activation.getClass().getSimpleName() + ", expected " + expected
                        + " for " + LossType.word(Objects.requireNonNull(input(spec))),
                remedy);
    }

    private LossInputException oneColumn(IActivation activation) {
        return new LossInputException(
                "L4J-D02",
                function.spec().id(),
                "the layer has one output (activation "
                        + activation.getClass().getSimpleName() + "), and a softmax of one output is always 1,"
                        + " expected at least two",
                "use a sigmoid loss with activation(SIGMOID) for one yes/no output, or nOut(2) with one-hot labels");
    }
}
