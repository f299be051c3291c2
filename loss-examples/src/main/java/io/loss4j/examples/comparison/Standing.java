package io.loss4j.examples.comparison;

import java.util.Map;
import java.util.Objects;

/**
 * How one candidate did, by measure.
 *
 * @param candidate who
 * @param scores the mean over the folds
 * @param minusPlain its score minus that of plain training, fold by fold; all 0 for plain training itself, empty if that
 *     was not among the candidates
 * @param minusWinner its score minus that of the candidate with the best mean by that measure, fold by fold
 * @param doubt the probability of a difference from plain training as large as this one if there is none, two-sided and
 *     corrected by Holm for the number of remedies that are compared with plain training; empty where minusPlain is
 * @param seconds mean seconds of a fit
 */
public record Standing(
        Candidate candidate,
        Map<Measure, Interval> scores,
        Map<Measure, Interval> minusPlain,
        Map<Measure, Interval> minusWinner,
        Map<Measure, Double> doubt,
        double seconds) {
    /** Copies the maps. */
    public Standing {
        scores = Map.copyOf(scores);
        minusPlain = Map.copyOf(minusPlain);
        minusWinner = Map.copyOf(minusWinner);
        doubt = Map.copyOf(doubt);
    }

    /** Its mean by a measure; all measures are there. */
    public Interval score(Measure measure) {
        return Objects.requireNonNull(scores.get(measure), measure.title());
    }
}
