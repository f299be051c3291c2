package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.backend.Backends;
import io.loss4j.backend.Resolution;
import io.loss4j.backend.Verdict;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The contract of a backend, as tests: every loss of Loss4J with several parameters, and losses of every shape that no
 * backend can know, against an oracle in plain doubles. Subclass it in the tests of the backend:
 *
 * <pre>{@code
 * class CpuBackendTest extends BackendConformance {
 *     @Override
 *     protected String backend() {
 *         return "cpu";
 *     }
 * }
 * }</pre>
 *
 * <p>A job that the backend declines is reported as aborted, with its reason; declining everything fails. The number of
 * threads is set through the system property {@code loss4j.NAME.threads}, which the backend reads at every call or does
 * not know.
 */
public abstract class BackendConformance extends Rules {
    /** For subclasses. */
    protected BackendConformance() {}

    /** The name of the backend. */
    protected abstract String backend();

    /** The losses to test it with: those of Loss4J, and some that are known by their formula only. */
    protected List<LossExample> losses() {
        List<LossExample> losses = new ArrayList<>(BuiltInExamples.all());
        losses.addAll(FormulaOnly.examples());
        return losses;
    }

    @Override
    final List<LossExample> examples() {
        return losses();
    }

    @Override
    final String choice() {
        return backend();
    }

    @Override
    final @Nullable String mayDecline() {
        return backend();
    }

    /** Found, usable on this machine, and of use for every loss of Loss4J in FLOAT. */
    @TestFactory
    Stream<DynamicNode> r8_0_isAvailableAndAcceptsWork() {
        DynamicTest found = DynamicTest.dynamicTest("found and available", () -> {
            if (!Backends.list().contains(backend())) {
                throw new AssertionError(
                        "backend '" + backend() + "' is not found by ServiceLoader; found are " + Backends.list());
            }
            Verdict.Outcome outcome = verdict(Backends.explain(null, backend()));
            if (outcome != Verdict.Outcome.CHOSEN) {
                throw new AssertionError(Backends.explain(null, backend()).explain());
            }
        });
        List<LossExample> known = BuiltInExamples.all();
        DynamicTest useful = DynamicTest.dynamicTest("accepts at least one loss", () -> {
            boolean any = false;
            for (LossExample example : known) {
                int columns = example.columnsNear(2);
                LossFunction f = Chapter.sum(choice(), example, columns);
                INDArray x = Nd4j.create(DataType.FLOAT, 4, columns);
                INDArray y = Nd4j.create(DataType.FLOAT, 4, LossExample.labelColumns(f.spec(), columns));
                any |= verdict(f.resolve(x, y, null)) == Verdict.Outcome.CHOSEN;
            }
            if (!any) {
                throw new AssertionError("backend '" + backend() + "' declines every loss of Loss4J");
            }
        });
        return Stream.of(found, useful);
    }

    private Verdict.Outcome verdict(Resolution resolution) {
        return resolution.verdicts().stream()
                .filter(v -> v.backend().equals(backend()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(resolution.explain()))
                .outcome();
    }

    /** The rare positive that matters: a confident mistake teaches at full strength. */
    @TestFactory
    Stream<DynamicNode> r1_2_confidentMistakesTeachAtFullStrength() {
        List<DataType> types = List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16);
        Tests sigmoid = new Tests(LossExample.of(new SigmoidCrossEntropy()), backend());
        Tests softmax = new Tests(LossExample.of(new SoftmaxCrossEntropy()), backend());
        for (DataType type : types) {
            sigmoid.add("sigmoid_cross_entropy at -20, " + type, random -> {
                INDArray x = Nd4j.createFromArray(-20.0, -12.0, -1e4, 20.0)
                        .reshape(4, 1)
                        .castTo(type);
                INDArray y = Nd4j.createFromArray(1.0, 1.0, 1.0, 0.0).reshape(4, 1);
                double[] gradient = Batch.read(plain(new SigmoidCrossEntropy()).gradient(x, y), true);
                double[] expected = {-1, -1 / (1 + Math.exp(-12)), -1, 1};
                Close.elements("gradient", expected, gradient, 1, type, 1e-7);
            });
            softmax.add("softmax_cross_entropy 2e4 apart, " + type, random -> {
                INDArray z = Nd4j.createFromArray(1e4, -1e4, 0.0).reshape(1, 3).castTo(type);
                INDArray y = Nd4j.createFromArray(1);
                double distance = z.getDouble(0, 0) - z.getDouble(0, 1);
                LossFunction f = plain(new SoftmaxCrossEntropy());
                Close.value("value", distance, f.value(z, y), 1e-5);
                double[] gradient = Batch.read(f.gradient(z, y), true);
                Close.elements("gradient", new double[] {1, -1, 0}, gradient, 3, type, 0);
            });
        }
        return Stream.concat(sigmoid.list().stream(), softmax.list().stream());
    }

    private LossFunction plain(LossSpec spec) {
        return LossFunction.of(spec).on(backend()).withReduction(Reduction.SUM);
    }
}
