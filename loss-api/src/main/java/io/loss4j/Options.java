package io.loss4j;

import io.loss4j.loss.PerColumn;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What a loss function adds to its spec. */
record Options(
        Reduction reduction,
        ClassWeights classWeights,
        @Nullable PerColumn positiveWeights,
        double labelSmoothing,
        @Nullable Long ignoreIndex,
        double zLoss)
        implements Serializable {
    static final Options DEFAULT = new Options(Reduction.MEAN, ClassWeights.none(), null, 0, null, 0);

    Options with(Reduction changed) {
        return new Options(changed, classWeights, positiveWeights, labelSmoothing, ignoreIndex, zLoss);
    }

    Options with(ClassWeights changed) {
        return new Options(reduction, changed, positiveWeights, labelSmoothing, ignoreIndex, zLoss);
    }

    Options withPositive(PerColumn changed) {
        return new Options(reduction, classWeights, changed, labelSmoothing, ignoreIndex, zLoss);
    }

    Options withSmoothing(double changed) {
        return new Options(reduction, classWeights, positiveWeights, changed, ignoreIndex, zLoss);
    }

    Options withIgnored(long changed) {
        return new Options(reduction, classWeights, positiveWeights, labelSmoothing, changed, zLoss);
    }

    Options withZLoss(double changed) {
        return new Options(reduction, classWeights, positiveWeights, labelSmoothing, ignoreIndex, changed);
    }
}
