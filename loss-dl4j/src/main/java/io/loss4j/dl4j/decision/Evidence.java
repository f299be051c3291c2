package io.loss4j.dl4j.decision;

import io.loss4j.error.LossInputException;
import java.util.Arrays;

/**
 * What a row of output says, as logits. Probabilities that single precision has rounded to 0 or 1 count as the nearest
 * ones that it can tell from them.
 */
final class Evidence {
    /** The smallest float: a softmax gives 0 below. */
    private static final double LEAST = Float.MIN_VALUE;

    /** Half of the distance from 1 to the float below: a sigmoid gives 1 above. */
    private static final double LEAST_COMPLEMENT = 0x1p-25;

    /** Probabilities in single precision. */
    private static final double TOLERANCE = 1e-5;

    private Evidence() {}

    /** Logits of classes, up to a constant. */
    static double[] logits(Outputs outputs, double[] row, long number) {
        if (outputs == Outputs.CLASS_LOGITS) {
            for (double z : row) {
                if (Double.isNaN(z) || Double.isInfinite(z)) {
                    throw refused("a logit of row " + number + " is " + z + ", expected a finite number");
                }
            }
            return row.length == 1 ? new double[] {0, row[0]} : row;
        }
        if (row.length == 1) {
            return new double[] {0, logOdds(row[0], number)};
        }
        double[] logits = new double[row.length];
        for (int k = 0; k < logits.length; k++) {
            logits[k] = Math.log(Math.max(LEAST, checked(row[k], number)));
        }
        return logits;
    }

    /** ln p / (1 - p) of a yes or no. */
    static double logOdds(double p, long number) {
        double yes = checked(p, number);
        return Math.log(Math.max(LEAST, yes)) - Math.log(Math.max(LEAST_COMPLEMENT, 1 - yes));
    }

    static double checked(double p, long number) {
        if (!(p >= -TOLERANCE && p <= 1 + TOLERANCE)) {
            throw refused("a score of row " + number + " is " + p + ", expected a probability from 0 to 1");
        }
        return Math.min(1, Math.max(0, p));
    }

    private static LossInputException refused(String problem) {
        return new LossInputException(
                "L4J-D55",
                "decision rule",
                problem,
                "give the rule what it was made for: ofClasses and ofLabels take the output of a softmax or sigmoid,"
                        + " ofClassLogits what is before a softmax");
    }

    /** e^x_k / sum e^x, in place, without overflow by the shift to a maximum of 0. */
    static double[] softmax(double[] x) {
        double most = Arrays.stream(x).max().orElse(0);
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            x[k] = Math.exp(x[k] - most);
            sum += x[k];
        }
        for (int k = 0; k < x.length; k++) {
            x[k] /= sum;
        }
        return x;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
