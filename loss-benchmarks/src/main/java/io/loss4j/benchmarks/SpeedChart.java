package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Layout;
import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.benchmarks.timing.Wanted;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;

/** How many times longer than Loss4J the others take, as bars on a logarithmic axis: to the right is slower. */
final class SpeedChart {
    /** The palette of Okabe and Ito, which colour-blind people tell apart. */
    private static final Map<Contender, Color> COLOURS = new EnumMap<>(Map.of(
            Contender.COPY, new Color(0x999999),
            Contender.PYTORCH, new Color(0xE69F00),
            Contender.LOSS4J_SCALAR, new Color(0x56B4E9),
            Contender.DL4J_AVX512, new Color(0xCC79A7),
            Contender.DL4J, new Color(0xD55E00)));

    private static final int WIDTH = 820;
    private static final int BAR = 13;
    private static final int FRAME = 130;

    private SpeedChart() {}

    /** As SVG; empty if nothing was compared with Loss4J. */
    static Optional<String> svg(Run run) {
        DefaultCategoryDataset ratios = new DefaultCategoryDataset();
        List<Contender> shown = COLOURS.keySet().stream()
                .sorted(Comparator.comparing(c -> -c.ordinal()))
                .filter(c -> run.comparisons().stream().anyMatch(comparison -> comparison.of(c) != null))
                .toList();
        // What a bar of the plan compares with others; the rest is in the tables.
        List<Comparison> comparisons = run.comparisons().stream()
                .filter(c -> c.wanted == Wanted.VALUE_AND_GRADIENT)
                .filter(c -> c.workload.precision() == Precision.FLOAT && c.workload.layout() == Layout.ROWS)
                .filter(c -> c.of(Contender.LOSS4J) != null)
                .filter(c -> c.of(Contender.PYTORCH) != null || c.of(Contender.DL4J) != null)
                .toList();
        for (Contender contender : shown) {
            for (Comparison comparison : comparisons) {
                Number ratio = comparison
                        .ratio(contender, Contender.LOSS4J)
                        .map(Times::median)
                        .orElse(null);
                ratios.addValue(ratio, contender.id, comparison.workload.name());
            }
        }
        if (comparisons.isEmpty() || shown.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(SvgText.of(chart(ratios, shown), size(comparisons.size(), shown.size())));
    }

    private static Dimension size(int cases, int bars) {
        return new Dimension(WIDTH, FRAME + cases * (bars * BAR + BAR));
    }

    private static JFreeChart chart(DefaultCategoryDataset ratios, List<Contender> shown) {
        JFreeChart chart = ChartFactory.createBarChart(
                null,
                null,
                "time, as a multiple of Loss4J's (1 = as fast as Loss4J; the copy computes nothing)",
                ratios,
                PlotOrientation.HORIZONTAL,
                true,
                false,
                false);
        CategoryPlot plot = chart.getCategoryPlot();
        LogAxis axis = new LogAxis(plot.getRangeAxis().getLabel());
        axis.setSmallestValue(0.01);
        axis.setBase(10);
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setNumberFormatOverride(new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        axis.setLabelFont(font());
        plot.setRangeAxis(axis);
        plot.getDomainAxis().setTickLabelFont(font());
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.4f);
        plot.getDomainAxis().setCategoryMargin(0.2);
        plot.getDomainAxis().setLowerMargin(0.01);
        plot.getDomainAxis().setUpperMargin(0.01);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(new Color(0xDDDDDD));
        plot.setOutlineVisible(false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getLegend().setFrame(BlockBorder.NONE);
        BarRenderer bars = (BarRenderer) plot.getRenderer();
        bars.setBarPainter(new StandardBarPainter());
        bars.setShadowVisible(false);
        bars.setItemMargin(0);
        bars.setBase(1); // bars begin where Loss4J is
        bars.setIncludeBaseInRange(true);
        for (int i = 0; i < shown.size(); i++) {
            bars.setSeriesPaint(i, COLOURS.get(shown.get(i)));
        }
        return chart;
    }

    private static Font font() {
        return new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    }
}
