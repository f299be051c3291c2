package io.loss4j.examples.comparison;

import java.util.List;

/**
 * The candidates in order, and what that means.
 *
 * <p>Folds of a cross-validation share most of their training rows, so their scores vary less than those of independent
 * samples would, and the usual t interval is too short. All intervals here have the variance of Nadeau and Bengio
 * (Machine Learning 52, 2003): (1/n + tested/trained) s^2 for n folds in all repeats, with n - 1 degrees of freedom.
 *
 * @param by the measure that the ranking is by
 * @param ranking the best mean first
 * @param verdicts one per measure, that of the ranking first
 */
public record Standings(Measure by, List<Standing> ranking, List<Verdict> verdicts) {
    /** Copies the lists. */
    public Standings {
        ranking = List.copyOf(ranking);
        verdicts = List.copyOf(verdicts);
    }

    /** Puts the candidates of a comparison in order. */
    public static Standings of(Comparison comparison, Measure by) {
        return new Judge(comparison).standings(by);
    }

    /** The candidate with the best mean. */
    public Standing winner() {
        return ranking.get(0);
    }

    /** The verdict by the measure of the ranking. */
    public Verdict verdict() {
        return verdicts.get(0);
    }
}
