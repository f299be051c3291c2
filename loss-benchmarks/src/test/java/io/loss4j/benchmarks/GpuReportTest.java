package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.benchmarks.gpu.GpuCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canned numbers of a GPU that copies 4000 GB/s. */
class GpuReportTest {
    private static final String CASE = "softmax_cross_entropy/index/8192x32000";
    private static final String OTHER = "sigmoid_focal/262144x1024";

    @TempDir
    private Path folder;

    private Path list;

    /** 8 bytes of each of 262 144 000 elements at 4000 GB/s take 0.524288 ms. */
    @BeforeEach
    void cannedNumbers() throws IOException {
        list = folder.resolve("cases.json");
        Files.writeString(list, """
                {"peer_types": ["float"], "cases": [
                  {"workload": "softmax_cross_entropy/index/8192x32000", "copy_fraction": 0.92},
                  {"workload": "sigmoid_focal/262144x1024", "copy_fraction": 0.90},
                  {"workload": "softmax_cross_entropy/index/32x10", "call_microseconds": 15}]}
                """);
        write("time", """
                {"device": "NVIDIA H200", "driver": "13.0", "emulated": false, "elements": 0,
                 "copy_gigabytes_per_second": [3900, 4000, 4100],
                 "cases": {
                  "%s": {"kernel_milliseconds": [0.55, 0.56, 0.70]},
                  "%s": {"failed": "no memory"},
                  "softmax_cross_entropy/index/32x10": {"kernel_milliseconds": [0.004], "call_microseconds": [14, 16, 18]}}}
                """.formatted(CASE, OTHER));
        write("check", """
                {"device": "NVIDIA H200", "cases": {
                  "%s": {"value": 1000, "value_error": 1e-9, "gradient_error": 1.9e-6, "norm_error": 1e-7,
                         "right": true, "runs": 100, "runs_with_the_same_bits": 100, "checksum": 77},
                  "%s": {"value": 5, "value_error": "NaN", "gradient_error": "NaN", "norm_error": 1e-7,
                         "right": false, "runs": 100, "runs_with_the_same_bits": 99, "checksum": 78}}}
                """.formatted(CASE, OTHER));
        write("peers", """
                {"torch": "2.11.0", "triton": "3.6", "cases": {
                  "%s": {"checksum": 77, "eager": {"value": 1000.1, "milliseconds": [1.6, 1.6]},
                         "compile": {"failed": "no compiler"},
                         "triton": {"value": 1000, "milliseconds": [0.56]}},
                  "%s": {"checksum": 79, "eager": {"value": 5, "milliseconds": [1]}}}}
                """.formatted(CASE, OTHER));
        write("hosts", """
                {"points": [
                  {"case": "a/1x1", "elements": 1, "cuda": [10], "cpu": [5], "auto": [5.2], "chosen": "cpu"},
                  {"case": "b/9x9", "elements": 81, "cuda": [10], "cpu": [50], "auto": [12], "chosen": "cuda"}]}
                """);
        Files.writeString(folder.resolve("checks.tsv"), "tests\tpassed\t9 s: 3 tests\nsanitizer\tfailed\tcode 9 | x\n");
    }

    private void write(String stage, String json) throws IOException {
        Files.writeString(folder.resolve(stage + ".json"), json);
    }

    private GpuReport report() throws IOException {
        return new GpuReport(
                new GpuRaw(folder), GpuCases.read(list), new Provenance("run.sh --pack DIR", Instant.EPOCH, "abc"));
    }

    private GpuBar bar(String what) throws IOException {
        return report().bars().stream()
                .filter(b -> b.what().equals(what))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(what));
    }

    @Test
    void aBarIsMetMissedOrNotMeasured() throws IOException {
        GpuBar share = bar(CASE + ": share of the copy");
        assertEquals(0.524288 / 0.56, share.found().orElseThrow(), 1e-9);
        assertEquals(GpuBar.Outcome.MET, share.outcome());
        GpuBar eager = bar(CASE + ": times faster than eager");
        assertEquals(1.6 / 0.56, eager.found().orElseThrow(), 1e-9);
        assertEquals(GpuBar.Outcome.MISSED, eager.outcome());
        assertEquals(
                GpuBar.Outcome.MET, bar(CASE + ": times faster than triton").outcome());
        GpuBar compile = bar(CASE + ": times faster than compile");
        assertEquals(GpuBar.Outcome.NOT_MEASURED, compile.outcome());
        assertEquals("no compiler", compile.remark());
        assertEquals("no memory", bar(OTHER + ": share of the copy").remark());
        assertEquals(
                GpuBar.Outcome.MISSED,
                bar("softmax_cross_entropy/index/32x10: us per call").outcome());
    }

    @Test
    void aPeerWithOtherInputsOrAnotherValueIsNotCompared() throws IOException {
        GpuBar eager = bar(OTHER + ": times faster than eager");
        assertEquals(GpuBar.Outcome.NOT_MEASURED, eager.outcome());
        assertTrue(eager.remark().contains("checksum 79 for 78"), eager.remark());
        write(
                "peers",
                "{\"cases\": {\"" + CASE
                        + "\": {\"checksum\": 77, \"eager\": {\"value\": 900, \"milliseconds\": [9]}}}}");
        eager = bar(CASE + ": times faster than eager");
        assertEquals(GpuBar.Outcome.NOT_MEASURED, eager.outcome());
        assertTrue(eager.remark().contains("900.0 for 1000.0"), eager.remark());
    }

    @Test
    void errorsAndBitsHaveBarsAndANaNMissesThem() throws IOException {
        assertEquals(GpuBar.Outcome.MET, bar(CASE + ": error against float64").outcome());
        assertEquals(
                GpuBar.Outcome.MISSED, bar(OTHER + ": error against float64").outcome());
        assertEquals(GpuBar.Outcome.MET, bar(CASE + ": runs with the same bits").outcome());
        assertEquals(
                GpuBar.Outcome.MISSED, bar(OTHER + ": runs with the same bits").outcome());
        GpuBar unchecked = bar("softmax_cross_entropy/index/32x10: error against float64");
        assertEquals(GpuBar.Outcome.NOT_MEASURED, unchecked.outcome());
    }

    @Test
    void autoIsJudgedWhereItIsWorst() throws IOException {
        GpuBar auto = bar("from host memory: auto, as a multiple of the faster backend");
        assertEquals(1.2, auto.found().orElseThrow(), 1e-9);
        assertEquals(GpuBar.Outcome.MISSED, auto.outcome());
        assertTrue(auto.remark().contains("b/9x9"), auto.remark());
    }

    @Test
    void thePageHasMediansSpreadAndMisses() throws IOException {
        Path results = folder.resolve("results");
        List<Path> written = report().write(folder, results);
        assertEquals(List.of(results.resolve("gpu-h200.json"), results.resolve("gpu-h200.md")), written);
        String page = Files.readString(written.get(1));
        assertTrue(page.startsWith("# Losses on NVIDIA H200"), page);
        assertTrue(page.contains("| " + CASE + " | 560 us (552 to 672) | 3745 | 0.94 | 2.86 |  | 1.00 |"), page);
        assertTrue(page.contains("Of 15 bars 4 are met, 5 missed, 6 not measured."), page);
        assertTrue(page.contains("| at least 3.00 | 2.86 | **no** |"), page);
        assertTrue(page.contains("| sanitizer | failed | code 9 / x |"), page);
        assertTrue(page.contains(OTHER + " **wrong** | NaN"), page);
        String json = Files.readString(written.get(0));
        assertTrue(json.contains("\"outcome\" : \"not_measured\"") && json.contains("0.56"), json);
    }

    @Test
    void numbersOfCasesThatWereCutShortStayOutOfTheResults() throws IOException {
        Path time = folder.resolve("time.json");
        Files.writeString(time, Files.readString(time).replace("\"elements\": 0", "\"elements\": 4096"));
        Path results = folder.resolve("results");
        List<Path> written = report().write(folder, results);
        assertEquals(folder.resolve("rehearsal-h200.json"), written.get(0));
        for (String speed : List.of("share of the copy", "times faster than eager", "times faster than triton")) {
            GpuBar bar = bar(CASE + ": " + speed);
            assertEquals(GpuBar.Outcome.NOT_MEASURED, bar.outcome());
            assertEquals("a rehearsal", bar.remark());
        }
        assertEquals(
                GpuBar.Outcome.NOT_MEASURED,
                bar("softmax_cross_entropy/index/32x10: us per call").outcome());
        assertEquals(GpuBar.Outcome.MET, bar(CASE + ": error against float64").outcome());
        assertFalse(Files.exists(results));
    }

    @Test
    void withoutAnyStageEverythingIsNotMeasured() throws IOException {
        for (String stage : GpuRaw.STAGES) {
            Files.delete(folder.resolve(stage + ".json"));
        }
        assertTrue(report().bars().stream().allMatch(b -> b.outcome() == GpuBar.Outcome.NOT_MEASURED));
        assertEquals("gpu-unknown-gpu", report().name());
    }
}
