package io.loss4j.examples.comparison;

import java.util.List;

/**
 * All fits of a candidate.
 *
 * @param candidate what was fitted
 * @param fits one per repeat and fold, by repeat, then by fold; the same rows in the same place for every candidate
 */
public record CandidateResult(Candidate candidate, List<Fit> fits) {
    /** Copies the list. */
    public CandidateResult {
        fits = List.copyOf(fits);
    }
}
