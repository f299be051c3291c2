package io.loss4j.cuda;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.backend.Backends;
import io.loss4j.error.BackendException;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A user's program: one thing per argument, and what came of it. */
public final class Program {
    /** Two rows of three classes; prints value and gradient. */
    static final String SOFTMAX = "softmax";

    static final String SOFTMAX_IS_RIGHT = "softmax 3.3826 gradient [-0.910, 0.245, 0.665, 0.509, 0.114, -0.623]";

    /** The verdict on every backend. */
    static final String EXPLAIN = "explain";

    /** Releases everything and counts what is left. */
    static final String RELEASE = "release";

    static final String NOTHING_IS_LEFT = "nothing is left";

    private Program() {}

    /** Runs the arguments one by one; {@code fault=n} arms one of the driver's. */
    public static void main(String[] commands) {
        for (String command : commands) {
            try {
                switch (command) {
                    case SOFTMAX -> softmax();
                    case EXPLAIN -> System.out.println(Backends.explain());
                    case RELEASE -> {
                        FakeDriver.requireNothingLeft();
                        System.out.println(NOTHING_IS_LEFT);
                    }
                    default -> FakeDriver.arm(command.split("=")[0], Long.parseLong(command.split("=")[1]));
                }
            } catch (BackendException e) {
                System.out.println(command + " is refused: " + e.getMessage());
            }
        }
    }

    private static void softmax() {
        INDArray z = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {0.5f, -1, 0.2f}});
        LossResult result = LossFunction.of(new SoftmaxCrossEntropy())
                .withReduction(Reduction.SUM)
                .valueAndGradient(z, Nd4j.createFromArray(0, 2));
        StringBuilder text = new StringBuilder();
        for (float g : result.gradient().reshape(6).toFloatVector()) {
            text.append(text.length() == 0 ? "[" : ", ").append(String.format(Locale.ROOT, "%.3f", g));
        }
        System.out.println(String.format(Locale.ROOT, "softmax %.4f gradient ", result.value()) + text.append(']'));
    }
}
