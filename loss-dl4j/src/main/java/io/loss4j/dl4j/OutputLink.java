package io.loss4j.dl4j;

import io.loss4j.LossFunction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Activation;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import java.util.List;
import java.util.Locale;
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
 * <tr><td>probabilities of either kind</td><td>pre</td><td>twin on pre, or act</td><td>twin on pre, or act</td>
 *     <td>HARDSIGMOID: act</td><td>act</td></tr>
 * <tr><td>log-probabilities</td><td>pre</td><td>twin on pre, or refused</td><td>twin on pre, or refused</td>
 *     <td>refused</td><td>act</td></tr>
 * <tr><td>anything</td><td>pre</td><td>act</td><td>act</td><td>act</td><td>act</td></tr>
 * </table>
 *
 * <p>The twin of a loss is the same loss over logits, see {@link LossSpec#overLogits}. Sums and multiples of losses expect
 * what their parts expect; a sum has a twin if every part has one, so one of logits and of anything fits IDENTITY only.
 */
final class OutputLink {
    private static final String BUILT_IN = ActivationIdentity.class.getPackageName();
    private static final List<IActivation> NATURAL =
            List.of(new ActivationSoftmax(), new ActivationSigmoid(), new ActivationIdentity());

    private final LossFunction function;
    /** The loss that gives the same from logits under softmax; null: none is known. */
    private final @Nullable LossFunction underSoftmax;
    /** The same under sigmoid. */
    private final @Nullable LossFunction underSigmoid;

    OutputLink(LossFunction function) {
        this.function = function;
        this.underSoftmax = overLogits(Activation.SOFTMAX);
        this.underSigmoid = overLogits(Activation.SIGMOID);
    }

    private @Nullable LossFunction overLogits(Activation activation) {
        LossSpec spec = function.spec();
        LossSpec twin = spec.overLogits(activation);
        return twin == null ? null : twin == spec ? function : function.withSpec(twin);
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
        if (columns == 1
                && (activation instanceof ActivationSoftmax || function.spec().activation() == Activation.SOFTMAX)) {
            throw oneColumn(activation);
        }
        if (activation instanceof ActivationIdentity) {
            return function;
        }
        LossFunction fused = fused(activation);
        if (fused == null && !accepts(activation)) {
            throw wrongPair(activation);
        }
        return fused;
    }

    private @Nullable LossFunction fused(IActivation activation) {
        return activation instanceof ActivationSoftmax
                ? underSoftmax
                : activation instanceof ActivationSigmoid ? underSigmoid : null;
    }

    /** Whether what the activation returns is what the loss expects. */
    private boolean accepts(IActivation activation) {
        LossSpec spec = function.spec();
        InputForm input = spec.input();
        if (input == null) {
            return true;
        }
        boolean own = !activation.getClass().getPackageName().equals(BUILT_IN);
        return switch (input) {
            case LOGITS -> false;
            case LOG_PROBABILITIES -> own;
            case PROBABILITIES ->
                own
                        || activation instanceof ActivationSoftmax && spec.activation() != Activation.SIGMOID
                        || isElementwiseProbability(activation) && spec.activation() != Activation.SOFTMAX;
        };
    }

    private static boolean isElementwiseProbability(IActivation activation) {
        return activation instanceof ActivationSigmoid || activation instanceof ActivationHardSigmoid;
    }

    private LossInputException wrongPair(IActivation activation) {
        LossSpec spec = function.spec();
        List<String> fitting = NATURAL.stream()
                .filter(a -> a instanceof ActivationIdentity || fused(a) != null || accepts(a))
                .map(OutputLink::word)
                .toList();
        return new LossInputException(
                "L4J-D01",
                spec.id(),
                "the layer's activation is " + activation.getClass().getSimpleName() + ", expected "
                        + either(fitting) + " for "
                        + LossType.word(Objects.requireNonNull(spec.input())),
                "set "
                        + either(fitting.stream()
                                .map(a -> "activation(" + a + ")")
                                .toList()) + " on the layer, or take " + alternative(spec));
    }

    /** a, b or c. */
    private static String either(List<String> words) {
        return String.join(", ", words).replaceFirst(", (?=[^,]*$)", " or ");
    }

    private static String alternative(LossSpec spec) {
        return switch (spec.activation()) {
            case SOFTMAX ->
                "a sigmoid loss (sigmoid_cross_entropy, sigmoid_focal) if every output is a yes or no of its own";
            case SIGMOID ->
                "a softmax loss (softmax_cross_entropy, softmax_focal) if the outputs are classes that exclude each"
                        + " other";
            case ANY -> "the form of the loss that expects what this activation returns";
        };
    }

    /** As in the builders of Deeplearning4j. */
    private static String word(IActivation activation) {
        return activation.getClass().getSimpleName().replace("Activation", "").toUpperCase(Locale.ROOT);
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
