package io.loss4j.examples.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.examples.plot.LossPlot;
import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.Huber;
import io.loss4j.loss.LossType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/losses.md is what the losses say of themselves; -Dloss4j.pages=write writes it anew. */
class LossPagesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DOCS = ROOT.resolve("docs");
    private static final Path PAGE = DOCS.resolve("losses.md");
    private static final LossPages PAGES = new LossPages(ROOT);
    private static final String REMEDY = "run mvn test -pl loss-examples -am -Dtest=LossPagesTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dloss4j.pages=write";

    /** Nobody invented sums. */
    private static final List<LossType<?>> COMPOSED =
            Objects.requireNonNull(BuiltInLosses.families().get("Composition"));

    static List<LossType<?>> types() {
        return List.copyOf(new BuiltInLosses().losses());
    }

    @BeforeAll
    static void write() throws IOException {
        if ("write".equals(System.getProperty("loss4j.pages"))) {
            Files.createDirectories(DOCS.resolve("losses"));
            Files.writeString(PAGE, PAGES.text());
            for (LossType<?> type : types()) {
                LossPlot plot = LossPlot.of(LossPages.example(type));
                Path file = DOCS.resolve(LossPages.plotFile(type));
                if (!Files.exists(file) || !PlotFile.shows(Files.readString(file), plot)) {
                    Files.writeString(file, PlotFile.svg(plot));
                }
            }
        }
    }

    @Test
    void thePageIsWhatTheLossesSay() throws IOException {
        assertEquals(PAGES.text(), Files.readString(PAGE), () -> "docs/losses.md is stale; " + REMEDY);
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyLossSaysWhatItIsFor(LossType<?> type) throws IOException {
        LossJavadoc javadoc = PAGES.javadoc(type);
        assertFalse(javadoc.formulas().isEmpty(), "a formula in <pre>");
        for (String label : LossPages.LABELS) {
            boolean needless = label.equals("Source:") && COMPOSED.contains(type);
            assertTrue(
                    needless || !javadoc.paragraph(label).isEmpty(),
                    () -> type.record() + " has no paragraph that opens with '" + label + "'");
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyPlotShowsItsLoss(LossType<?> type) throws IOException {
        LossPlot plot = LossPlot.of(LossPages.example(type));
        plot.curves().forEach((name, values) -> {
            for (double value : values) {
                assertTrue(Double.isFinite(value), () -> name + " of " + type.id() + " is " + value);
            }
        });
        Path file = DOCS.resolve(LossPages.plotFile(type));
        assertTrue(
                Files.exists(file) && PlotFile.shows(Files.readString(file), plot),
                () -> file + " is stale; " + REMEDY);
    }

    @Test
    void aPlotOfAnotherLossIsStale() throws IOException {
        String svg = PlotFile.svg(LossPlot.of(new Huber(1)));
        assertTrue(PlotFile.shows(svg, LossPlot.of(new Huber(1))));
        assertFalse(PlotFile.shows(svg, LossPlot.of(new Huber(1.01))));
        assertFalse(PlotFile.shows("", LossPlot.of(new Huber(1))));
    }

    @Test
    void noPlotIsLeftOver() throws IOException {
        Set<String> expected = new TreeSet<>();
        types().forEach(type -> expected.add(type.id() + ".svg"));
        try (Stream<Path> files = Files.list(DOCS.resolve("losses"))) {
            assertEquals(
                    expected,
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
    }
}
