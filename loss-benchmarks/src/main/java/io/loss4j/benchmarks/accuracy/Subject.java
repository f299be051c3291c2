package io.loss4j.benchmarks.accuracy;

import static io.loss4j.benchmarks.accuracy.Domain.BITS;
import static io.loss4j.benchmarks.accuracy.Domain.EXPONENTS;
import static io.loss4j.benchmarks.accuracy.Domain.LOG_PROBABILITIES;
import static io.loss4j.benchmarks.accuracy.Domain.POSITIVE;
import static io.loss4j.benchmarks.accuracy.Domain.PROBABILITIES;
import static io.loss4j.benchmarks.accuracy.Domain.REALS;
import static io.loss4j.benchmarks.accuracy.Domain.SIGNS;

import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.AsymmetricSingleLabel;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.BootstrapHard;
import io.loss4j.loss.BootstrapSoft;
import io.loss4j.loss.Cauchy;
import io.loss4j.loss.Charbonnier;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.EpsilonInsensitive;
import io.loss4j.loss.GammaNll;
import io.loss4j.loss.GemanMcclure;
import io.loss4j.loss.GeneralizedCrossEntropy;
import io.loss4j.loss.Hinge;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.JsDivergence;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MaeProbability;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanAbsolutePercentageError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MeanSquaredLogarithmicError;
import io.loss4j.loss.NormalizedCrossEntropy;
import io.loss4j.loss.PenaltyReducedFocal;
import io.loss4j.loss.Perceptron;
import io.loss4j.loss.PoissonNll;
import io.loss4j.loss.Poly1CrossEntropy;
import io.loss4j.loss.Poly1SigmoidFocal;
import io.loss4j.loss.Quantile;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SmoothL1;
import io.loss4j.loss.SoftMargin;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SquaredHinge;
import io.loss4j.loss.SymmetricCrossEntropy;
import io.loss4j.loss.TruncatedGeneralizedCrossEntropy;
import io.loss4j.loss.Tweedie;
import io.loss4j.loss.Wasserstein;
import io.loss4j.loss.Welsch;
import java.util.List;

/**
 * A loss with a kernel, and the numbers that it is made for.
 *
 * @param spec the loss
 * @param predictions from where they are drawn
 * @param labels from where they are drawn; losses of rows take class indices instead
 */
record Subject(LossSpec spec, Domain predictions, Domain labels) {
    static final List<Subject> ALL = List.of(
            softmax(new SoftmaxCrossEntropy()),
            softmax(new SoftmaxFocal(1)),
            softmax(new SoftmaxFocal(2)),
            softmax(new SoftmaxFocal(2.5)),
            softmax(new Poly1CrossEntropy(1.5)),
            softmax(new GeneralizedCrossEntropy(0.7)),
            softmax(new TruncatedGeneralizedCrossEntropy(0.7, 0.2)),
            softmax(new SymmetricCrossEntropy()),
            softmax(new MaeProbability()),
            softmax(new NormalizedCrossEntropy()),
            softmax(new BootstrapSoft(0.8)),
            softmax(new BootstrapHard(0.7)),
            softmax(new AsymmetricSingleLabel()),
            of(new SigmoidCrossEntropy(), REALS, BITS),
            of(new SigmoidFocal(0.25, 2), REALS, BITS),
            of(new SigmoidFocal(0.4, 1), REALS, BITS),
            of(new SigmoidFocal(0.25, 3.5), REALS, BITS),
            of(new SigmoidFocal(0.25, 2, InputForm.PROBABILITIES), PROBABILITIES, BITS),
            of(new AsymmetricLoss(), REALS, BITS),
            of(new AsymmetricLoss(1, 2.5, 0), REALS, BITS),
            of(new Poly1SigmoidFocal(), REALS, BITS),
            of(new PenaltyReducedFocal(), REALS, PROBABILITIES),
            of(new BinaryCrossEntropy(), PROBABILITIES, BITS),
            of(new KlDivergence(), LOG_PROBABILITIES, PROBABILITIES),
            of(new KlDivergence(InputForm.PROBABILITIES), PROBABILITIES, PROBABILITIES),
            of(new JsDivergence(), PROBABILITIES, PROBABILITIES),
            of(new MeanSquaredError(), REALS, REALS),
            of(new MeanAbsoluteError(), REALS, REALS),
            of(new Huber(1), REALS, REALS),
            of(new SmoothL1(), REALS, REALS),
            of(new LogCosh(), REALS, REALS),
            of(new Quantile(0.9), REALS, REALS),
            of(new EpsilonInsensitive(), REALS, REALS),
            of(new MeanAbsolutePercentageError(), REALS, POSITIVE),
            of(new MeanSquaredLogarithmicError(), POSITIVE, POSITIVE),
            of(new PoissonNll(), EXPONENTS, POSITIVE),
            of(new GammaNll(), EXPONENTS, POSITIVE),
            of(new Tweedie(1.3), EXPONENTS, POSITIVE),
            of(new Cauchy(), REALS, REALS),
            of(new Charbonnier(), REALS, REALS),
            of(new GemanMcclure(), REALS, REALS),
            of(new Welsch(), REALS, REALS),
            of(new Hinge(), REALS, SIGNS),
            of(new SquaredHinge(), REALS, SIGNS),
            of(new Perceptron(), REALS, SIGNS),
            of(new SoftMargin(), REALS, SIGNS),
            of(new Wasserstein(), REALS, SIGNS));

    private static Subject softmax(LossSpec spec) {
        return new Subject(spec, REALS, BITS);
    }

    private static Subject of(LossSpec spec, Domain predictions, Domain labels) {
        return new Subject(spec, predictions, labels);
    }

    /** Whether it looks at whole rows of classes. */
    boolean isOfRows() {
        return !(spec instanceof ElementwiseLoss);
    }

    /** The id, and parameters where there are any. */
    String name() {
        return spec.type().values(spec).isEmpty()
                ? spec.id()
                : spec.id() + " " + spec.type().values(spec).values();
    }
}
