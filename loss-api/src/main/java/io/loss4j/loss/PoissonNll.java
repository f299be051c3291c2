package io.loss4j.loss;

import java.util.Map;

/**
 * Negative log-likelihood of counts under a Poisson distribution whose rate, or its logarithm, is predicted.
 *
 * <pre>
 *   value = e^x - y x                    d/dx = e^x - y                     with log_input
 *   value = x - y log(x + epsilon)       d/dx = 1 - y / (x + epsilon)       without
 *   full adds  y log y - y + log(2 pi y) / 2  where y &gt; 1
 * </pre>
 *
 * <p>y is at least 0. The value may be negative, because terms of the label alone are left out; full puts Stirling's
 * approximation of log y! back, which moves no gradient. From log-rates e^x overflows to infinity above 709; x = -inf is a
 * rate of 0, which is free where y = 0. A rate below 0 counts as 0 and has the derivative 0. The logarithm of a rate ends
 * at -100, so that also epsilon = 0 gives finite results.
 *
 * <p>Use it for counts: events, visits, photons. Give log-rates from a linear output, the default, rather than rates: no
 * floor is needed then.
 *
 * <p>Elsewhere: PyTorch's PoissonNLLLoss, the same with the same options. Keras's Poisson takes rates with an epsilon of
 * 1e-7. Deeplearning4j's POISSON and Flux take rates without one.
 *
 * <p>Example: x = ln 2, y = 3: 2 - 3 ln 2 = -0.079442, and the same for a rate of 2.
 *
 * <p>Source: Cameron and Trivedi, Regression Analysis of Count Data, 1998.
 *
 * @param logInput whether predictions are logarithms of rates; default true
 * @param full whether to add Stirling's approximation of log y!; default false
 * @param epsilon added to rates inside the logarithm, at least 0; not used with log-rates; default 1e-8
 */
public record PoissonNll(boolean logInput, boolean full, double epsilon) implements ElementwiseLoss {
    private static final String ID = "poisson_nll";

    /** As registered: {@code poisson_nll}. */
    public static final LossType<PoissonNll> TYPE =
            LossType.of(PoissonNll.class, ID, Map.of("log_input", true, "full", false, "epsilon", 1e-8));

    /** Checks the range of epsilon. */
    public PoissonNll {
        Check.atLeast(0, ID, "epsilon", epsilon);
    }

    /** From log-rates, or from rates with epsilon = 1e-8. */
    public PoissonNll(boolean logInput) {
        this(logInput, false, 1e-8);
    }

    /** From log-rates. */
    public PoissonNll() {
        this(true);
    }

    @Override
    public double value(double x, double y) {
        double rate = logInput ? Math.exp(x) : Math.max(0, x);
        double log = logInput ? x : Probability.log(rate + epsilon);
        double cost = rate - Probability.weighted(y, log);
        return full && y > 1 ? cost + y * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI * y) : cost;
    }

    @Override
    public double derivative(double x, double y) {
        if (logInput) {
            return Math.exp(x) - y;
        }
        return x < 0 ? 0 : 1 - y * Probability.logSlope(x + epsilon);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
