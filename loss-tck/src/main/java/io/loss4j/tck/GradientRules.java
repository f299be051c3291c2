package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** R2: gradients are derivatives of the value, in memory of their own. */
final class GradientRules extends Chapter {
    GradientRules(String choice) {
        super(choice);
    }

    void gradientIsTheDerivativeOfTheValueOfTheSameCall(LossExample example, Tests tests) {
        int columns = example.columnsNear(3);
        LossFunction plain = sum(example, columns);
        for (Option option : Option.of(plain.spec(), columns)) {
            tests.add(option.toString(), random -> {
                LabelForm form = option.form(plain.spec(), columns);
                Batch batch = Batch.draw(example, plain.spec(), form, random, 4, columns);
                option.set(batch, random);
                for (Reduction reduction : reductions(example)) {
                    LossFunction f = option.set(plain, columns).withReduction(reduction);
                    in(reduction.name(), () -> requireDerivative(f, batch));
                }
            });
        }
    }

    void gradientsAgreeWithCentralDifferences(LossExample example, Tests tests) {
        for (int wanted : new int[] {1, 2, 7}) {
            if (wanted > example.mostColumns()) {
                continue;
            }
            int columns = example.columnsNear(wanted);
            LossFunction f = sum(example, columns);
            for (LabelForm form : LabelForm.of(f.spec(), columns)) {
                tests.add(columns + " columns, labels " + form, random -> {
                    requireDerivative(f, Batch.draw(example, f.spec(), form, random, 3, columns));
                });
            }
        }
    }

    /** Differences of fourth order; where a kink lies between, the gradient must be one of its slopes. */
    private void requireDerivative(LossFunction f, Batch batch) {
        double step = 2e-5;
        double[] gradient = Answer.of(f, batch).gradient();
        double largest = Math.max(Close.largest(gradient), 1e-3);
        for (int i = 0; i < gradient.length; i++) {
            LossFunction held = held(f, batch, i / batch.columns);
            double x = batch.predictions[i];
            double[] around = new double[5];
            for (int s = 0; s < 5; s++) {
                Batch moved = batch.copy();
                moved.predictions[i] = x + (s - 2) * step;
                around[s] = Answer.value(held, moved);
            }
            double slope = (around[0] - 8 * around[1] + 8 * around[3] - around[4]) / (12 * step);
            double tolerance = 1e-6 * Math.max(largest, Math.abs(slope));
            if (Math.abs(gradient[i] - slope) <= tolerance) {
                continue;
            }
            double left = (around[2] - around[0]) / (2 * step);
            double right = (around[4] - around[2]) / (2 * step);
            boolean kink = Math.abs(left - right) > 1e-2 * largest
                    && gradient[i] >= Math.min(left, right) - tolerance
                    && gradient[i] <= Math.max(left, right) + tolerance;
            if (!kink) {
                throw new AssertionError("gradient at row " + i / batch.columns + ", column " + i % batch.columns
                        + " is " + gradient[i] + ", but the value changes by " + slope + " per unit (x = " + x + ")");
            }
        }
    }

    void gradientIsFreshAndInputsAreLeftAlone(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        LabelForm form = LabelForm.of(f.spec(), columns).get(0);
        for (Layout layout : Layout.values()) {
            tests.add(layout.toString(), random -> {
                for (DataType type : TYPES) {
                    Batch batch = Batch.draw(example, f.spec(), form, random, N, columns)
                            .type(type);
                    batch.rowMask(1, 0, 1, 0.5, 1, 2).layout(layout);
                    in(type.name(), () -> requireFreshGradient(f, batch));
                }
            });
        }
    }

    private void requireFreshGradient(LossFunction f, Batch batch) {
        Batch.Arguments a = batch.arguments();
        List<double[]> before = a.contents();
        INDArray first = f.gradient(a.predictions(), a.labels(), a.mask());
        double[] content = Batch.read(first, true);
        LossResult second = f.valueAndGradient(a.predictions(), a.labels(), a.mask());
        f.value(a.predictions(), a.labels(), a.mask());
        a.requireUntouched(before);
        Close.bits("gradient after further calls", content, Batch.read(first, true), batch.columns);
        if (first.dataType() != batch.type) {
            throw new AssertionError("gradient has type " + first.dataType() + ", expected " + batch.type);
        }
        if (!Arrays.equals(first.shape(), a.predictions().shape())) {
            throw new AssertionError("gradient has shape " + Arrays.toString(first.shape()) + ", expected "
                    + Arrays.toString(a.predictions().shape()));
        }
        if (first.data().address() == second.gradient().data().address()) {
            throw new AssertionError("two calls returned the same memory");
        }
        first.assign(7);
        Close.bits(
                "gradient after another one was overwritten",
                content,
                Batch.read(second.gradient(), true),
                batch.columns);
        WorkspaceConfiguration plain =
                WorkspaceConfiguration.builder().initialSize(1 << 20).build();
        try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(plain, "LOSS4J_TCK")) {
            INDArray inside = f.gradient(a.predictions(), a.labels(), a.mask());
            if (!inside.isAttached()) {
                throw new AssertionError("gradient is not in the current workspace " + workspace.getId());
            }
            Close.bits("gradient in a workspace", content, Batch.read(inside.detach(), true), batch.columns);
        }
    }

    void valueAndGradientAloneHaveTheSameBits(LossExample example, Tests tests) {
        int[][] sizes = {{70, 1}, {5, 2}, {70, 3}, {70, 10}, {5, 33}, {70, 130}};
        for (int[] size : sizes) {
            if (size[1] > example.mostColumns()) {
                continue;
            }
            int columns = example.columnsNear(size[1]);
            LossFunction f = sum(example, columns).withReduction(Reduction.MEAN);
            LabelForm form = LabelForm.of(f.spec(), columns).get(0);
            tests.add(Arrays.toString(size), random -> {
                for (DataType type : TYPES) {
                    Batch batch = Batch.draw(example, f.spec(), form, random, size[0], columns)
                            .type(type);
                    in(type.name(), () -> sameBitsAlone(f, batch));
                }
            });
        }
    }
}
