package com.example;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossProvider;
import io.loss4j.loss.LossType;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Regression that ignores outliers: squared error near the label, and beyond c a constant, which pulls at nothing:
 *
 * <pre>
 *   value = c^2 / 6 (1 - (1 - (d / c)^2)^3)   where |d| &lt;= c      d = x - y
 *         = c^2 / 6                           elsewhere
 *   d/dx  = d (1 - (d / c)^2)^2, or 0
 * </pre>
 *
 * <p>Example: x = 3, y = 2, c = 2: 0.385417.
 *
 * <p>Source: Beaton, Tukey, The Fitting of Power Series, Meaning Polynomials, Illustrated on Band-Spectroscopic Data,
 * 1974.
 *
 * @param c distance from which a label counts as an outlier, above 0; 4.685 standard deviations of the noise is usual
 */
public record TukeyBiweight(double c) implements ElementwiseLoss {
    /** As registered: {@code tukey_biweight}. */
    public static final LossType<TukeyBiweight> TYPE =
            LossType.of(TukeyBiweight.class, "tukey_biweight", Map.of("c", 4.685));

    /** Checks the range of c. */
    public TukeyBiweight {
        if (!(c > 0 && c < Double.POSITIVE_INFINITY)) {
            throw new LossInputException(
                    "TUKEY-01", "tukey_biweight", "c is " + c + ", expected a finite number above 0", "correct c");
        }
    }

    @Override
    public double value(double x, double y) {
        double d = x - y;
        if (Math.abs(d) > c) { // asked this way round, NaN stays NaN
            return c * c / 6;
        }
        double u = d / c * (d / c);
        return c * c / 6 * u * (3 - 3 * u + u * u); // 1 - (1 - u)^3 without losing the digits of a small u
    }

    @Override
    public double derivative(double x, double y) {
        double d = x - y;
        if (Math.abs(d) > c) {
            return 0;
        }
        double v = 1 - d / c * (d / c);
        return d * v * v;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }

    /** Named in META-INF/services/io.loss4j.loss.LossProvider. */
    public static final class Provider implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            return List.of(TYPE);
        }
    }
}
