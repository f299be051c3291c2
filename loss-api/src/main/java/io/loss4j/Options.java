package io.loss4j;

import io.loss4j.loss.LogitTransform;
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
        double zLoss,
        LogitTransform logits)
        implements Serializable {
    static final Options DEFAULT =
            new Options(Reduction.MEAN, ClassWeights.none(), null, 0, null, 0, LogitTransform.IDENTITY);

    Options with(Reduction changed) {
        return new Options(changed, classWeights, positiveWeights, labelSmoothing, ignoreIndex, zLoss, logits);
    }

    Options with(ClassWeights changed) {
        return new Options(reduction, changed, positiveWeights, labelSmoothing, ignoreIndex, zLoss, logits);
    }

    Options withPositive(PerColumn changed) {
        return new Options(reduction, classWeights, changed, labelSmoothing, ignoreIndex, zLoss, logits);
    }

    Options withSmoothing(double changed) {
        return new Options(reduction, classWeights, positiveWeights, changed, ignoreIndex, zLoss, logits);
    }

    Options withIgnored(long changed) {
        return new Options(reduction, classWeights, positiveWeights, labelSmoothing, changed, zLoss, logits);
    }

    Options withZLoss(double changed) {
        return new Options(reduction, classWeights, positiveWeights, labelSmoothing, ignoreIndex, changed, logits);
    }

    Options with(LogitTransform changed) {
        return new Options(reduction, classWeights, positiveWeights, labelSmoothing, ignoreIndex, zLoss, changed);
    }
}
