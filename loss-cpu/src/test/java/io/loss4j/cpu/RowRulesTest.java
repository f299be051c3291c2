package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Weights;
import io.loss4j.loss.BatchLoss;
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
import org.nd4j.linalg.factory.Nd4j;

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
            return batch.counted() != null;
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
        assertEquals(Set.of("f_measure", "lovasz_hinge", "lovasz_softmax", "mixture_density"), slow);
    }
}
