package io.loss4j.examples.report;

import io.loss4j.LossFunction;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.comparison.Standings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a comparison is shown as: a page that needs no network and no script, and every figure as PNG. */
public final class Report {
    /** The name of the page. */
    public static final String PAGE = "report.html";

    private Report() {}

    /**
     * Writes {@value #PAGE} and one PNG per figure. The page comes last and at once, so that none is there that is not
     * whole.
     *
     * @param comparison what was fitted
     * @param standings what came of it
     * @param losses the loss of every candidate, by its id, for rows as they are; those that are not there are not drawn
     * @param directory where to; it is made if it is not there, and files of an earlier report are replaced
     * @return the page
     * @throws LossInputException if nothing can be written there (L4J-D70), or this Java cannot draw text (L4J-D71)
     */
    public static Path write(
            Comparison comparison, Standings standings, Map<String, LossFunction> losses, Path directory) {
        Fonts.require();
        List<Section> sections = sections(comparison, standings, losses);
        try {
            Files.createDirectories(directory);
            String html = new Page(comparison, standings, sections).html();
            for (Section section : sections) {
                for (Figure figure : section.figures()) {
                    figure.picture().png(directory.resolve(figure.id() + ".png"));
                }
            }
            Path whole = Files.createTempFile(directory, "report", ".part");
            Files.writeString(whole, html);
            return Files.move(whole, directory.resolve(PAGE), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LossInputException(
                    "L4J-D70",
                    directory.toString(),
                    "the report cannot be written there: " + e,
                    "name a directory that you may write to, on a disk that is not full");
        }
    }

    private static List<Section> sections(
            Comparison comparison, Standings standings, Map<String, LossFunction> losses) {
        Looks looks = Looks.of(comparison, standings);
        List<Figure> matrices = new ArrayList<>();
        looks.shown().forEach(look -> matrices.add(ConfusionPlot.of(comparison, look, matrices.size() + 1)));
        List<Figure> training = new ArrayList<>(TrainingCurves.of(looks));
        training.add(FitSeconds.of(looks));
        List<Section> sections = new ArrayList<>(List.of(
                new Section(
                        "Scores",
                        "",
                        List.of(
                                ScoreIntervals.of(standings, looks),
                                RecallBars.of(comparison, looks),
                                ClassHistogram.of(comparison))),
                new Section(
                        "Probabilities",
                        "All tested rows of all fits together; the table has means over folds, which differ a little.",
                        ProbabilityCurves.of(comparison, looks)),
                new Section(
                        "Confusion",
                        "Rows are true classes, columns the answers; numbers are percent of the true class, and the more the"
                                + " darker."
                                + looks.aboutMissing(),
                        matrices),
                new Section("Training", "", training)));
        if (!losses.isEmpty()) {
            sections.add(new Section("Losses", LossShapes.TEXT, LossShapes.of(comparison, looks, losses)));
        }
        return sections;
    }
}
