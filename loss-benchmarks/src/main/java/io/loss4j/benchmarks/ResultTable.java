package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Wanted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The results as tables. */
final class ResultTable {
    private ResultTable() {}

    /** One row per workload: times of all, and how much longer the others take. */
    static TextTable times(Run run) {
        List<Comparison> comparisons = run.comparisons();
        List<Contender> present = Arrays.stream(Contender.values())
                .filter(c -> comparisons.stream().anyMatch(comparison -> comparison.of(c) != null))
                .toList();
        List<String> header = new ArrayList<>(List.of("case"));
        present.forEach(c -> header.add(c.id));
        TextTable table = new TextTable(1, header);
        for (Comparison comparison : comparisons) {
            List<String> row = new ArrayList<>(List.of(name(comparison)));
            present.forEach(c -> row.add(Optional.ofNullable(comparison.of(c))
                    .map(m -> m.times().asTime())
                    .orElse("")));
            table.add(row);
        }
        return table;
    }

    /** One row per workload: how many times longer than Loss4J the others take. */
    static TextTable ratios(Run run) {
        List<Comparison> comparisons = run.comparisons().stream()
                .filter(c -> c.of(Contender.LOSS4J) != null && c.measurements().size() > 1)
                .toList();
        List<Contender> others = Arrays.stream(Contender.values())
                .filter(c ->
                        c != Contender.LOSS4J && comparisons.stream().anyMatch(comparison -> comparison.of(c) != null))
                .toList();
        List<String> header = new ArrayList<>(List.of("case"));
        others.forEach(c -> header.add(c.id + " : loss4j"));
        TextTable table = new TextTable(1, header);
        for (Comparison comparison : comparisons) {
            List<String> row = new ArrayList<>(List.of(name(comparison)));
            others.forEach(c -> row.add(
                    comparison.ratio(c, Contender.LOSS4J).map(Times::asRatio).orElse("")));
            table.add(row);
        }
        return table;
    }

    private static String name(Comparison comparison) {
        return comparison.workload
                + (comparison.wanted == Wanted.VALUE_AND_GRADIENT ? "" : ", " + comparison.wanted + " only");
    }

    /** One row per bar that was compared. */
    static TextTable bars(Run run) {
        TextTable table = new TextTable(2, List.of("case", "compared", "bar", "found", ""));
        for (Bar bar : run.bars()) {
            run.found(bar)
                    .ifPresent(found -> table.add(List.of(
                            bar.ours().workload().name(),
                            bar.text(),
                            bar.expected(),
                            found.asRatio(),
                            bar.isMet(found.median()) ? "met" : "missed")));
        }
        return table;
    }
}
