package io.loss4j.examples.report;

import io.loss4j.examples.comparison.CandidateResult;
import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.comparison.Standing;
import io.loss4j.examples.comparison.Standings;
import io.loss4j.examples.plot.ChartStyle;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The looks of all candidates, the best first. Plain training and the best others have a colour, as many as can be told
 * apart; the rest is grey.
 */
final class Looks {
    private static final Color PLAIN = Color.BLACK;
    private static final float WIDTH = 2;

    /** In the order of the colours. */
    private static final List<BasicStroke> STROKES = List.of(
            ChartStyle.stroke(WIDTH + 1),
            ChartStyle.stroke(WIDTH, 9, 3),
            ChartStyle.stroke(WIDTH, 8, 3, 2, 3),
            ChartStyle.stroke(WIDTH, 2.5f, 2),
            ChartStyle.stroke(WIDTH, 14, 4),
            ChartStyle.stroke(WIDTH, 8, 2, 2, 2, 2, 2));

    private static final List<Shape> MARKERS = List.of(
            circle(4.5), square(4), polygon(5, 3, -90), polygon(5, 4, 0), polygon(5, 3, 90), polygon(5, 5, -90));

    private final List<Look> all;

    private Looks(List<Look> all) {
        this.all = all;
    }

    static Looks of(Comparison comparison, Standings standings) {
        Map<String, CandidateResult> results = comparison.candidates().stream()
                .collect(Collectors.toMap(r -> r.candidate().id(), Function.identity()));
        List<Look> looks = new ArrayList<>();
        int next = 0;
        for (Standing standing : standings.ranking()) {
            CandidateResult result = results.get(standing.candidate().id());
            if (result == null || result.fits().isEmpty()) {
                throw new IllegalArgumentException(
                        "no fits of " + standing.candidate().id());
            }
            if (standing.candidate().isPlain()) {
                looks.add(new Look(result, true, PLAIN, ChartStyle.stroke(WIDTH, 6, 3), circle(3)));
            } else if (next < ChartStyle.COLOURS.size()) {
                looks.add(new Look(result, true, ChartStyle.COLOURS.get(next), STROKES.get(next), MARKERS.get(next)));
                next++;
            } else {
                looks.add(new Look(result, false, ChartStyle.GREY, ChartStyle.stroke(1), circle(2)));
            }
        }
        return new Looks(List.copyOf(looks));
    }

    List<Look> all() {
        return all;
    }

    /** Those with a colour of their own. */
    List<Look> shown() {
        return all.stream().filter(Look::shown).toList();
    }

    /** Of some candidates, as before. */
    Looks only(Set<String> ids) {
        return new Looks(all.stream().filter(look -> ids.contains(look.id())).toList());
    }

    /** Plain training, and so many of the best others. */
    List<Look> best(int others) {
        List<Look> chosen = new ArrayList<>();
        int left = others;
        for (Look look : all) {
            if (look.result().candidate().isPlain()) {
                chosen.add(look);
            } else if (left > 0) {
                chosen.add(look);
                left--;
            }
        }
        return chosen;
    }

    /** What figures say that show some in grey; empty if all have a colour. */
    String aboutGrey() {
        int grey = all.size() - shown().size();
        return grey == 0 ? "" : " In colour are plain training and the best others; " + others(grey) + " grey.";
    }

    /** What figures say that leave out those in grey; empty if all have a colour. */
    String aboutMissing() {
        return all.size() == shown().size() ? "" : " Shown are plain training and the best others.";
    }

    private static String others(int count) {
        return count == 1 ? "one more is" : count + " more are";
    }

    private static Shape circle(double radius) {
        return new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
    }

    private static Shape square(double half) {
        return new Rectangle2D.Double(-half, -half, 2 * half, 2 * half);
    }

    private static Shape polygon(double radius, int corners, double degrees) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < corners; i++) {
            double angle = Math.toRadians(degrees + 360.0 * i / corners);
            double x = radius * Math.cos(angle);
            double y = radius * Math.sin(angle);
            if (i == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        path.closePath();
        return path;
    }
}
