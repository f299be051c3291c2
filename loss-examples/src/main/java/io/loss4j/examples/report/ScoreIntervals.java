package io.loss4j.examples.report;

import io.loss4j.examples.comparison.Interval;
import io.loss4j.examples.comparison.Measure;
import io.loss4j.examples.comparison.Standing;
import io.loss4j.examples.comparison.Standings;
import io.loss4j.examples.plot.ChartStyle;
import java.util.List;
import java.util.StringJoiner;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Every candidate's score and its interval, the best on top. */
final class ScoreIntervals {
    private static final int LINE = 24;
    private static final int AXIS = 60;

    private ScoreIntervals() {}

    static Figure of(Standings standings, Looks looks) {
        Measure by = standings.by();
        List<Look> all = looks.all();
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawYError(false);
        StringJoiner words = new StringJoiner("; ");
        String[] names = Labels.shortened(all.stream().map(Look::title).toList(), BarChart.LONGEST)
                .toArray(String[]::new);
        for (int i = 0; i < all.size(); i++) {
            Interval score = score(standings.ranking().get(i), by);
            XYIntervalSeries series = new XYIntervalSeries(i);
            series.add(score.mean(), score.low(), score.high(), i, i, i);
            data.addSeries(series);
            renderer.setSeriesPaint(i, all.get(i).colour());
            renderer.setSeriesShape(i, all.get(i).marker());
            renderer.setSeriesStroke(i, ChartStyle.stroke(2));
            words.add(all.get(i).title() + " " + Intervals.words(score));
        }
        SymbolAxis places = new SymbolAxis(null, names);
        places.setGridBandsVisible(false);
        places.setTickUnit(new NumberTickUnit(1));
        places.setRange(-0.6, names.length - 0.4);
        places.setInverted(true);
        NumberAxis scores = ChartStyle.axis(by.title());
        XYPlot plot = new XYPlot(data, scores, places, renderer);
        plot.setDomainAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        standings.ranking().stream()
                .filter(standing -> standing.candidate().isPlain())
                .forEach(plain -> plot.addDomainMarker(
                        new ValueMarker(score(plain, by).mean(), ChartStyle.INK, ChartStyle.stroke(1, 1, 3))));
        return new Figure(
                "scores",
                "Scores and their intervals",
                "Means over the folds, with intervals of 95 %. The dotted line is plain training. Intervals of two candidates may overlap although their difference is"
                        + " real: the folds are the same, and the table gives the interval of the difference.",
                "Mean and interval of " + by.title() + ", best first: " + words + ".",
                Figure.picture(plot, false, all.size() * LINE + AXIS));
    }

    private static Interval score(Standing standing, Measure by) {
        Interval score = standing.scores().get(by);
        if (score == null) {
            throw new IllegalArgumentException(standing.candidate().id() + " has no " + by.title());
        }
        return score;
    }
}
