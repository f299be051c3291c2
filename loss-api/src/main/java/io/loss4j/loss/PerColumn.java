package io.loss4j.loss;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One number for all columns, or one number per column: a focal gamma, class counts, quantiles. Immutable and compared
 * by content, which a {@code double[]} in a record is not.
 */
public final class PerColumn implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One number means "all columns" only if it was given as a scalar; a vector of length 1 fits one column. */
    private final boolean scalar;

    private final double[] values;

    private PerColumn(boolean scalar, double[] values) {
        this.scalar = scalar;
        this.values = values;
    }

    /** The same number for every column, however many there are. */
    public static PerColumn all(double value) {
        return new PerColumn(true, new double[] {value});
    }

    /** One number per column. */
    public static PerColumn of(double... values) {
        return new PerColumn(false, values.clone());
    }

    /** One number per column. */
    public static PerColumn of(long... values) {
        return new PerColumn(false, Arrays.stream(values).asDoubleStream().toArray());
    }

    /** Whether one number serves all columns. */
    public boolean isScalar() {
        return scalar;
    }

    /** The number for a column. */
    public double at(int column) {
        return scalar ? values[0] : values[column];
    }

    /** How many columns this fits, or 0 for any number. */
    public int columns() {
        return scalar ? 0 : values.length;
    }

    /** A copy of the numbers; one if {@link #isScalar}. */
    public double[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PerColumn that && scalar == that.scalar && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values) + (scalar ? 1 : 0);
    }

    @Override
    public String toString() {
        return scalar ? Double.toString(values[0]) : Arrays.toString(values);
    }
}
