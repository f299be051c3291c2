package io.loss4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.examples.comparison.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {
    @TempDir
    private Path folder;

    /** A rare class that can be told from a frequent one, with an identifier and a category. */
    static Path table(Path folder) throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("id,x,colour,kind\n");
        for (int i = 0; i < 60; i++) {
            boolean rare = i % 5 == 0;
            text.append("p" + i + "," + (random.nextGaussian() + (rare ? 3 : 0)));
            text.append(rare && i % 2 == 0 ? ",blue" : ",red").append(rare ? ",rare\n" : ",often\n");
        }
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    private CommandRun compare(String... options) throws IOException {
        Stream<String> fixed = Stream.of(
                "compare",
                "--csv",
                table(folder).toString(),
                "--label",
                "kind",
                "--epochs",
                "2",
                "--folds",
                "2",
                "--report",
                folder.resolve("report").toString(),
                "--no-report");
        return CommandRun.of(Stream.concat(fixed, Stream.of(options)).toArray(String[]::new));
    }

    /** The table and the sentences, without the seconds of the last column. */
    private static List<String> result(CommandRun run) {
        return run.out()
                .lines()
                .dropWhile(line -> !line.startsWith("+--"))
                .map(line -> line.startsWith("|") ? line.substring(0, line.lastIndexOf('|', line.length() - 2)) : line)
                .toList();
    }

    private Path[] fits() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("report").resolve("fits"))) {
            return files.filter(f -> f.toString().endsWith(".fit")).sorted().toArray(Path[]::new);
        }
    }

    @Test
    void everyUsualCandidateIsRankedWithinEightyColumns() throws IOException {
        CommandRun run =
                compare("--repeats", "1", "--markdown", folder.resolve("t.md").toString());
        assertEquals(0, run.code(), run.err());
        assertEquals(12, Recipe.USUAL.size());
        for (String id : Recipe.USUAL) {
            String canonical = Recipe.parse(id, 2).id();
            assertTrue(run.out().contains("| " + canonical + " "), canonical + " in " + run.out());
            assertTrue(Files.readString(folder.resolve("t.md")).contains("| " + canonical + " | 0."), canonical);
        }
        assertTrue(run.out().contains("note       id left out: 60 different texts"), run.out());
        assertTrue(run.out().contains("plain training"), "a verdict: " + run.out());
        assertTrue(run.out().contains("ILossFunction loss = Dl4jLosses."), run.out());
        assertTrue(run.out().lines().filter(l -> !l.startsWith("    ")).allMatch(l -> l.length() <= 80), run.out());
        assertEquals(24, fits().length);
    }

    @Test
    void anInterruptedComparisonGoesOnWhereItWas() throws IOException {
        String[] options = {"--candidates", "plain,smote+focal", "--repeats", "2", "--threads", "2"};
        List<String> whole = result(compare(options));
        Path[] fits = fits();
        assertEquals(8, fits.length);
        Files.delete(fits[1]);
        Files.delete(fits[6]);
        CommandRun resumed = compare(options);
        assertTrue(resumed.out().contains("kept       6 fits"), resumed.out());
        assertEquals("training 2 networks", resumed.err().trim());
        assertEquals(whole, result(resumed));
    }

    @Test
    void theReportIsWrittenBesideTheKeptFits() throws IOException {
        CommandRun run = CommandRun.of(
                "compare",
                "--csv",
                table(folder).toString(),
                "--label",
                "kind",
                "--epochs",
                "2",
                "--folds",
                "2",
                "--candidates",
                "plain,ldam-drw,focal",
                "--report",
                folder.resolve("report").toString());
        assertEquals(0, run.code(), run.err());
        String page = run.out()
                .lines()
                .filter(l -> l.startsWith("Report: "))
                .findFirst()
                .orElseThrow();
        assertTrue(Files.size(Path.of(page.substring("Report: ".length()))) > 1000, page);
    }

    @Test
    void damagedAndForeignFitsAreMadeAnew() throws IOException {
        String[] options = {"--candidates", "plain", "--repeats", "2"};
        List<String> whole = result(compare(options));
        Path[] fits = fits();
        byte[] bytes = Files.readAllBytes(fits[0]);
        bytes[bytes.length / 2] ^= 1;
        Files.write(fits[0], bytes);
        Files.write(fits[1], Arrays.copyOf(Files.readAllBytes(fits[1]), 40));
        Files.copy(fits[3], fits[2], StandardCopyOption.REPLACE_EXISTING);
        CommandRun again = compare(options);
        assertTrue(again.out().contains("kept       1 fits"), again.out());
        assertTrue(again.out().contains("note       3 files in"), again.out());
        assertEquals(whole, result(again));
        CommandRun other = compare("--candidates", "plain", "--repeats", "2", "--seed", "7");
        assertFalse(other.out().contains("kept"), "another seed is another comparison: " + other.out());
        CommandRun focused = compare("--candidates", "focal", "--gamma", "1");
        assertEquals(0, focused.code(), focused.err());
        assertFalse(compare("--candidates", "focal", "--gamma", "3").out().contains("kept"));
    }

    @Test
    void theResultDoesNotDependOnThreads() throws IOException {
        List<String> one = result(compare("--candidates", "plain,oversampled", "--threads", "1"));
        List<String> three = result(compare(
                "--candidates",
                "plain,oversampled",
                "--threads",
                "3",
                "--state",
                folder.resolve("elsewhere").toString()));
        assertEquals(one, three);
    }

    @ParameterizedTest
    @CsvSource({
        "--candidates, focl, L4J-D60 --candidates: there is no remedy",
        "--candidates, focal+asymmetric, 'L4J-D61'",
        "--candidates, ldam-drw+class-weighted, 'L4J-D61'",
        "--candidates, 'plain,focal,focal', 'is there twice'",
        "--folds, 1, '--folds is 1, but must be 2 or more'",
        "--repeats, 0, '--repeats is 0'",
        "--threads, 0, '--threads is 0'",
        "--by, luck, 'is none of balanced-accuracy, macro-f1'"
    })
    void optionsThatCannotBeUsedAreExplained(String option, String value, String message) {
        CommandRun.of("compare", option, value).assertRefused("compare", message);
    }
}
