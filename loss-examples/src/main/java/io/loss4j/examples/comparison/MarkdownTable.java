package io.loss4j.examples.comparison;

import io.loss4j.error.LossInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The standings as a Markdown section: every candidate with intervals, and the verdicts. */
public final class MarkdownTable {
    private static final List<Measure> SHOWN = List.of(Measure.BALANCED_ACCURACY, Measure.MACRO_F1, Measure.PR_AUC);

    private MarkdownTable() {}

    /**
     * Writes it: aside first, then by one step under its name.
     *
     * @throws LossInputException L4J-D63 if the file cannot be written
     */
    public static void write(Comparison comparison, Standings standings, Path file) {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(aside, of(comparison, standings), StandardCharsets.UTF_8);
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LossInputException(
                    "L4J-D63", file.toString(), "cannot be written: " + e.getMessage(), "give another file");
        }
    }

    static String of(Comparison comparison, Standings standings) {
        StringBuilder text = new StringBuilder();
        long[] counts = comparison.counts();
        text.append("## ").append(comparison.source()).append("\n\n");
        text.append(comparison.labels().length)
                .append(" rows, label `")
                .append(comparison.label())
                .append("`: ");
        text.append(Arrays.stream(counts).mapToObj(String::valueOf).collect(Collectors.joining(", ")))
                .append(" rows of ")
                .append(String.join(", ", comparison.classes()))
                .append(". ");
        text.append(comparison.folds()).append(" folds, repeated ").append(comparison.repeats());
        text.append(comparison.repeats() == 1 ? " time, " : " times, ");
        text.append(comparison.settings().epochs())
                .append(" epochs, seed ")
                .append(comparison.seed())
                .append(".\n\n");
        text.append("| candidate |");
        SHOWN.forEach(measure -> text.append(' ').append(measure.title()).append(" |"));
        text.append(" minus plain, ").append(standings.by().title()).append(" | p |\n|---|");
        SHOWN.forEach(measure -> text.append("---|"));
        text.append("---|---|\n");
        for (Standing standing : standings.ranking()) {
            text.append("| ").append(standing.candidate().id()).append(" |");
            SHOWN.forEach(measure ->
                    text.append(' ').append(number(standing.score(measure), "")).append(" |"));
            Interval difference = standing.minusPlain().get(standings.by());
            Double doubt = standing.doubt().get(standings.by());
            if (standing.candidate().isPlain() || difference == null || doubt == null) {
                text.append(" | |\n");
            } else {
                text.append(' ').append(number(difference, "+")).append(" | ");
                text.append(Judge.shown(doubt)).append(" |\n");
            }
        }
        text.append('\n');
        for (Measure measure : SHOWN) {
            standings.verdicts().stream()
                    .filter(v -> v.measure() == measure)
                    .forEach(v -> text.append("- ").append(v.sentence()).append('\n'));
        }
        return text.toString();
    }

    private static String number(Interval interval, String sign) {
        return String.format(
                Locale.ROOT, "%" + sign + ".3f [%.3f, %.3f]", interval.mean(), interval.low(), interval.high());
    }
}
