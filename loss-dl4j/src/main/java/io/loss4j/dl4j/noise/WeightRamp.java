package io.loss4j.dl4j.noise;

import io.loss4j.error.LossInputException;
import java.io.Serializable;

/**
 * A weight that is 0 at first, then rises linearly:
 *
 * <pre>{@code
 * weight(epoch) = 0                                        epoch < start
 *                 full (epoch - start) / (end - start)     start <= epoch < end
 *                 full                                     end <= epoch
 * }</pre>
 *
 * @param start the epoch in which it begins to rise, from 0
 * @param end the epoch from which it is full, not before start
 * @param full finite, from 0
 */
public record WeightRamp(int start, int end, double full) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Checks the ranges. */
    public WeightRamp {
        if (start < 0 || end < start || !(full >= 0 && full < Double.POSITIVE_INFINITY)) {
            throw new LossInputException(
                    "L4J-D48",
                    "weight ramp",
                    "start, end and full weight are " + start + ", " + end + " and " + full
                            + ", expected from 0, not before start, and a finite number from 0",
                    "correct them");
        }
    }

    /** The weight in an epoch, counted from 0. */
    public double at(int epoch) {
        return epoch >= end ? full : epoch < start ? 0 : full * (epoch - start) / (end - start);
    }
}
