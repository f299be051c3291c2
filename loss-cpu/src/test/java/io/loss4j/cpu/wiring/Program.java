package io.loss4j.cpu.wiring;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Huber;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.provider.Discovery;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A user's program: does one thing per argument, prints what came of it, and goes on after a refusal. Exit code: how many
 * arguments were refused.
 */
public final class Program {
    /** A small regression whose loss and gradient can be read off: distances 2, 0, 0.5 and -4. */
    static final String HUBER = "huber";

    static final String HUBER_IS_RIGHT = "huber 5.1250 gradient [1.0, 0.0, 0.5, -1.0]";

    /** The same, from JSON. */
    static final String HUBER_FROM_JSON =
            "json {\"spec\":{\"id\":\"huber\",\"version\":1,\"params\":{\"delta\":1.0}}," + "\"reduction\":\"SUM\"}";

    /** The same, on the CPU whatever else was asked for. */
    static final String HUBER_ON_CPU = "huber on cpu";

    /** Two rows of three classes. */
    static final String SOFTMAX = "softmax";

    static final String SOFTMAX_IS_RIGHT = "softmax 3.3826 gradient [-0.910, 0.245, 0.665, 0.509, 0.114, -0.623]";

    /** Why the regression runs on this backend. */
    static final String EXPLAIN = "explain";

    /** Which losses there are, and which are left out. */
    static final String CATALOGUE = "catalogue";

    private Program() {}

    /** Runs the arguments one by one. */
    public static void main(String[] commands) {
        int refused = 0;
        for (String command : commands) {
            try {
                run(command);
            } catch (BackendException | LossInputException e) {
                refused++;
                System.out.println(command + " is refused: " + e.getMessage());
            }
        }
        System.exit(refused);
    }

    private static void run(String command) {
        switch (command) {
            case HUBER -> huber(LossFunction.of(new Huber(1)).withReduction(Reduction.SUM));
            case HUBER_ON_CPU ->
                huber(LossFunction.of(new Huber(1)).withReduction(Reduction.SUM).on("cpu"));
            case SOFTMAX -> softmax();
            case EXPLAIN -> System.out.println(LossFunction.of(new Huber(1)).resolve(predictions(), labels(), null));
            case CATALOGUE -> {
                System.out.println("losses " + LossCatalogue.types().keySet());
                for (Discovery.Problem p : LossCatalogue.problems()) {
                    System.out.println("left out: " + p.who() + ": " + p.what() + "; " + p.remedy());
                }
            }
            default -> huber(LossFunction.fromJson(command.replaceFirst("json ", "")));
        }
    }

    private static void huber(LossFunction loss) {
        LossResult result = loss.valueAndGradient(predictions(), labels());
        System.out.println(String.format(Locale.ROOT, "huber %.4f gradient ", result.value())
                + Arrays.toString(result.gradient().reshape(4).toFloatVector()));
    }

    private static INDArray predictions() {
        return Nd4j.createFromArray(new float[][] {{3, 0}, {0.5f, -4}});
    }

    private static INDArray labels() {
        return Nd4j.createFromArray(new float[][] {{1, 0}, {0, 0}});
    }

    private static void softmax() {
        INDArray z = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {0.5f, -1, 0.2f}});
        INDArray y = Nd4j.createFromArray(0, 2);
        LossResult result = LossFunction.of(new SoftmaxCrossEntropy())
                .withReduction(Reduction.SUM)
                .valueAndGradient(z, y);
        StringBuilder text = new StringBuilder();
        for (float g : result.gradient().reshape(6).toFloatVector()) {
            text.append(text.length() == 0 ? "[" : ", ").append(String.format(Locale.ROOT, "%.3f", g));
        }
        System.out.println(String.format(Locale.ROOT, "softmax %.4f gradient ", result.value()) + text.append(']'));
    }
}
