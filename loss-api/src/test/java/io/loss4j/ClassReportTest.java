package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.backend.ClassTotals;
import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.Huber;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.WeightedSum;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Reports by class: their arithmetic, their table, and who is refused. */
class ClassReportTest {
    private static ClassReport report(boolean yesNo, double... losses) {
        ClassTotals totals = new ClassTotals(losses.length);
        for (int i = 0; i < losses.length; i++) {
            totals.add(i, 2, 3, losses[i], 0.25, i == 0);
        }
        return ClassReport.of(totals, yesNo);
    }

    @Test
    void r4_4_mergedReportsAreThoseOfAllData() {
        ClassReport both = report(false, 6, 9).merge(report(false, 3, 0));
        assertEquals(new ClassReport.Line(4, 6, 9, 1, 4), both.of(0));
        assertEquals(1.5, both.of(1).meanLoss());
        assertEquals(0.25, both.all().meanProbability());
        assertEquals(0.5, both.all().accuracy());
    }

    @Test
    void r4_4_yesAndNoOfAnOutputAreItsWhole() {
        ClassReport report = report(true, 1, 2, 4, 8);
        assertEquals(4, report.no(1).lossSum());
        assertEquals(8, report.yes(1).lossSum());
        assertEquals(12, report.of(1).lossSum());
    }

    @Test
    void r4_4_theTableNamesClassesAndShowsThoseThatCostMost() {
        String table = report(true, 1, 2).table(List.of("survived"));
        assertTrue(table.contains("survived yes"), table);
        assertEquals(4, table.lines().count());
        double[] losses = new double[1000];
        losses[777] = 5;
        String many = report(false, losses).toString();
        assertTrue(many.contains(System.lineSeparator() + "777 "), many);
        assertTrue(many.contains("968 more"), many);
        assertEquals(1 + 32 + 1 + 1, many.lines().count());
        assertTrue(ClassReport.of(new ClassTotals(1), false).toString().contains(" -"), "no NaN for people");
    }

    @Test
    void r9_1_differentReportsAreNotMerged() {
        assertEquals(
                "L4J-P09",
                assertThrows(LossInputException.class, () -> report(false, 1).merge(report(false, 1, 2)))
                        .code());
        assertEquals(
                "L4J-P09",
                assertThrows(LossInputException.class, () -> report(false, 1, 2).merge(report(true, 1, 2)))
                        .code());
        assertEquals(
                "L4J-P09",
                assertThrows(LossInputException.class, () -> report(false, 1, 2).yes(0))
                        .code());
    }

    @Test
    void r9_1_lossesWithoutClassesAreRefused() {
        INDArray x = Nd4j.create(DataType.FLOAT, 4, 2);
        for (LossSpec spec : List.of(
                new Huber(1),
                new FMeasure(1),
                new MultiMargin(),
                new WeightedSum(new SoftmaxCrossEntropy(), new MultiMargin()))) {
            LossFunction loss = LossFunction.of(spec);
            LossInputException e = assertThrows(LossInputException.class, () -> loss.diagnose(x, x));
            assertEquals("L4J-P08", e.code());
        }
    }

    @Test
    void r8_2_aBackendThatCannotAddUpByClassIsNotAsked() {
        INDArray x = Nd4j.create(DataType.FLOAT, 4, 2);
        LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy()).on("recording");
        loss.valueAndGradient(x, x);
        BackendException e = assertThrows(BackendException.class, () -> loss.diagnose(x, x));
        assertEquals("L4J-B01", e.code());
        assertTrue(e.getMessage().contains("L4J-B06 it cannot add up by class"), e.getMessage());
    }
}
