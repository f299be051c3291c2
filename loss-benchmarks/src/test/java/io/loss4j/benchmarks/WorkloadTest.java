package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.benchmarks.timing.Layout;
import io.loss4j.benchmarks.timing.Numbers;
import io.loss4j.benchmarks.timing.Outcome;
import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.benchmarks.timing.Reference;
import io.loss4j.benchmarks.timing.Timed;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.benchmarks.timing.WrongResult;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadTest {
    static List<Workload> planned() {
        return Plan.of(false).stream()
                .flatMap(g -> g.entries().stream())
                .map(Entry::workload)
                .distinct()
                .toList();
    }

    /** All workloads with as many columns and few rows. */
    static Stream<Workload> small() {
        return planned().stream()
                .map(w -> new Workload(
                        w.spec(),
                        w.labels(),
                        w.columns() == 1 ? 1001 : 5,
                        w.columns() > 10_000 ? 1003 : w.columns(),
                        w.precision(),
                        w.layout()))
                .distinct();
    }

    @Test
    void aNameSaysAll() {
        Set<String> names = new HashSet<>();
        for (Workload workload : planned()) {
            assertEquals(workload, Workload.named(workload.name()));
            assertTrue(names.add(workload.name()), workload.name());
        }
        Workload half = Workload.named("huber/7x3/half/f");
        assertEquals(Precision.HALF, half.precision());
        assertEquals(Layout.COLUMNS, half.layout());
        assertThrows(IllegalArgumentException.class, () -> Workload.named("nobody/7x3"));
        assertThrows(IllegalArgumentException.class, () -> Workload.named("huber"));
        assertThrows(IllegalArgumentException.class, () -> Workload.named("huber/7x3/wide"));
        assertThrows(IllegalArgumentException.class, () -> Workload.named("huber/f/7x3"));
    }

    @ParameterizedTest
    @MethodSource("small")
    void everybodyAgreesWithTheFormula(Workload workload) {
        Numbers numbers = Numbers.of(workload);
        // Deeplearning4j gives NaN in HALF and refuses BFLOAT16; the copy is for contiguous rows
        boolean plain = workload.layout() == Layout.ROWS
                && (workload.precision() == Precision.FLOAT || workload.precision() == Precision.DOUBLE);
        List<Contender> contenders =
                plain ? List.of(Contender.LOSS4J, Contender.DL4J, Contender.COPY) : List.of(Contender.LOSS4J);
        for (Contender contender : contenders) {
            if (contender.takesPartIn(workload)) {
                for (Wanted wanted : Wanted.values()) {
                    Timed timed = LossProcess.timed(contender, workload, wanted, numbers, 2);
                    Reference.check(workload, wanted, timed);
                    timed.call();
                }
            }
        }
    }

    @Test
    void aWrongResultIsNoticed() {
        Workload workload = Workload.named("softmax_cross_entropy/index/5x1000");
        Numbers numbers = Numbers.of(workload);
        Reference reference = Reference.of(workload, numbers);
        Outcome right = LossProcess.timed(Contender.LOSS4J, workload, Wanted.VALUE_AND_GRADIENT, numbers, 1)
                .outcome();
        float[] gradient = right.gradient().orElseThrow();

        reference.check(Wanted.VALUE_AND_GRADIENT, right);
        assertWrong(reference, new Outcome(right.value() * 1.01, right.gradient()));
        assertWrong(reference, new Outcome(Double.NaN, right.gradient()));
        assertWrong(reference, new Outcome(right.value(), Optional.empty()));
        assertWrong(reference, new Outcome(right.value(), Optional.of(new float[gradient.length - 1])));
        gradient[4999] += 0.01f;
        assertWrong(reference, right);
        gradient[4999] = Float.NaN;
        assertWrong(reference, right);
    }

    private static void assertWrong(Reference reference, Outcome outcome) {
        assertThrows(WrongResult.class, () -> reference.check(Wanted.VALUE_AND_GRADIENT, outcome));
    }

    @Test
    void overwrittenPredictionsAreNoticedAndPutBack() {
        Workload workload = Workload.named("sigmoid_cross_entropy/32x10");
        Numbers numbers = Numbers.of(workload);
        Batch batch = Batch.of(workload, numbers);
        assertTrue(batch.isIntact());
        batch.predictions.putScalar(0, 7, batch.predictions.getDouble(0, 7) + 1e-3);
        assertFalse(batch.isIntact());
        batch.restore();
        assertTrue(batch.isIntact());
        Timed builtIn = LossProcess.timed(Contender.DL4J, workload, Wanted.GRADIENT, numbers, 1);
        assertTrue(builtIn.overwritesPredictions());
        assertFalse(LossProcess.timed(Contender.DL4J, workload, Wanted.VALUE, numbers, 1)
                .overwritesPredictions());
    }
}
