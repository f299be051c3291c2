package io.loss4j.dl4j;

import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.layers.convolution.Cnn3DLossLayer;
import org.deeplearning4j.nn.layers.convolution.CnnLossLayer;
import org.deeplearning4j.nn.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.layers.recurrent.RnnLossLayer;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;

/**
 * Which layer is asking. Deeplearning4j does not tell a loss, so the call stack must be looked at: slow, and therefore
 * only in the rare cases in which the answer would otherwise be silently wrong.
 */
final class CallingLayer {
    private static final Set<Class<?>> MANY_ROWS_PER_EXAMPLE = Set.of(
            RnnOutputLayer.class, RnnLossLayer.class, CnnLossLayer.class, Cnn3DLossLayer.class, Yolo2OutputLayer.class);
    private static final int DEPTH = 16;
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private CallingLayer() {}

    /** Whether it has parameters, and so has multiplied its output by the mask before showing it to the loss. */
    static boolean multipliesByMask() {
        return STACK.walk(frames ->
                        classes(frames).filter(Layer.class::isAssignableFrom).findFirst())
                .filter(BaseOutputLayer.class::isAssignableFrom)
                .isPresent();
    }

    /** Whether it turns time steps or pixels into rows; known for gradients only, where each has a method of its own. */
    static boolean hasManyRowsPerExample() {
        return STACK.walk(frames -> classes(frames).anyMatch(MANY_ROWS_PER_EXAMPLE::contains));
    }

    private static Stream<Class<?>> classes(Stream<StackWalker.StackFrame> frames) {
        return frames.limit(DEPTH).map(StackWalker.StackFrame::getDeclaringClass);
    }
}
