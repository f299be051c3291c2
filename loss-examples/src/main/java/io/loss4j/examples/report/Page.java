package io.loss4j.examples.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.loss4j.examples.comparison.Candidate;
import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.comparison.Interval;
import io.loss4j.examples.comparison.Measure;
import io.loss4j.examples.comparison.Standing;
import io.loss4j.examples.comparison.Standings;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The page, filled into report.mustache; the template escapes whatever comes from here. */
final class Page {
    private static final String MINUS_PLAIN = "minus plain";
    private static final String NOTHING = "\u2013";

    private final Comparison comparison;
    private final Standings standings;
    private final List<Section> sections;

    Page(Comparison comparison, Standings standings, List<Section> sections) {
        this.comparison = comparison;
        this.standings = standings;
        this.sections = sections;
    }

    String html() throws IOException {
        try (InputStream in = Page.class.getResourceAsStream("report.mustache");
                Reader reader =
                        new InputStreamReader(Objects.requireNonNull(in, "report.mustache"), StandardCharsets.UTF_8)) {
            Template template = Mustache.compiler().escapeHTML(true).compile(reader);
            return template.execute(content());
        }
    }

    /** What the template shows. */
    private record Content(
            String source,
            String label,
            String verdict,
            boolean real,
            List<String> others,
            List<Fact> facts,
            List<String> remarks,
            String by,
            boolean plain,
            Table ranking,
            Table measures,
            List<Shown> sections,
            String winner,
            String java,
            List<Candidate> candidates) {}

    private record Fact(String name, String value) {}

    private record Table(List<String> heads, List<Row> rows) {}

    private record Row(int place, String candidate, boolean winner, List<Cell> cells) {}

    /** A number and its interval, under a head that narrow screens show beside it. */
    private record Cell(String head, String value, String range) {}

    private record Shown(String title, String text, List<Drawn> figures) {
        boolean texted() {
            return !text.isEmpty();
        }
    }

    private record Drawn(
            String id, String title, String caption, String alternative, String svg, int width, int height) {
        boolean captioned() {
            return !caption.isEmpty();
        }
    }

    private Content content() throws IOException {
        boolean plain =
                standings.ranking().stream().anyMatch(s -> !s.minusPlain().isEmpty());
        List<Shown> shown = new ArrayList<>();
        for (Section section : sections) {
            List<Drawn> figures = new ArrayList<>();
            for (Figure figure : section.figures()) {
                figures.add(drawn(figure));
            }
            shown.add(new Shown(section.title(), section.text(), figures));
        }
        Candidate winner = standings.winner().candidate();
        return new Content(
                printable(comparison.source()),
                printable(comparison.label()),
                printable(standings.verdict().sentence()),
                standings.verdict().real(),
                standings.verdicts().stream()
                        .skip(1)
                        .map(v -> printable(v.sentence()))
                        .toList(),
                facts(),
                comparison.remarks().stream().map(Labels::printable).toList(),
                standings.by().title(),
                plain,
                table(standing -> ranking(standing, plain)),
                table(this::measures),
                shown,
                printable(winner.title()),
                String.join("\n", winner.java()),
                standings.ranking().stream().map(Standing::candidate).toList());
    }

    private Table table(Function<Standing, List<Cell>> cells) {
        List<Row> rows = new ArrayList<>();
        for (Standing standing : standings.ranking()) {
            int place = rows.size() + 1;
            rows.add(new Row(place, printable(standing.candidate().title()), place == 1, cells.apply(standing)));
        }
        return new Table(rows.get(0).cells().stream().map(Cell::head).toList(), rows);
    }

    private List<Cell> ranking(Standing standing, boolean plain) {
        Measure by = standings.by();
        Cell score = cell(by.title(), standing.scores().get(by));
        if (!plain) {
            return List.of(score);
        }
        Interval difference = standing.minusPlain().get(by);
        Double doubt = standing.doubt().get(by);
        boolean compared = difference != null && !standing.candidate().isPlain();
        return List.of(
                score,
                difference != null && compared
                        ? new Cell(MINUS_PLAIN, Labels.signed(difference.mean()), Intervals.signedRange(difference))
                        : new Cell(MINUS_PLAIN, NOTHING, ""),
                new Cell("p", doubt != null && compared ? Labels.probability(doubt) : NOTHING, ""));
    }

    private List<Cell> measures(Standing standing) {
        List<Cell> cells = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if (measure != standings.by()) {
                cells.add(cell(measure.title(), standing.scores().get(measure)));
            }
        }
        cells.add(new Cell("seconds per fit", Labels.seconds(standing.seconds()), ""));
        return cells;
    }

    private static Cell cell(String head, @Nullable Interval interval) {
        return interval == null
                ? new Cell(head, NOTHING, "")
                : new Cell(head, Labels.three(interval.mean()), Intervals.range(interval));
    }

    private static Drawn drawn(Figure figure) throws IOException {
        String svg = Base64.getEncoder().encodeToString(figure.picture().svg().getBytes(StandardCharsets.UTF_8));
        return new Drawn(
                figure.id(),
                figure.title(),
                figure.caption(),
                figure.alternative(),
                svg,
                figure.picture().width(),
                figure.picture().height());
    }

    private List<Fact> facts() {
        long[] counts = comparison.counts();
        long rarest = Arrays.stream(counts).min().orElse(0);
        return List.of(
                new Fact("data", printable(comparison.source()) + ", " + comparison.labels().length + " rows"),
                new Fact(
                        "label",
                        printable(comparison.label()) + ", " + counts.length + " classes, the rarest has " + rarest
                                + " rows"),
                new Fact(
                        "cross-validation",
                        comparison.folds() + " stratified folds, "
                                + (comparison.repeats() == 1 ? "once" : comparison.repeats() + " times")
                                + ", seed " + comparison.seed()
                                + "; the same folds and initial weights for every candidate"),
                new Fact(
                        "network",
                        String.format(
                                Locale.ROOT,
                                "%d hidden neurons, %d epochs, batches of %d, learning rate %s",
                                comparison.settings().hidden(),
                                comparison.settings().epochs(),
                                comparison.settings().batch(),
                                comparison.settings().learningRate())));
    }

    private static String printable(String text) {
        return Labels.printable(text);
    }
}
