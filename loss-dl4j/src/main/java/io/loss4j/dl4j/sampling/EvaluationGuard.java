package io.loss4j.dl4j.sampling;

import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Whether Deeplearning4j is evaluating a network on this thread. It does not tell an iterator, so the stack must. */
final class Evaluating {
    private static final Set<Class<?>> NETWORKS = Set.of(MultiLayerNetwork.class, ComputationGraph.class);
    /** Score calculators of early stopping. */
    private static final String SCORES = "org.deeplearning4j.earlystopping.scorecalc";

    private static final int DEPTH = 16;
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Evaluating() {}

    static boolean now() {
        return STACK.walk(frames -> frames.limit(DEPTH).anyMatch(Evaluating::isEvaluation));
    }

    private static boolean isEvaluation(StackWalker.StackFrame frame) {
        Class<?> caller = frame.getDeclaringClass();
        return NETWORKS.contains(caller) && frame.getMethodName().contains("valuat")
                || caller.getPackageName().startsWith(SCORES);
    }
}
