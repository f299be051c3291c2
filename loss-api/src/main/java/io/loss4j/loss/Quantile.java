package io.loss4j.loss;

import java.util.Map;

/**
 * Pinball loss: its minimum is a quantile of the labels, because being too low and being too high cost differently.
 *
 * <pre>
 *   value = q e          where e &gt;= 0       e = y - x
 *         = (q - 1) e    elsewhere
 *   d/dx  = -q where e &gt; 0,  1 - q where e &lt; 0
 * </pre>
 *
 * <p>x and y are any numbers; the value grows as |e| on both sides. At e = 0 the derivative is taken to be 0, one of its
 * subgradients.
 *
 * <p>Use it to predict a range instead of one number: one output per quantile, for example 0.1, 0.5 and 0.9, each with the
 * same label. q = 0.5 is half the absolute error and gives the median.
 *
 * <p>Elsewhere: TensorFlow Addons' PinballLoss with tau for q. DJL's QuantileL1Loss is twice as large. PyTorch, Keras and
 * Deeplearning4j do not have it.
 *
 * <p>Example: q = 0.9: x = 1, y = 3: 1.8; x = 3, y = 1: 0.2.
 *
 * <p>Source: Koenker and Bassett, Regression Quantiles, 1978.
 *
 * @param quantile q, above 0 and below 1, one for all columns or one per column; default 0.5
 */
public record Quantile(PerColumn quantile) implements ElementwiseLoss {
    private static final String ID = "quantile";

    /** As registered: {@code quantile}. */
    public static final LossType<Quantile> TYPE =
            LossType.of(Quantile.class, ID, Map.of("quantile", PerColumn.all(0.5)));

    /** Checks the range of the quantiles. */
    public Quantile {
        Check.each(ID, "quantile", quantile, q -> q > 0 && q < 1, "above 0 and below 1");
    }

    /** The same quantile for every column. */
    public Quantile(double quantile) {
        this(PerColumn.all(quantile));
    }

    @Override
    public double value(double x, double y) {
        double q = quantile.at(0);
        double e = y - x;
        return (e >= 0 ? q : q - 1) * e;
    }

    @Override
    public double derivative(double x, double y) {
        double q = quantile.at(0);
        double e = y - x;
        return e > 0 ? -q : e < 0 ? 1 - q : e; // 0, or NaN
    }

    /** The formula for one column; that of column 0 is what an instance with one quantile per column computes itself. */
    @Override
    public Quantile forColumn(int column) {
        return quantile.isScalar() ? this : new Quantile(quantile.at(column));
    }

    @Override
    public int columns() {
        return quantile.columns();
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
