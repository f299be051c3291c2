package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.loss.Activation;
import io.loss4j.loss.ActivePassive;
import io.loss4j.loss.AsymmetricSingleLabel;
import io.loss4j.loss.BiTemperedLogistic;
import io.loss4j.loss.BootstrapHard;
import io.loss4j.loss.BootstrapSoft;
import io.loss4j.loss.CategoricalHinge;
import io.loss4j.loss.CosineProximity;
import io.loss4j.loss.GaussianNll;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.MixtureDensity;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.MultilabelMargin;
import io.loss4j.loss.MultilabelRanking;
import io.loss4j.loss.NormalizedCrossEntropy;
import io.loss4j.loss.Seesaw;
import io.loss4j.loss.SoftCountLoss;
import io.loss4j.loss.SortedErrors;
import io.loss4j.loss.Sparsemax;
import io.loss4j.loss.WeighedRowLoss;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Which row losses have a rule in single precision. */
final class RowRules {
    private RowRules() {}

    /** Makes the rule for tiles of so many rows; null if only the formula computes the loss. */
    static @Nullable IntFunction<RowRule> of(LossJob job, Primitives primitives) {
        int columns = job.predictions().columns();
        if (job.spec() instanceof NormalizedCrossEntropy) {
            return rows -> new NormalizedRule(1, 0, 0, columns, rows, primitives);
        } else if (job.spec() instanceof ActivePassive l) {
            double gamma = l.active() == ActivePassive.Active.NFL ? l.gamma() : 0;
            double passive = l.passive() == ActivePassive.Passive.MAE ? l.beta() : -l.beta() * l.logZero();
            return rows -> new NormalizedRule(l.alpha(), gamma, passive, columns, rows, primitives);
        } else if (job.spec() instanceof BootstrapSoft l) {
            return rows -> new BootstrapRule(l.beta(), false, columns, rows, primitives);
        } else if (job.spec() instanceof BootstrapHard l) {
            return rows -> new BootstrapRule(l.beta(), true, columns, rows, primitives);
        } else if (job.spec() instanceof AsymmetricSingleLabel l) {
            return rows -> new AsymmetricRule(
                    l.gammaPositive(), l.gammaNegative(), l.smoothing(), l.negatives(), columns, rows, primitives);
        } else if (job.spec() instanceof Seesaw l) {
            return rows -> new SeesawRule(l.classCounts(), l.p(), l.q(), l.epsilon(), columns, rows, primitives);
        } else if (job.spec() instanceof BiTemperedLogistic l) {
            return rows -> new TemperedRule(l.t1(), l.t2(), l.labelEntropy(), columns, primitives);
        }
        return withoutSoftmax(job, columns, primitives);
    }

    private static @Nullable IntFunction<RowRule> withoutSoftmax(LossJob job, int columns, Primitives primitives) {
        if (job.spec() instanceof Sparsemax) {
            return rows -> new SparsemaxRule(columns);
        } else if (job.spec() instanceof MultiMargin l) {
            return rows -> new MarginRule.Multi(l.p(), l.margin(), columns);
        } else if (job.spec() instanceof CategoricalHinge l) {
            return rows -> new MarginRule.Strongest(l.emptyRows(), columns);
        } else if (job.spec() instanceof MultilabelMargin) {
            return rows -> new MarginRule.MultiLabel(columns);
        } else if (job.spec() instanceof MultilabelRanking) {
            return rows -> new MarginRule.Ranking(columns, primitives);
        } else if (job.spec() instanceof CosineProximity) {
            return rows -> new CosineRule(columns);
        } else if (job.spec() instanceof GaussianNll l) {
            return rows -> new GaussianRule(l.full(), l.epsilon(), columns, rows, primitives);
        } else if (job.spec() instanceof MixtureDensity l) {
            return rows -> new MixtureRule(l.components(), l.labelWidth(), l.epsilon(), rows, primitives);
        } else if (job.spec() instanceof WeighedRowLoss l) {
            return weighed(l, columns, primitives);
        }
        return null;
    }

    private static @Nullable IntFunction<RowRule> weighed(WeighedRowLoss loss, int columns, Primitives primitives) {
        SoftCountLoss counted = loss.counted();
        SortedErrors sorted = loss.sorted();
        boolean scores = sorted != null && sorted.hinge();
        Activation activation = loss.input() == InputForm.LOGITS && !scores ? loss.activation() : Activation.ANY;
        if (counted != null) {
            return rows -> new OverlapRowRule(counted, activation, columns, rows, primitives);
        }
        return sorted == null ? null : rows -> new LovaszRowRule(sorted, activation, columns, rows, primitives);
    }
}
