package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.io.Serializable;

/**
 * Which columns of the features hold a category: one with codes, or several of a one-hot group. A category is whatever
 * values these columns have together, so standardised columns, or a group that lacks its first column, serve as well.
 *
 * @param column the first, from 0
 * @param width how many columns, from 1
 */
public record CategoricalFeature(int column, int width) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Checks the range. */
    public CategoricalFeature {
        if (column < 0 || width < 1) {
            throw new LossInputException(
                    "L4J-D44",
                    "categorical feature",
                    "it starts at column " + column + " and has " + width + " columns, expected from 0 and from 1",
                    "correct it");
        }
    }

    /** A column of codes. */
    public static CategoricalFeature code(int column) {
        return new CategoricalFeature(column, 1);
    }

    /** Columns from {@code column} to {@code column + width - 1}, one per category. */
    public static CategoricalFeature oneHot(int column, int width) {
        return new CategoricalFeature(column, width);
    }
}
