package io.loss4j.cpu;

import io.loss4j.loss.Cauchy;
import io.loss4j.loss.Charbonnier;
import io.loss4j.loss.EpsilonInsensitive;
import io.loss4j.loss.GammaNll;
import io.loss4j.loss.GemanMcclure;
import io.loss4j.loss.Hinge;
import io.loss4j.loss.JsDivergence;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MarginLabels;
import io.loss4j.loss.MeanAbsolutePercentageError;
import io.loss4j.loss.MeanSquaredLogarithmicError;
import io.loss4j.loss.PenaltyReducedFocal;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Perceptron;
import io.loss4j.loss.PoissonNll;
import io.loss4j.loss.Poly1SigmoidFocal;
import io.loss4j.loss.Quantile;
import io.loss4j.loss.SmoothL1;
import io.loss4j.loss.SoftMargin;
import io.loss4j.loss.SquaredHinge;
import io.loss4j.loss.Tweedie;
import io.loss4j.loss.Wasserstein;
import io.loss4j.loss.Welsch;
import io.loss4j.tck.LossConformance;
import io.loss4j.tck.Range;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;

/** The elementwise losses of the catalogue, as the contract of losses sees them. */
class CpuElementwiseLossConformanceTest {
    private static final Range SIGNS = new Range(-1, 1);
    private static final Range POSITIVE = new Range(0, Double.POSITIVE_INFINITY);

    /** A loss and where it is defined. */
    abstract static class Elementwise extends LossConformance {
        private final LossSpec spec;
        private final Range predictions;
        private final Range labels;

        Elementwise(LossSpec spec, Range predictions, Range labels) {
            this.spec = spec;
            this.predictions = predictions;
            this.labels = labels;
        }

        @Override
        protected LossSpec spec() {
            return spec;
        }

        @Override
        protected Range predictions() {
            return predictions;
        }

        @Override
        protected Range labels() {
            return labels;
        }
    }

    @Nested
    class SmoothL1Test extends Elementwise {
        SmoothL1Test() {
            super(new SmoothL1(0.7), Range.REALS, Range.REALS);
        }
    }

    @Nested
    class LogCoshTest extends Elementwise {
        LogCoshTest() {
            super(new LogCosh(), Range.REALS, Range.REALS);
        }
    }

    @Nested
    class EpsilonInsensitiveTest extends Elementwise {
        EpsilonInsensitiveTest() {
            super(new EpsilonInsensitive(), Range.REALS, Range.REALS);
        }
    }

    @Nested
    class MeanAbsolutePercentageErrorTest extends Elementwise {
        MeanAbsolutePercentageErrorTest() {
            super(new MeanAbsolutePercentageError(), Range.REALS, POSITIVE);
        }
    }

    @Nested
    class MeanSquaredLogarithmicErrorTest extends Elementwise {
        MeanSquaredLogarithmicErrorTest() {
            super(new MeanSquaredLogarithmicError(), POSITIVE, POSITIVE);
        }
    }

    @Nested
    class PoissonNllTest extends Elementwise {
        PoissonNllTest() {
            super(new PoissonNll(), new Range(Double.NEGATIVE_INFINITY, 10), POSITIVE);
        }
    }

    @Nested
    class PoissonOfRatesTest extends Elementwise {
        PoissonOfRatesTest() {
            super(new PoissonNll(false, true, 1e-3), POSITIVE, POSITIVE);
        }
    }

    @Nested
    class GammaNllTest extends Elementwise {
        GammaNllTest() {
            super(new GammaNll(), new Range(-8, Double.POSITIVE_INFINITY), POSITIVE);
        }
    }

    @Nested
    class TweedieTest extends Elementwise {
        TweedieTest() {
            super(new Tweedie(), new Range(-8, 8), POSITIVE);
        }
    }

    @Nested
    class CauchyTest extends Elementwise {
        CauchyTest() {
            super(new Cauchy(), Range.REALS, Range.REALS);
        }
    }

    @Nested
    class CharbonnierTest extends Elementwise {
        CharbonnierTest() {
            super(new Charbonnier(), Range.REALS, Range.REALS);
        }
    }

    @Nested
    class GemanMcclureTest extends Elementwise {
        GemanMcclureTest() {
            super(new GemanMcclure(), Range.REALS, Range.REALS);
        }
    }

    @Nested
    class WelschTest extends Elementwise {
        WelschTest() {
            super(new Welsch(), Range.REALS, Range.REALS);
        }
    }

    @Nested
    class WassersteinTest extends Elementwise {
        WassersteinTest() {
            super(new Wasserstein(), Range.REALS, SIGNS);
        }
    }

    @Nested
    class HingeTest extends Elementwise {
        HingeTest() {
            super(new Hinge(), Range.REALS, SIGNS);
        }
    }

    @Nested
    class SquaredHingeTest extends Elementwise {
        SquaredHingeTest() {
            super(new SquaredHinge(), Range.REALS, SIGNS);
        }
    }

    @Nested
    class SoftMarginTest extends Elementwise {
        SoftMarginTest() {
            super(new SoftMargin(MarginLabels.ZERO_ONE), Range.REALS, Range.PROBABILITIES);
        }
    }

    @Nested
    class PerceptronTest extends Elementwise {
        PerceptronTest() {
            super(new Perceptron(), Range.REALS, SIGNS);
        }
    }

    @Nested
    class Poly1SigmoidFocalTest extends Elementwise {
        Poly1SigmoidFocalTest() {
            super(new Poly1SigmoidFocal(0.25, 2, 1), Range.REALS, Range.PROBABILITIES);
        }
    }

    @Nested
    class PenaltyReducedFocalTest extends Elementwise {
        PenaltyReducedFocalTest() {
            super(new PenaltyReducedFocal(), Range.REALS, Range.PROBABILITIES);
        }
    }

    @Nested
    class JsDivergenceTest extends Elementwise {
        JsDivergenceTest() {
            super(new JsDivergence(), Range.PROBABILITIES, Range.PROBABILITIES);
        }
    }

    @Nested
    class QuantileTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return spec(5);
        }

        @Override
        protected LossSpec spec(int columns) {
            double[] quantiles = new double[columns];
            Arrays.setAll(quantiles, k -> 0.1 + 0.2 * (k % 5));
            return new Quantile(PerColumn.of(quantiles));
        }
    }
}
