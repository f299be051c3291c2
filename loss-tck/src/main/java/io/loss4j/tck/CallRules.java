package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** R6 and R9: many threads, failures and errors. */
final class CallRules extends Chapter {
    CallRules(String choice) {
        super(choice);
    }

    void oneFunctionServesManyThreads(LossExample example, Tests tests) {
        int columns = example.columnsNear(33);
        LossFunction f = weighted(sum(example, columns), columns).withReduction(Reduction.MEAN);
        tests.add("4 threads", random -> {
            LabelForm form = LabelForm.of(f.spec(), columns).get(0);
            List<Batch> batches = List.of(
                    Batch.draw(example, f.spec(), form, random, 257, columns).type(DataType.FLOAT),
                    Batch.draw(example, f.spec(), form, random, 61, columns).type(DataType.DOUBLE));
            List<Answer> alone = batches.stream().map(b -> Answer.of(f, b)).toList();
            inParallel(4, () -> {
                for (int call = 0; call < 6; call++) {
                    int i = call % 2;
                    Answer beside = Answer.reduced(f, batches.get(i));
                    Close.bits("value beside other threads", alone.get(i).value(), beside.value());
                    Close.bits("gradient beside other threads", alone.get(i).gradient(), beside.gradient(), columns);
                }
                return null;
            });
        });
    }

    void failureLeavesEverythingUsable(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        tests.add("good and bad calls in turn", random -> {
            LabelForm form = LabelForm.of(f.spec(), columns).get(0);
            Batch good = Batch.draw(example, f.spec(), form, random, 3001, columns);
            Answer before = Answer.of(f, good);
            Batch bad = good.copy();
            Arrays.fill(bad.labels, IGNORED + 1);
            for (int call = 0; call < 3; call++) {
                try {
                    Answer.of(f, bad);
                } catch (LossInputException e) {
                    // refused labels; whether they must be is a matter of R3.4
                }
                Answer after = Answer.of(f, good);
                Close.bits("value after a failure", before.value(), after.value());
                Close.bits("gradient after a failure", before.gradient(), after.gradient(), columns);
            }
        });
    }

    private static void inParallel(int threads, Callable<@Nullable Void> work) throws Throwable {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<@Nullable Void>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(work));
            }
            for (Future<@Nullable Void> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        } finally {
            pool.shutdownNow();
        }
    }

    void wrongShapesAreRefusedWithCodeAndRemedy(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        INDArray x = Nd4j.create(DataType.FLOAT, 4, columns);
        long[][] wrongLabels = {{4, columns + 1}, {5, columns}, {3}, {4, columns, 2}};
        for (long[] shape : wrongLabels) {
            tests.add(
                    "labels " + Arrays.toString(shape),
                    random -> wrongShapes(f, () -> f.value(x, Nd4j.create(DataType.FLOAT, shape))));
        }
        for (long[] shape : new long[][] {{5}, {4, columns + 1}, {1, 4, 1}}) {
            tests.add(
                    "mask " + Arrays.toString(shape),
                    random -> wrongShapes(f, () -> f.value(x, x, Nd4j.ones(DataType.FLOAT, shape))));
        }
        if (!LossExample.weighsColumns(f.spec(), columns)) {
            return;
        }
        LossFunction weighted = f.withClassWeights(weights(columns + 1));
        tests.add("one class weight too many", random -> wrongShapes(f, () -> weighted.gradient(x, x)));
    }

    private static void wrongShapes(LossFunction f, Executable call) {
        LossInputException e = refused(call);
        // of a sum, the part that refuses speaks
        requireText(e, "shapes", LossExample.shape(f.spec()).id(), e.code());
        if (!e.code().matches("L4J-[A-Z]\\d\\d")) {
            throw new AssertionError("code is " + e.code() + ", expected L4J-, a letter and two digits");
        }
    }
}
