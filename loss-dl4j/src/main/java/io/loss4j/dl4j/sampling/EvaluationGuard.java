package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Keeps iterators over altered training data out of evaluations. Deeplearning4j does not tell an iterator what it is read
 * for, so the call stack must. For iterators of your own, too: call {@link #refuse} in {@code hasNext} and {@code next},
 * and let {@code asyncSupported} be false, for another thread has another stack.
 */
public final class EvaluationGuard {
    private static final Set<Class<?>> NETWORKS = Set.of(MultiLayerNetwork.class, ComputationGraph.class);
    /** Score calculators of early stopping. */
    private static final String SCORES = "org.deeplearning4j.earlystopping.scorecalc";

    private static final int DEPTH = 16;
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private EvaluationGuard() {}

    /**
     * Throws if a network is being evaluated on this thread.
     *
     * @param who the iterator
     * @throws LossInputException L4J-D46
     */
    public static void refuse(String who) {
        if (STACK.walk(frames -> frames.limit(DEPTH).anyMatch(EvaluationGuard::isEvaluation))) {
            throw new LossInputException(
                    "L4J-D46",
                    who,
                    "a network is being evaluated on it, but its rows are made for training: the result would say"
                            + " nothing about unseen data, nor about real class frequencies",
                    "evaluate on the data that was split off before, as it is");
        }
    }

    private static boolean isEvaluation(StackWalker.StackFrame frame) {
        Class<?> caller = frame.getDeclaringClass();
        return NETWORKS.contains(caller) && frame.getMethodName().contains("valuat")
                || caller.getPackageName().startsWith(SCORES);
    }
}
