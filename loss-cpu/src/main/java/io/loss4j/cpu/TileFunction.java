package io.loss4j.cpu;

import io.loss4j.cpu.DomainTile.Interval;
import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.Cauchy;
import io.loss4j.loss.Charbonnier;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.EpsilonInsensitive;
import io.loss4j.loss.GammaNll;
import io.loss4j.loss.GemanMcclure;
import io.loss4j.loss.Hinge;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.JsDivergence;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanAbsolutePercentageError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MeanSquaredLogarithmicError;
import io.loss4j.loss.MultilabelSoftMargin;
import io.loss4j.loss.PenaltyReducedFocal;
import io.loss4j.loss.Perceptron;
import io.loss4j.loss.PoissonNll;
import io.loss4j.loss.Poly1SigmoidFocal;
import io.loss4j.loss.Quantile;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SmoothL1;
import io.loss4j.loss.SoftMargin;
import io.loss4j.loss.SquaredHinge;
import io.loss4j.loss.Tweedie;
import io.loss4j.loss.Wasserstein;
import io.loss4j.loss.Welsch;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An elementwise loss over a tile in single precision, unweighted and unscaled. Belongs to one worker. */
interface TileFunction {
    /**
     * Overwrites values and derivatives.
     *
     * @param perColumn by element, what its column has of its own: the weight of the y-term, or what
     *     {@link Maker#byColumn} gave; or null
     * @param n a multiple of the lanes; what lies behind the tile's elements may be anything
     */
    void apply(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n);

    /** Exponents whose exponential is a normal float. */
    Interval EXPONENTS = Interval.symmetric(87);

    /** Probabilities that single precision can divide by. */
    Interval RATIOS = new Interval(DivergenceTile.LEAST, 1);

    /** Makes the functions of its workers, with scratch for tiles of at most so many elements. */
    interface Maker {
        TileFunction make(Primitives primitives, int capacity);

        /** The parameter that the loss has per column, or null. */
        default double @Nullable [] byColumn() {
            return null;
        }
    }

    /** The fast function of a loss, or null if the loss has none and its formula must do. */
    static @Nullable Maker of(LossSpec spec) {
        Maker maker = regression(spec);
        maker = maker == null ? robust(spec) : maker;
        maker = maker == null ? positive(spec) : maker;
        maker = maker == null ? margin(spec) : maker;
        return maker == null ? binary(spec) : maker;
    }

    private static @Nullable Maker regression(LossSpec spec) {
        if (spec instanceof MeanSquaredError) {
            return always(RegressionTile::squared);
        } else if (spec instanceof MeanAbsoluteError || spec instanceof SmoothL1 smooth && smooth.beta() == 0) {
            return always(RegressionTile::absolute);
        } else if (spec instanceof Huber huber) {
            float delta = (float) huber.delta();
            return always((x, y, none, value, to, n) -> RegressionTile.huber(delta, x, y, value, to, n));
        } else if (spec instanceof SmoothL1 smooth && isModerate(smooth.beta())) {
            float beta = (float) smooth.beta();
            return always((x, y, none, value, to, n) -> RegressionTile.smoothL1(beta, x, y, value, to, n));
        } else if (spec instanceof Quantile quantile) {
            return quantile(quantile);
        } else if (spec instanceof EpsilonInsensitive tube && (tube.epsilon() == 0 || isModerate(tube.epsilon()))) {
            float epsilon = (float) tube.epsilon();
            return always((x, y, none, value, to, n) -> RegressionTile.epsilonInsensitive(epsilon, x, y, value, to, n));
        } else if (spec instanceof MeanAbsolutePercentageError error && isModerate(error.epsilon())) {
            float epsilon = (float) error.epsilon();
            return always((x, y, none, value, to, n) -> RegressionTile.percentage(epsilon, x, y, value, to, n));
        }
        return null;
    }

    private static @Nullable Maker quantile(Quantile loss) {
        double[] quantiles = loss.quantile().toArray();
        if (!Arrays.stream(quantiles).allMatch(q -> q >= 0.01 && q <= 0.99)) {
            return null; // single precision would lose digits of 1 - q
        }
        if (loss.quantile().isScalar()) {
            float under = (float) quantiles[0];
            float over = (float) (1 - quantiles[0]);
            return always((x, y, none, value, to, n) -> RegressionTile.quantile(under, over, x, y, value, to, n));
        }
        return new Maker() {
            @Override
            public TileFunction make(Primitives primitives, int capacity) {
                return (x, y, perColumn, value, to, n) ->
                        RegressionTile.quantiles(Objects.requireNonNull(perColumn), x, y, value, to, n);
            }

            @Override
            public double[] byColumn() {
                return quantiles;
            }
        };
    }

    /** Losses of a residual in units of a scale, whose square must not overflow. */
    private static @Nullable Maker robust(LossSpec spec) {
        if (spec instanceof LogCosh) {
            return (primitives, capacity) -> new RobustTile(primitives, capacity)::logCosh;
        } else if (spec instanceof Charbonnier loss && isModerate(loss.scale())) {
            float inverse = (float) (1 / loss.scale());
            return near(
                    loss,
                    loss.scale(),
                    always((x, y, none, value, to, n) -> RegressionTile.charbonnier(inverse, x, y, value, to, n)));
        } else if (spec instanceof GemanMcclure loss && isModerate(loss.scale())) {
            float inverse = (float) (1 / loss.scale());
            return near(
                    loss,
                    loss.scale(),
                    always((x, y, none, value, to, n) -> RegressionTile.gemanMcclure(inverse, x, y, value, to, n)));
        } else if (spec instanceof Cauchy loss && isModerate(loss.scale())) {
            float inverse = (float) (1 / loss.scale());
            return near(loss, loss.scale(), (primitives, capacity) -> {
                RobustTile tile = new RobustTile(primitives, capacity);
                return (x, y, none, value, to, n) -> tile.cauchy(inverse, x, y, value, to, n);
            });
        } else if (spec instanceof Welsch loss && isModerate(loss.scale())) {
            float inverse = (float) (1 / loss.scale());
            return near(loss, loss.scale(), (primitives, capacity) -> {
                RobustTile tile = new RobustTile(primitives, capacity);
                return (x, y, none, value, to, n) -> tile.welsch(inverse, x, y, value, to, n);
            });
        }
        return null;
    }

    /** Losses of counts, amounts and distributions. */
    private static @Nullable Maker positive(LossSpec spec) {
        if (spec instanceof PoissonNll loss) {
            return poisson(loss);
        } else if (spec instanceof GammaNll loss) {
            return DomainTile.of(
                    loss,
                    EXPONENTS,
                    Interval.FINITE,
                    (primitives, capacity) -> new LikelihoodTile(primitives, capacity)::gamma);
        } else if (spec instanceof Tweedie loss) {
            float ofMean = (float) (2 - loss.power());
            float ofLabel = (float) (1 - loss.power());
            // Rounding t x costs e^(t x) as many units in the last place as t x is large.
            return DomainTile.of(loss, Interval.symmetric(40), Interval.FINITE, (primitives, capacity) -> {
                LikelihoodTile tile = new LikelihoodTile(primitives, capacity);
                return (x, y, none, value, to, n) -> tile.tweedie(ofMean, ofLabel, x, y, value, to, n);
            });
        } else if (spec instanceof MeanSquaredLogarithmicError loss) {
            return squaredLogarithmic(loss);
        } else if (spec instanceof KlDivergence loss) {
            return kullbackLeibler(loss);
        } else if (spec instanceof JsDivergence loss) {
            return DomainTile.of(
                    loss,
                    RATIOS,
                    Interval.PROBABILITY,
                    (primitives, capacity) -> new DivergenceTile(primitives, capacity)::jensenShannon);
        }
        return null;
    }

    private static @Nullable Maker squaredLogarithmic(MeanSquaredLogarithmicError loss) {
        double epsilon = loss.epsilon() == null ? Math.nextUp(-1f) : loss.epsilon();
        if (epsilon > 1e30) {
            return null;
        }
        float rounded = (float) epsilon;
        float least = rounded < epsilon ? Math.nextUp(rounded) : rounded;
        // What is below epsilon counts as epsilon; but what -1 counts as is no float.
        Interval domain = new Interval(loss.epsilon() == null ? least : -Float.MAX_VALUE, 1e30f);
        return DomainTile.of(loss, domain, domain, (primitives, capacity) -> {
            DivergenceTile tile = new DivergenceTile(primitives, capacity);
            return (x, y, none, value, to, n) -> tile.squaredLogarithmic(least, x, y, value, to, n);
        });
    }

    private static @Nullable Maker poisson(PoissonNll loss) {
        boolean full = loss.full();
        Interval labels = full ? LikelihoodTile.STIRLING_LABELS : Interval.FINITE;
        if (loss.logInput()) {
            return DomainTile.of(
                    loss, full ? LikelihoodTile.STIRLING_EXPONENTS : EXPONENTS, labels, (primitives, capacity) -> {
                        LikelihoodTile tile = new LikelihoodTile(primitives, capacity);
                        return (x, y, none, value, to, n) -> tile.poisson(full, x, y, value, to, n);
                    });
        } else if (loss.epsilon() != 0 && !isModerate(loss.epsilon())) {
            return null;
        }
        float epsilon = (float) loss.epsilon();
        // Without epsilon the logarithm of a rate of 0 ends at -100, and so does its slope.
        Interval rates = new Interval(epsilon == 0 ? 1e-30f : 0, 1e30f);
        return DomainTile.of(loss, rates, labels, (primitives, capacity) -> {
            LikelihoodTile tile = new LikelihoodTile(primitives, capacity);
            return (x, y, none, value, to, n) -> tile.poissonOfRates(epsilon, full, x, y, value, to, n);
        });
    }

    private static Maker kullbackLeibler(KlDivergence loss) {
        if (loss.input() == InputForm.PROBABILITIES) {
            return loss.logTarget()
                    ? DomainTile.of(
                            loss,
                            RATIOS,
                            EXPONENTS,
                            (primitives, capacity) -> new DivergenceTile(primitives, capacity)::ofProbabilitiesAndLogs)
                    : DomainTile.of(
                            loss,
                            RATIOS,
                            Interval.PROBABILITY,
                            (primitives, capacity) -> new DivergenceTile(primitives, capacity)::kullbackLeibler);
        }
        return loss.logTarget()
                ? DomainTile.of(
                        loss,
                        Interval.FINITE,
                        EXPONENTS,
                        (primitives, capacity) -> new DivergenceTile(primitives, capacity)::ofLogsAndLogs)
                : DomainTile.of(
                        loss,
                        Interval.FINITE,
                        Interval.POSITIVE,
                        (primitives, capacity) -> new DivergenceTile(primitives, capacity)::ofLogs);
    }

    /** Losses of a score and a sign. */
    private static @Nullable Maker margin(LossSpec spec) {
        if (spec instanceof Hinge loss) {
            return (primitives, capacity) -> new MarginTile(loss.labels(), primitives, capacity)::hinge;
        } else if (spec instanceof SquaredHinge loss) {
            return (primitives, capacity) -> new MarginTile(loss.labels(), primitives, capacity)::squaredHinge;
        } else if (spec instanceof Perceptron loss) {
            return (primitives, capacity) -> new MarginTile(loss.labels(), primitives, capacity)::perceptron;
        } else if (spec instanceof SoftMargin loss) {
            return (primitives, capacity) -> new MarginTile(loss.labels(), primitives, capacity)::soft;
        } else if (spec instanceof Wasserstein) {
            return always(MarginTile::wasserstein);
        }
        return null;
    }

    /** Losses of a logit or probability and a binary label. */
    private static @Nullable Maker binary(LossSpec spec) {
        if (spec instanceof SigmoidCrossEntropy) {
            return SigmoidTile::new;
        } else if (spec instanceof MultilabelSoftMargin.Column column) {
            Maker scaled = scaled(1f / column.columnCount(), SigmoidTile::new);
            // What is weighted must not overflow before it is divided.
            return DomainTile.of(column, Interval.symmetric(1e30f), Interval.FINITE, scaled);
        } else if (spec instanceof SigmoidFocal loss) {
            return focal(loss);
        } else if (spec instanceof Poly1SigmoidFocal loss) {
            return DomainTile.ofBits(
                    loss, Interval.FINITE, (primitives, capacity) -> new FocalTile(loss, primitives, capacity));
        } else if (spec instanceof AsymmetricLoss loss && loss.clip() == 0) {
            return DomainTile.ofBits(
                    loss, Interval.FINITE, (primitives, capacity) -> new FocalTile(loss, primitives, capacity));
        } else if (spec instanceof AsymmetricLoss loss && loss.clip() >= AsymmetricTile.LEAST_CLIP) {
            return DomainTile.ofBits(
                    loss, Interval.FINITE, (primitives, capacity) -> new AsymmetricTile(loss, primitives, capacity));
        } else if (spec instanceof PenaltyReducedFocal loss) {
            return DomainTile.of(
                    loss,
                    Interval.FINITE,
                    Interval.PROBABILITY,
                    (primitives, capacity) -> new PenaltyTile(loss, primitives, capacity));
        } else if (spec instanceof BinaryCrossEntropy loss) {
            Double epsilon = loss.epsilon();
            // What is clipped has another derivative.
            Interval clipped = epsilon == null
                    ? Interval.PROBABILITY
                    : new Interval(Math.nextUp(epsilon.floatValue()), Math.nextDown((float) (1 - epsilon)));
            return DomainTile.of(
                    loss,
                    clipped,
                    Interval.FINITE,
                    (primitives, capacity) -> new ProbabilityTile(primitives, capacity)::crossEntropy);
        }
        return null;
    }

    static Maker focal(SigmoidFocal loss) {
        return loss.input() == InputForm.LOGITS
                ? DomainTile.ofBits(
                        loss, Interval.FINITE, (primitives, capacity) -> new FocalTile(loss, primitives, capacity))
                : DomainTile.ofBits(
                        loss,
                        Interval.PROBABILITY,
                        (primitives, capacity) -> ProbabilityTile.focal(loss, primitives, capacity));
    }

    private static Maker scaled(float factor, Maker maker) {
        return (primitives, capacity) -> {
            TileFunction function = maker.make(primitives, capacity);
            return (x, y, perColumn, value, derivative, n) -> {
                function.apply(x, y, perColumn, value, derivative, n);
                FocalTile.multiply(value, factor, n);
                FocalTile.multiply(derivative, factor, n);
            };
        };
    }

    /** Residuals whose square in units of the scale is a float. */
    private static Maker near(ElementwiseLoss loss, double scale, Maker fast) {
        Interval near = Interval.symmetric((float) (1e18 * scale));
        return DomainTile.of(loss, near, near, fast);
    }

    /** Whether single precision has room for a parameter, its inverse and their squares. */
    static boolean isModerate(double parameter) {
        return parameter >= 1e-15 && parameter <= 1e15;
    }

    private static Maker always(TileFunction function) {
        return (primitives, capacity) -> function;
    }
}
