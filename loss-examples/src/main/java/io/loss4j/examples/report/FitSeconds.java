package io.loss4j.examples.report;

import io.loss4j.examples.comparison.Fit;
import java.util.List;
import java.util.StringJoiner;
import org.jfree.chart.axis.NumberAxis;

/** How long a fit takes, on average. */
final class FitSeconds {
    private FitSeconds() {}

    static Figure of(Looks looks) {
        List<Look> all = looks.all();
        List<String> names = Labels.shortened(all.stream().map(Look::title).toList(), BarChart.LONGEST);
        BarChart bars = new BarChart(List.of("seconds"), names);
        StringJoiner words = new StringJoiner(", ");
        for (int i = 0; i < all.size(); i++) {
            double mean = all.get(i).result().fits().stream()
                    .mapToDouble(Fit::seconds)
                    .average()
                    .orElse(Double.NaN);
            bars.set(0, i, mean, Labels.seconds(mean), all.get(i).colour());
            words.add(all.get(i).title() + " " + Labels.seconds(mean));
        }
        NumberAxis axis = new NumberAxis("seconds per fit, mean over the fits");
        axis.setUpperMargin(0.25);
        return new Figure(
                "seconds",
                "Seconds per fit",
                "Fits that ran at the same time share the cores, so compare, do not add.",
                "Bars of the mean seconds of a fit: " + words + ".",
                Figure.picture(bars.plot(axis), false, bars.height(0)));
    }
}
