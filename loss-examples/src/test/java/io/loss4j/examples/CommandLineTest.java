package io.loss4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @TempDir
    private Path folder;

    /** What a command printed and returned. */
    private record Run(int code, String out, String err) {
        static Run of(String... arguments) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int code = Main.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true))
                    .execute(arguments);
            return new Run(code, out.toString(), err.toString());
        }

        void assertRefused(String message) {
            assertEquals(2, code, err);
            assertTrue(err.startsWith("loss4j train: ") && err.contains(message), err);
            assertFalse(err.contains("\tat "), "no stack trace: " + err);
            assertFalse(err.contains("Exception"), err);
            assertTrue(err.lines().count() <= 2, err);
        }
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text).toString();
    }

    /** Three classes that can be told apart, with a category, missing cells and a useless column. */
    private String flowers() throws IOException {
        StringBuilder text = new StringBuilder("length,colour,year,kind\n");
        for (int i = 0; i < 90; i++) {
            int kind = i % 3;
            text.append(i % 10 == 9 ? "" : String.valueOf(kind * 2 + i % 7 / 7.0))
                    .append(kind == 0 ? ",red" : ",blue")
                    .append(",1936,")
                    .append("abc".charAt(kind))
                    .append('\n');
        }
        return file(text.toString());
    }

    @Test
    void trainsOnThePassengersByDefault() {
        Run run = Run.of("train", "--epochs", "2");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("Titanic passengers, 2201 rows"), run.out());
        assertTrue(run.out().contains("survived, no 1490, yes 711"), run.out());
        assertTrue(run.out().contains("1541 rows to train, 660 to test"), run.out());
        assertTrue(run.out().contains("PR-AUC of yes"), run.out());
        assertTrue(run.out().contains("backend cpu"), run.out());
        assertTrue(run.out().lines().allMatch(l -> l.length() <= 80), run.out());
    }

    @Test
    void trainsOnAnyTable() throws IOException {
        Run run = Run.of("train", "--csv", flowers(), "--label", "kind", "--epochs", "30", "--batch", "16");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("year left out: always 1936"), run.out());
        assertTrue(run.out().contains("numbers    length (with missing)"), run.out());
        assertTrue(run.out().contains("categories colour (2 values)"), run.out());
        for (int loss = 1; loss <= 3; loss++) {
            assertTrue(score(run, "balanced accuracy", loss) > 0.8, run.out());
        }
    }

    private static double score(Run run, String row, int column) {
        String line = run.out().lines().filter(l -> l.contains(row)).findFirst().orElseThrow();
        return Double.parseDouble(line.split(Pattern.quote("|"))[column + 1].trim());
    }

    @Test
    void theSameSeedGivesTheSameScores() {
        String[] arguments = {"train", "--epochs", "2", "--seed", "5"};
        String first = withoutSeconds(Run.of(arguments));
        assertEquals(first, withoutSeconds(Run.of(arguments)));
        assertFalse(first.equals(withoutSeconds(Run.of("train", "--epochs", "2", "--seed", "6"))));
    }

    private static String withoutSeconds(Run run) {
        return String.join(
                "\n",
                run.out()
                        .lines()
                        .filter(l -> !l.contains("seconds") && !l.contains("in the loss"))
                        .toList());
    }

    @Test
    void progressOffATerminalIsOneLine() {
        Run run = Run.of("train", "--epochs", "1");
        assertEquals("training 3 networks" + System.lineSeparator(), run.err());
    }

    @Test
    void filesThatCannotBeUsedAreOneSentence() throws IOException {
        Run.of("train", "--csv", folder.resolve("no.csv").toString(), "--label", "y")
                .assertRefused("no.csv: there is no such file; correct the path after --csv.");
        Run.of("train", "--csv", file(""), "--label", "y").assertRefused("the file is empty");
        Run.of("train", "--csv", file("a,y\n1,2,3\n"), "--label", "y").assertRefused("line 2 has 3 cells, expected 2");
        Run.of("train", "--csv", file("a;y\n1;2\n"), "--label", "y").assertRefused("use --delimiter ';'");
    }

    @Test
    void columnsThatCannotBeUsedAreOneSentence() throws IOException {
        Run.of("train", "--csv", flowers(), "--label", "kinds")
                .assertRefused(
                        "there is no column 'kinds', only length, colour, year, kind; did you mean --label kind.");
        Run.of("train", "--csv", flowers(), "--label", "year")
                .assertRefused("the label 'year' is '1936' in every row, expected at least two classes");
        Run.of("train", "--csv", flowers()).assertRefused("use --label COLUMN");
        String text = Files.readString(Path.of(flowers())).replaceFirst("\n[0-9.]+,", "\nlong,");
        Run.of("train", "--csv", file(text), "--label", "kind")
                .assertRefused("line 2, column 'length' is 'long', expected a number");
        assertEquals(
                0,
                Run.of("train", "--csv", file(text), "--label", "kind", "--missing", "long", "--epochs", "1")
                        .code());
    }

    @ParameterizedTest
    @CsvSource({
        "--epochs, 0, '--epochs is 0, but must be 1 or more'",
        "--epochs, x, 'Invalid value for option'",
        "--batch, -1, '--batch is -1'",
        "--hidden, 0, '--hidden is 0'",
        "--learning-rate, NaN, '--learning-rate is NaN, but must be more than 0'",
        "--gamma, -0.5, '--gamma is -0.5'",
        "--test-fraction, 1, '--test-fraction is 1.0, but must be between 0 and 1'",
        "--delimiter, ab, 'not one character'",
        "--epoch, 3, 'Unknown option'"
    })
    void optionsThatCannotBeUsedAreExplained(String option, String value, String message) {
        Run.of("train", option, value).assertRefused(message);
    }

    @Test
    void headerWithoutAFileIsRefused() {
        Run.of("train", "--no-header").assertRefused("--header is false, but must be used with --csv");
    }

    @Test
    void headerCanBeSwitchedOnAndOff() throws IOException {
        String numbers = "7,1\n" + "1,0\n2,1\n3,0\n4,1\n5,1\n".repeat(8);
        Run on = Run.of("train", "--csv", file(numbers), "--label", "1", "--header", "--epochs", "1", "--label", "2");
        assertEquals(2, on.code(), "an option twice");
        on = Run.of("train", "--csv", file(numbers), "--label", "2", "--header", "--epochs", "1");
        assertTrue(on.out().contains("40 rows"), on.out() + on.err());
        Run off = Run.of("train", "--csv", file(numbers), "--label", "-1", "--no-header", "--epochs", "1");
        assertTrue(off.out().contains("41 rows"), off.out() + off.err());
    }

    @Test
    void workedNumbersAgree() {
        Run run = Run.of("numbers");
        assertEquals(0, run.code(), run.out());
        assertTrue(run.out().contains("All 25 numbers agree"), run.out());
        assertTrue(run.out().contains("|  0.747163 |  0.747163 | ok |"), run.out());
    }

    @Test
    void aNumberThatDiffersInTheSixthDigitIsSeen() {
        assertTrue(new WorkedNumbers.Worked("", 0.6733446, 0.673345).agrees());
        assertFalse(new WorkedNumbers.Worked("", 0.6733444, 0.673345).agrees());
        assertFalse(new WorkedNumbers.Worked("", Double.NaN, 0.673345).agrees());
    }

    @Test
    void doctorNamesWhatItFound() {
        Run run = Run.of("doctor");
        assertEquals(0, run.code(), run.out());
        for (String found : new String[] {
            System.getProperty("java.version"),
            "1.0.0-M2.1",
            "CpuBackend",
            "cpu: chosen, SIMD",
            "cuda: ",
            "Problems   none"
        }) {
            assertTrue(run.out().contains(found), found + " in " + run.out());
        }
    }

    @Test
    void backendsAreListedWithAVerdict() {
        Run run = Run.of("backends");
        assertEquals(0, run.code(), run.out());
        assertTrue(
                Pattern.compile("\\| cpu +\\| chosen +\\|").matcher(run.out()).find(), run.out());
        assertTrue(run.out().contains("| cuda "), run.out());
    }

    @Test
    void anUnknownBackendIsAnErrorOrADiagnosis() {
        String before = System.getProperty("loss4j.backend");
        System.setProperty("loss4j.backend", "cqu");
        try {
            Run.of("train", "--epochs", "1").assertRefused("did you mean 'cpu'");
            assertEquals(2, Run.of("backends").code());
            Run doctor = Run.of("doctor");
            assertEquals(1, doctor.code());
            assertTrue(doctor.out().contains("L4J-B02 backend 'cqu'"), doctor.out());
        } finally {
            if (before == null) {
                System.clearProperty("loss4j.backend");
            } else {
                System.setProperty("loss4j.backend", before);
            }
        }
    }

    @Test
    void examplesAreListedAndAnUnknownOneIsRefused() {
        Run all = Run.of("example");
        assertEquals(0, all.code());
        assertTrue(all.out().contains("\nranking         the order of documents for a query"), all.out());
        Run unknown = Run.of("example", "rankin");
        assertEquals(2, unknown.code());
        assertTrue(unknown.err().contains("there is no example 'rankin'"), unknown.err());
        assertTrue(unknown.err().contains("did you mean ranking?"), unknown.err());
    }

    @Test
    void lossesAreListedAndDetailed() {
        Run all = Run.of("losses");
        assertTrue(all.out().contains("softmax_focal"), all.out());
        Run one = Run.of("losses", "sigmoid_focal");
        assertTrue(one.out().contains("gamma: a number, default 2"), one.out());
        assertTrue(one.out().contains("input: logits or probabilities"), one.out());
        Run unknown = Run.of("losses", "sigmoid_focl");
        assertEquals(2, unknown.code());
        assertTrue(unknown.err().contains("did you mean 'sigmoid_focal'"), unknown.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "numbers", "doctor", "backends", "losses", "example"})
    void helpFitsEightyColumns(String command) {
        Run run = Run.of(command, "--help");
        assertEquals(0, run.code());
        assertTrue(run.out().startsWith("Usage: loss4j " + command), run.out());
        assertTrue(run.out().lines().allMatch(l -> l.length() <= 80), run.out());
    }

    @Test
    void noCommandIsAnError() {
        Run run = Run.of();
        assertEquals(2, run.code());
        assertTrue(run.err().contains("See loss4j --help"), run.err());
        assertEquals(0, Run.of("--help").code());
    }
}
