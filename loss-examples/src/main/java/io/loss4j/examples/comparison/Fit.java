package io.loss4j.examples.comparison;

/**
 * One network, trained without one fold and judged by it. The arrays are not copied.
 *
 * @param candidate the id of the candidate
 * @param repeat which repeat of the cross-validation, from 0
 * @param fold which fold was tested, from 0
 * @param rows the tested rows, ascending, as indices into {@link Comparison#labels}
 * @param probabilities [tested rows][classes], as the network gives them
 * @param predicted the class that is answered for each tested row; not always the most probable one, for a candidate may
 *     have a rule of its own
 * @param trainingLoss the mean loss of the batches of each epoch, by the candidate's own loss: comparable within a
 *     candidate, not between candidates
 * @param balancedAccuracy of the tested rows after each epoch, the most probable class being answered; for curves only,
 *     nothing is chosen by it
 * @param seconds of the fit
 */
public record Fit(
        String candidate,
        int repeat,
        int fold,
        int[] rows,
        float[][] probabilities,
        int[] predicted,
        double[] trainingLoss,
        double[] balancedAccuracy,
        double seconds) {}
