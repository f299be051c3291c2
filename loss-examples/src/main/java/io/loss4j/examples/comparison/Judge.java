package io.loss4j.examples.comparison;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Puts candidates in order, and says what won and whether the difference is real. */
final class Judge {
    /** A difference is called real from this probability of chance on. */
    private static final double CHANCE = 0.05;
    /** No probability below this is told. */
    private static final double SMALLEST = 0.001;

    private final Comparison comparison;
    private final Map<String, Map<Measure, double[]>> scores = new LinkedHashMap<>();

    Judge(Comparison comparison) {
        this.comparison = comparison;
        FoldScores folds = new FoldScores(comparison);
        for (CandidateResult result : comparison.candidates()) {
            scores.put(result.candidate().id(), folds.of(result));
        }
    }

    Standings standings(Measure by) {
        List<Standing> ranking = new ArrayList<>();
        for (CandidateResult result : comparison.candidates()) {
            ranking.add(standing(result));
        }
        ranking.sort(Comparator.comparingDouble((Standing s) -> mean(s.candidate(), by))
                .reversed()
                .thenComparing(s -> !s.candidate().isPlain()));
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(verdict(by, winner(by), ranking));
        for (Measure measure : Measure.values()) {
            if (measure != by) {
                verdicts.add(verdict(measure, winner(measure), ranking));
            }
        }
        return new Standings(by, ranking, verdicts);
    }

    private double[] scores(String candidate, Measure measure) {
        return Objects.requireNonNull(
                Objects.requireNonNull(scores.get(candidate), candidate).get(measure), measure.title());
    }

    private PairedFolds folds(double[] values) {
        return new PairedFolds(values, comparison.folds());
    }

    private double mean(Candidate candidate, Measure measure) {
        return folds(scores(candidate.id(), measure)).interval().mean();
    }

    private boolean hasPlain() {
        return scores.containsKey(Candidate.PLAIN);
    }

    /** The best mean; of equals plain training, then the first. */
    private String winner(Measure measure) {
        String best = hasPlain() ? Candidate.PLAIN : scores.keySet().iterator().next();
        for (String id : scores.keySet()) {
            if (folds(scores(id, measure)).interval().mean()
                    > folds(scores(best, measure)).interval().mean()) {
                best = id;
            }
        }
        return best;
    }

    private PairedFolds difference(String candidate, String other, Measure measure) {
        double[] values = scores(candidate, measure).clone();
        double[] others = scores(other, measure);
        for (int i = 0; i < values.length; i++) {
            values[i] -= others[i];
        }
        return folds(values);
    }

    /** Holm: the smallest of m probabilities times m, the next times m - 1, never smaller than the one before. */
    private Map<String, Double> doubts(Measure measure) {
        Map<String, Double> adjusted = new LinkedHashMap<>();
        if (hasPlain()) {
            Map<String, Double> raw = new LinkedHashMap<>();
            for (String id : scores.keySet()) {
                if (!id.equals(Candidate.PLAIN)) {
                    raw.put(id, difference(id, Candidate.PLAIN, measure).doubt());
                }
            }
            int left = raw.size();
            double least = 0;
            for (Map.Entry<String, Double> e :
                    raw.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList()) {
                least = Math.max(least, Math.min(1, e.getValue() * left--));
                adjusted.put(e.getKey(), least);
            }
            adjusted.put(Candidate.PLAIN, 1.0);
        }
        return adjusted;
    }

    private Standing standing(CandidateResult result) {
        String id = result.candidate().id();
        Map<Measure, Interval> means = new EnumMap<>(Measure.class);
        Map<Measure, Interval> minusPlain = new EnumMap<>(Measure.class);
        Map<Measure, Interval> minusWinner = new EnumMap<>(Measure.class);
        Map<Measure, Double> doubt = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            means.put(measure, folds(scores(id, measure)).interval());
            minusWinner.put(measure, difference(id, winner(measure), measure).interval());
            if (hasPlain()) {
                minusPlain.put(measure, difference(id, Candidate.PLAIN, measure).interval());
                doubt.put(measure, Objects.requireNonNull(doubts(measure).get(id), id));
            }
        }
        double seconds =
                result.fits().stream().mapToDouble(Fit::seconds).average().orElse(0);
        return new Standing(result.candidate(), means, minusPlain, minusWinner, doubt, seconds);
    }

    private Verdict verdict(Measure measure, String winner, List<Standing> ranking) {
        Standing best = ranking.stream()
                .filter(s -> s.candidate().id().equals(winner))
                .findFirst()
                .orElseThrow();
        String score = winner + " has the best " + measure.title() + ", " + of(best.score(measure));
        if (!hasPlain()) {
            return new Verdict(measure, winner, false, score + "; plain training was not compared.");
        }
        if (best.candidate().isPlain()) {
            return new Verdict(
                    measure,
                    winner,
                    false,
                    "By " + measure.title() + " no remedy beats plain training, which has " + of(best.score(measure))
                            + ".");
        }
        double doubt = Objects.requireNonNull(best.doubt().get(measure), winner);
        boolean real = doubt < CHANCE;
        int remedies = ranking.size() - 1;
        String against = of(Objects.requireNonNull(best.minusPlain().get(measure), winner)) + " against plain training";
        String comparisons = remedies == 1 ? "" : ", corrected for " + remedies + " comparisons";
        String p = "p " + (doubt < SMALLEST ? "" : "= ") + shown(doubt);
        return new Verdict(
                measure,
                winner,
                real,
                real
                        ? score + ": " + signed(against) + ", a real difference (" + p + comparisons + ")."
                        : "By " + measure.title()
                                + " no remedy beats plain training beyond chance: the best mean is that " + "of "
                                + winner + ", " + signed(against) + " (" + p + comparisons + ").");
    }

    /** A probability for people. */
    static String shown(double doubt) {
        return doubt < SMALLEST ? "< " + SMALLEST : String.format(Locale.ROOT, "%.3f", doubt);
    }

    private static String of(Interval interval) {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", interval.mean(), interval.low(), interval.high());
    }

    private static String signed(String text) {
        return text.startsWith("-") ? text : "+" + text;
    }
}
