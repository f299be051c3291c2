package io.loss4j.examples.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The report as a phone shows it. */
@Tag("once")
class ReportInBrowserTest {
    private static final int PHONE = 360;

    /** Shows a page as wide as a phone, and then tells what came of it; the report itself has no script. */
    private static final String FRAME = """
            <!DOCTYPE html><title>frame</title>
            <iframe id="frame" src="%s" width="%d" height="800" style="border:0"></iframe>
            <pre id="found"></pre>
            <script>
            addEventListener('load', () => {
              const page = document.getElementById('frame').contentDocument;
              const images = [...page.images];
              const found = document.getElementById('found');
              found.dataset.width = page.documentElement.scrollWidth;
              found.dataset.figures = page.querySelectorAll('figure').length;
              found.dataset.drawn = images.filter(i => i.complete && i.naturalWidth > 0 && i.clientWidth > 0).length;
              found.dataset.silent = images.filter(i => i.alt.trim() === '').length;
            });
            </script>
            """;

    @TempDir
    private Path directory;

    private Chromium chromium = new Chromium(Path.of(""));

    @BeforeEach
    void find() {
        chromium = Chromium.find().orElseGet(() -> abort("no Chromium on the path; -Dloss4j.chromium=FILE names one"));
    }

    private Chromium.Rendered onAPhone(Path page) throws IOException, InterruptedException {
        Path frame = Files.writeString(directory.resolve("frame.html"), FRAME.formatted(page.toUri(), PHONE));
        return chromium.render(frame, directory);
    }

    private static int number(Chromium.Rendered rendered, String what) {
        Element found = rendered.dom().getElementById("found");
        return found == null || !found.hasAttr("data-" + what) ? -1 : Integer.parseInt(found.attr("data-" + what));
    }

    @ParameterizedTest
    @CsvSource({"6, 14", "26, 2"})
    void itRendersOnAPhone(int classes, int candidates) throws Exception {
        List<String> names = IntStream.range(0, classes)
                .mapToObj(k -> k % 2 == 0 ? "k" + k : "<b>averylongnameofaclasswithoutaspaceanywhere</b>" + k)
                .toList();
        PlausibleComparison plausible = PlausibleComparison.of(names, candidates, 30 * classes, true);
        Chromium.Rendered rendered = onAPhone(Report.write(
                plausible.comparison(), plausible.standings(), plausible.losses(), directory.resolve("report")));
        assertEquals(List.of(), rendered.console());
        assertEquals(PHONE, number(rendered, "width"), "the page is wider than the phone");
        int figures = number(rendered, "figures");
        assertTrue(figures > 9, () -> figures + " figures");
        assertEquals(figures, number(rendered, "drawn"));
        assertEquals(0, number(rendered, "silent"), "figures without alternative text");
    }

    @Test
    void whatIsWrongWouldBeFound() throws Exception {
        Path bad = Files.writeString(
                directory.resolve("bad.html"),
                "<!DOCTYPE html><figure><img src='missing.png'></figure><div style='width:500px'>wide</div>"
                        + "<script>console.error('wrong')</script>");
        Chromium.Rendered rendered = onAPhone(bad);
        assertFalse(rendered.console().isEmpty());
        assertTrue(number(rendered, "width") > PHONE);
        assertEquals(0, number(rendered, "drawn"));
        assertEquals(1, number(rendered, "silent"));
    }
}
