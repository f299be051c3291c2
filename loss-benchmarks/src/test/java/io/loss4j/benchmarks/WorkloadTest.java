package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

class WorkloadTest {
    /** All workloads with as many columns and few rows. */
    static List<Workload> small() {
        return Workload.ALL.stream()
                .map(w -> new Workload(
                        w.spec(),
                        w.labels(),
                        w.columns() == 1 ? 1001 : 5,
                        w.columns(),
                        w.activation(),
                        w.builtIn(),
                        w.bar()))
                .distinct()
                .toList();
    }

    @Test
    void namesAreUnique() {
        assertEquals(
                Workload.ALL.size(),
                Workload.ALL.stream().map(Workload::name).distinct().count());
        assertThrows(IllegalArgumentException.class, () -> Workload.named("nobody"));
    }

    @ParameterizedTest
    @MethodSource("small")
    void everybodyAgreesWithTheFormula(Workload workload) {
        for (Contender contender : List.of(Contender.LOSS4J, Contender.DL4J, Contender.COPY)) {
            if (contender.takesPartIn(workload)) {
                for (Wanted wanted : Wanted.values()) {
                    Batch batch = Batch.of(workload);
                    contender.timed(workload, batch, 2).check(wanted);
                    if (wanted != Wanted.VALUE) {
                        assertEquals(!contender.overwritesPredictions(workload), batch.isIntact(), contender.id);
                    }
                }
            }
        }
    }

    @Test
    void aWrongResultIsNoticed() {
        Workload workload = small().get(0);
        Batch batch = Batch.of(workload);
        Reference reference = Reference.of(workload, batch);
        Pair<Double, INDArray> right =
                Contender.LOSS4J.timed(workload, batch, 1).valueAndGradient();

        reference.checkValue(right.getFirst());
        assertThrows(IllegalStateException.class, () -> reference.checkValue(right.getFirst() * 1.01));
        assertThrows(IllegalStateException.class, () -> reference.checkValue(Double.NaN));
        INDArray gradient = right.getSecond();
        reference.checkGradient(gradient);
        double last = gradient.getDouble(4, 999);
        gradient.putScalar(4, 999, last + 0.01);
        assertThrows(IllegalStateException.class, () -> reference.checkGradient(gradient));
        gradient.putScalar(4, 999, Double.NaN);
        assertThrows(IllegalStateException.class, () -> reference.checkGradient(gradient));
        assertThrows(IllegalStateException.class, () -> reference.checkGradient(gradient.getRow(0)));
    }

    @Test
    void overwrittenPredictionsAreNoticedAndPutBack() {
        Batch batch = Batch.of(small().get(0));
        assertTrue(batch.isIntact());
        batch.predictions.putScalar(0, 7, batch.predictions.getDouble(0, 7) + 1e-3);
        assertFalse(batch.isIntact());
        batch.restore();
        assertTrue(batch.isIntact());
    }
}
