package io.loss4j.dl4j;

import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import java.io.Serializable;

/**
 * What becomes of a loss after Deeplearning4j has received it.
 *
 * <p>With {@code miniBatch(true)}, the default, it divides score and gradient by the number of examples, which a loss
 * never sees: a row is an example in feed-forward networks, but a time step or a pixel in recurrent and convolutional
 * ones. A sum needs no more than that. Any other reduction must be multiplied by the number of examples first, so
 * somebody has to say how many rows an example has, or that nothing is divided.
 *
 * @param divided whether Deeplearning4j divides by the number of examples
 * @param rowsPerExample rows of one example; 0 if unknown, which is enough for sums
 */
record Minibatch(boolean divided, int rowsPerExample) implements Serializable {
    /** The usual case: the objective is the sum over all rows, divided by the number of examples. */
    static final Minibatch OF_SUMS = new Minibatch(true, 0);

    /** Networks configured with {@code miniBatch(false)}: the objective is the reduction itself. */
    static final Minibatch UNDIVIDED = new Minibatch(false, 0);

    /** Layers with so many rows per example: the objective is the reduction itself. */
    static Minibatch ofRowsPerExample(int rows) {
        if (rows < 1) {
            throw new LossInputException(
                    "L4J-D04",
                    "Deeplearning4j",
                    "rows per example is " + rows + ", expected a number from 1",
                    "give the time steps or pixels of one example, or 1 in feed-forward networks");
        }
        return new Minibatch(true, rows);
    }

    /** Refuses a reduction whose scale nobody knows. */
    void check(String who, Reduction reduction) {
        boolean sum = reduction == Reduction.SUM || reduction == Reduction.NONE;
        if (!sum && divided && rowsPerExample == 0) {
            throw new LossInputException(
                    "L4J-D03",
                    who,
                    "reduction is " + reduction + ", expected SUM: Deeplearning4j divides by the number of examples"
                            + " itself, and a loss does not see how many rows an example has",
                    "use withReduction(Reduction.SUM); or Dl4jLosses.feedForward(...) where every row is an example;"
                            + " or Dl4jLosses.rowsPerExample(...) where every example has the same number of rows; or"
                            + " Dl4jLosses.undivided(...) in any network configured with miniBatch(false)");
        }
    }

    /** Whether the objective is the sum as it is, or nothing is divided. */
    boolean isUnscaled() {
        return rowsPerExample == 0;
    }

    /** What the reduced loss is multiplied by, so that Deeplearning4j's division restores it: the number of examples. */
    double examples(String who, long rows) {
        if (isUnscaled()) {
            return 1;
        }
        if (rows % rowsPerExample != 0) {
            throw new LossInputException(
                    "L4J-D05",
                    who,
                    rows + " rows are not a multiple of " + rowsPerExample + " rows per example",
                    "correct rowsPerExample, or use Dl4jLosses.undivided(...) with miniBatch(false)");
        }
        return (double) rows / rowsPerExample;
    }
}
