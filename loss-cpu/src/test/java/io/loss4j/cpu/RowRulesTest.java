package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Weights;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BiTemperedLogistic;
import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.MixtureDensity;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Seesaw;
import io.loss4j.tensor.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Which losses of rows and batches run by their formula in double although predictions are single. */
class RowRulesTest {
    private static final int COLUMNS = 6;

    private static List<LossSpec> losses() {
        List<LossSpec> losses = new ArrayList<>();
        losses.add(new Seesaw(PerColumn.of(1, 2, 3, 4, 5, 6.0)));
        losses.add(new MixtureDensity(2, 1));
        for (LossType<?> type : new BuiltInLosses().losses()) {
            boolean complete = type.parameters().stream().allMatch(parameter -> !parameter.required());
            if (complete) {
                losses.add(type.create(Map.of()).formula(COLUMNS));
            }
        }
        return losses;
    }

    private static boolean isFast(LossSpec spec) {
        if (spec instanceof BatchLoss batch) {
            return batch.counted() != null || batch.sorted() != null;
        }
        Rows rows = Rows.of(Nd4j.create(DataType.FLOAT, 2, COLUMNS));
        LossJob job = new LossJob(
                spec,
                rows,
                new Labels(rows, false, 0, OptionalLong.empty()),
                new Weights(null, null, null),
                LogitTransform.IDENTITY,
                0,
                1,
                new Outputs(true, null, null));
        return RowRules.of(job, Simd.primitives()) != null;
    }

    @Test
    void onlyTheseRunByTheirFormula() {
        Set<String> slow = new TreeSet<>();
        for (LossSpec spec : losses()) {
            if ((spec instanceof RowLoss || spec instanceof BatchLoss) && !isFast(spec)) {
                slow.add(spec.id());
            }
        }
        assertEquals(Set.of(), slow);
    }

    /** Components whose exponents are thousands, and nearly alike. */
    @Test
    void r1_1_labelsFarFromAllMeansKeepTheirDigits() {
        INDArray x = Nd4j.createFromArray(new float[][] {
            {0.3f, -0.2f, 0.1f, -3.1f, -3.1f, -3.0f, 1, 1.0001f, 0.7f},
            {0, 80, 0.5f, 0, -20, 2, 1, -2, 40},
            {0.3f, -0.2f, 0.1f, -0.7f, -0.5f, 0.4f, 1, 2, 3}
        });
        alike(function(new MixtureDensity(3, 1)), x, Nd4j.createFromArray(new float[][] {{4}, {-1.5f}, {2}}));
    }

    /** The terms of soft labels cancel where probabilities are those of the labels. */
    @Test
    void r1_1_labelsThatAreMetKeepTheirDigits() {
        INDArray x = Nd4j.createFromArray(new float[][] {{2.1f, 0.3f, -0.8f}, {-1, 4, 1}});
        for (LossSpec loss : List.of(
                new BiTemperedLogistic(0.8, 1), new BiTemperedLogistic(1, 1), new BiTemperedLogistic(0.4, 1.5))) {
            for (double apart : new double[] {1e-3, 1e-2, 0.1, 0.3}) {
                alike(function(loss), x, Transforms.softmax(x.add(apart * 2).mul(1 + apart)));
            }
        }
    }

    private static LossFunction function(LossSpec spec) {
        return LossFunction.of(spec).withReduction(Reduction.SUM).on("cpu");
    }

    /** Single precision against the formula in double. */
    private static void alike(LossFunction function, INDArray x, INDArray y) {
        LossResult single = function.valueAndGradient(x, y);
        LossResult exact = function.valueAndGradient(x.castTo(DataType.DOUBLE), y.castTo(DataType.DOUBLE));
        assertEquals(exact.value(), single.value(), 1e-5 * Math.abs(exact.value()));
        double[] expected = exact.gradient().dup('c').data().asDouble();
        double[] found = single.gradient().dup('c').data().asDouble();
        double largest = exact.gradient().amaxNumber().doubleValue();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], 1e-5 * Math.abs(expected[i]) + 1e-6 * largest, function + " at " + i);
        }
    }
}
