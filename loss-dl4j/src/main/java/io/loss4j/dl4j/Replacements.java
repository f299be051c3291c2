package io.loss4j.dl4j;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.CosineProximity;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.Hinge;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanAbsolutePercentageError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MeanSquaredLogarithmicError;
import io.loss4j.loss.MixtureDensity;
import io.loss4j.loss.MultilabelRanking;
import io.loss4j.loss.PoissonNll;
import io.loss4j.loss.SquaredHinge;
import io.loss4j.loss.Wasserstein;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossMultiLabel;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/**
 * Deeplearning4j's own losses and what replaces them. Classes exactly: a subclass may compute anything. Cross-entropies
 * become those of probabilities, which behind SOFTMAX and SIGMOID are computed from the logits, and behind IDENTITY take
 * what imported networks end in, as theirs do.
 */
final class Replacements {
    private static final Map<Class<?>, Function<ILossFunction, LossFunction>> BY_CLASS = new HashMap<>();

    static {
        add(LossMCXENT.class, l -> weighted(l, new CrossEntropy(), l.getWeights()));
        add(LossNegativeLogLikelihood.class, l -> weighted(l, new CrossEntropy(), l.getWeights()));
        add(LossSparseMCXENT.class, l -> weighted(l, new CrossEntropy(), l.getWeights()));
        add(LossBinaryXENT.class, l -> weighted(l, new BinaryCrossEntropy(), l.getWeights()));
        add(LossL2.class, l -> weighted(l, new MeanSquaredError(), l.getWeights()));
        add(LossMSE.class, l -> weighted(l, new MeanSquaredError(true), l.getWeights()));
        add(LossL1.class, l -> weighted(l, new MeanAbsoluteError(), l.getWeights()));
        add(LossMAE.class, l -> weighted(l, new MeanAbsoluteError(true), l.getWeights()));
        add(LossMAPE.class, l -> weighted(l, new MeanAbsolutePercentageError(1e-7, true), l.getWeights()));
        add(LossMSLE.class, l -> weighted(l, new MeanSquaredLogarithmicError(null, true), l.getWeights()));
        add(LossKLD.class, l -> plain(new KlDivergence(InputForm.PROBABILITIES)));
        add(LossPoisson.class, l -> plain(new PoissonNll(false, false, 0)));
        add(LossHinge.class, l -> plain(new Hinge()));
        add(LossSquaredHinge.class, l -> plain(new SquaredHinge()));
        add(LossCosineProximity.class, l -> plain(new CosineProximity()));
        add(LossWasserstein.class, l -> plain(new Wasserstein(true)));
        add(LossFMeasure.class, l -> plain(new FMeasure(l.getBeta())));
        add(LossMultiLabel.class, l -> plain(new MultilabelRanking()));
        add(LossMixtureDensity.class, l -> plain(new MixtureDensity(l.getNMixtures(), l.getLabelWidth())));
    }

    private Replacements() {}

    private static <L extends ILossFunction> void add(Class<L> type, Function<L, LossFunction> replacement) {
        BY_CLASS.put(type, loss -> replacement.apply(type.cast(loss)));
    }

    private static LossFunction plain(LossSpec spec) {
        return LossFunction.of(spec).withReduction(Reduction.SUM);
    }

    private static LossFunction weighted(ILossFunction loss, LossSpec spec, @Nullable INDArray weights) {
        if (weights == null) {
            return plain(spec);
        }
        double[] numbers = weights.dup().data().asDouble();
        for (double weight : numbers) {
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw none(loss, "a weight is " + weight + ", expected finite numbers from 0", "correct its weights");
            }
        }
        return plain(spec).withClassWeights(ClassWeights.of(numbers));
    }

    static Loss4jLoss of(ILossFunction loss) {
        if (loss instanceof Loss4jLoss ours) {
            return ours;
        }
        Function<ILossFunction, LossFunction> replacement = BY_CLASS.get(loss.getClass());
        if (replacement == null) {
            throw none(
                    loss,
                    "it is not one of Deeplearning4j's own",
                    "keep it, or build the network with one of Dl4jLosses");
        }
        return Dl4jLosses.of(replacement.apply(loss));
    }

    private static LossInputException none(ILossFunction loss, String reason, String remedy) {
        return new LossInputException("L4J-D07", loss.getClass().getName(), "nothing replaces it: " + reason, remedy);
    }
}
