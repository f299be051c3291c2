package io.loss4j.examples.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import io.loss4j.examples.comparison.Standing;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.NodeList;

class ReportTest {
    private static final List<String> TWO = List.of("no", "yes");

    /** What the report promises, whatever the data. */
    private static final Set<String> FIGURES = Set.of(
            "scores",
            "recall",
            "classes",
            "precision-recall",
            "roc",
            "reliability",
            "training-accuracy",
            "training-loss",
            "loss-rarest",
            "gradient-rarest",
            "loss-most-frequent",
            "gradient-most-frequent",
            "seconds");

    @TempDir
    private Path directory;

    private Document write(PlausibleComparison plausible) throws IOException {
        Path page = Report.write(plausible.comparison(), plausible.standings(), plausible.losses(), directory);
        assertEquals(directory.resolve(Report.PAGE), page);
        return Jsoup.parse(page);
    }

    private static List<String> classes(int count) {
        return IntStream.range(0, count).mapToObj(k -> "class number " + k).toList();
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "2, 14", "26, 2"})
    void everyFigureIsInThePageAndBesideIt(int classes, int candidates) throws Exception {
        PlausibleComparison plausible = PlausibleComparison.of(classes(classes), candidates, 60 * classes, true);
        Document page = write(plausible);
        Set<String> shown = new TreeSet<>(page.select("figure").eachAttr("id"));
        assertTrue(shown.containsAll(FIGURES), shown::toString);
        assertEquals(
                Math.min(candidates, 7),
                shown.stream().filter(id -> id.startsWith("confusion-")).count());
        assertEquals(
                shown.stream().map(id -> id + ".png").collect(Collectors.toCollection(TreeSet::new)), files("png"));
        for (Element image : page.select("figure img")) {
            byte[] svg = Base64.getDecoder().decode(image.attr("src").replace("data:image/svg+xml;base64,", ""));
            NodeList texts = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(svg))
                    .getElementsByTagName("text");
            assertTrue(texts.getLength() > 1, image.attr("alt"));
            for (int i = 0; i < texts.getLength(); i++) {
                assertTrue(
                        ((org.w3c.dom.Element) texts.item(i)).hasAttribute("textLength"), "as wide as it was laid out");
            }
        }
        for (String file : files("png")) {
            BufferedImage image = ImageIO.read(directory.resolve(file).toFile());
            assertEquals(2 * Figure.WIDTH, image.getWidth(), file);
            assertTrue(
                    IntStream.range(0, image.getHeight()).anyMatch(y -> image.getRGB(image.getWidth() / 2, y) != -1),
                    file + " is white");
        }
    }

    private Set<String> files(String extension) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("." + extension))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void alternativeTextsTellTheNumbers() throws IOException {
        PlausibleComparison plausible = PlausibleComparison.of(TWO, 12, 400, true);
        Document page = write(plausible);
        Set<String> texts = new HashSet<>();
        for (Element image : page.select("img")) {
            String text = image.attr("alt");
            assertTrue(text.matches(".*\\d.*") && text.length() > 40, text);
            assertTrue(texts.add(text), "twice: " + text);
        }
        long yes = plausible.comparison().counts()[1];
        assertTrue(alternative(page, "classes").contains("yes " + yes + " ("), alternative(page, "classes"));
        for (Standing standing : plausible.standings().ranking()) {
            for (String id : List.of("scores", "precision-recall", "roc", "reliability", "training-loss", "seconds")) {
                assertTrue(
                        alternative(page, id).contains(standing.candidate().title() + " "),
                        () -> id + " says nothing of " + standing.candidate().title());
            }
        }
    }

    private static String alternative(Document page, String figure) {
        return page.select("figure#" + figure + " img").attr("alt");
    }

    @Test
    void theRankingIsATableWithIntervals() throws IOException {
        PlausibleComparison plausible = PlausibleComparison.of(TWO, 12, 200, true);
        Element table = write(plausible).select("section:has(#ranking) table").first();
        assertNotNull(table);
        assertEquals(
                List.of("candidate", "balanced accuracy", "minus plain", "p"),
                table.select("thead th").eachText());
        assertEquals(12, table.select("tbody tr").size());
        Standing first = plausible.standings().winner();
        assertEquals(
                "1. " + first.candidate().title(),
                table.select("tbody th").get(0).text());
        assertEquals(
                List.of("0.708 0.668 to 0.748", "+0.088 +0.068 to +0.108", "0.003"),
                table.select("tbody tr").get(0).select("td").eachText());
        assertEquals("12. plain", table.select("tbody th").get(11).text());
    }

    @Test
    void thePageSaysWhatWonAndWhetherItIsReal() throws IOException {
        PlausibleComparison real = PlausibleComparison.of(TWO, 3, 200, true);
        Element verdict = write(real).select(".verdict").first();
        assertNotNull(verdict);
        assertEquals("The difference is real. " + real.standings().verdict().sentence(), verdict.text());
        PlausibleComparison chance = PlausibleComparison.of(TWO, 3, 200, false);
        Document page = write(chance);
        assertTrue(page.select(".verdict").text().startsWith("No difference beyond chance. "));
        assertTrue(page.select(".verdict.real").isEmpty());
        assertEquals(
                chance.standings().verdicts().size() - 1,
                page.select("section:has(#others) li").size());
        assertTrue(page.select("pre").text().contains("Dl4jLosses"));
    }

    @Test
    void namesFromTheDataAreTextAndNothingElse() throws IOException {
        List<String> hostile =
                List.of("<script>alert(1)</script>", "\"><img src=x onerror=alert(2)>{{java}}&amp;\u0001");
        Document page = write(PlausibleComparison.of(hostile, 2, 200, true));
        assertTrue(page.select("script, [onerror], img[src=x]").isEmpty());
        assertTrue(alternative(page, "classes").contains("<script>alert(1)</script> "), alternative(page, "classes"));
        assertTrue(alternative(page, "classes").contains("{{java}}&amp;\uFFFD"), alternative(page, "classes"));
    }

    @Test
    void nothingComesFromElsewhere() throws IOException {
        Document page = write(PlausibleComparison.of(TWO, 3, 200, true));
        assertTrue(page.select("script, iframe, object, embed, base").isEmpty());
        for (Element element : page.select("[src], [href]")) {
            String reference = element.hasAttr("src") ? element.attr("src") : element.attr("href");
            assertTrue(reference.startsWith("data:"), reference);
        }
        assertFalse(page.html().matches("(?s).*(@import|url\\().*"));
    }

    @Test
    void aCandidateHasOneColour() {
        PlausibleComparison plausible = PlausibleComparison.of(TWO, 14, 200, true);
        Looks looks = Looks.of(plausible.comparison(), plausible.standings());
        assertEquals(7, looks.shown().size());
        assertEquals(7, looks.shown().stream().map(Look::colour).distinct().count());
        assertEquals(7, looks.shown().stream().map(Look::stroke).distinct().count());
        assertTrue(looks.shown().stream().anyMatch(look -> look.id().equals("plain")));
        assertEquals(
                List.of("post-hoc adjustment", "plain"),
                looks.best(1).stream().map(Look::title).toList());
    }

    @Test
    void numbersDoNotDependOnTheLocale() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            Document page = write(PlausibleComparison.of(TWO, 2, 200, true));
            String table = page.select("table").text();
            assertTrue(table.contains("0.628 0.588 to 0.668"), table);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void whereNothingCanBeWrittenItSaysSo() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        PlausibleComparison plausible = PlausibleComparison.of(TWO, 1, 60, false);
        LossInputException e = assertThrows(
                LossInputException.class,
                () -> Report.write(
                        plausible.comparison(), plausible.standings(), plausible.losses(), file.resolve("report")));
        assertEquals("L4J-D70", e.code());
    }

    @Test
    void withoutFontsItSaysSo() {
        LossInputException e = assertThrows(
                LossInputException.class,
                () -> Fonts.require(() -> {
                    throw new InternalError("Fontconfig head is null");
                }));
        assertEquals("L4J-D71", e.code());
    }
}
