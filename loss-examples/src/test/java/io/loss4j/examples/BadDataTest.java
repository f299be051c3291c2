package io.loss4j.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that cannot be used: one sentence with the place, exit code 2, and nothing half-written. */
class BadDataTest {
    private static final String GOOD = "x,z,y\n" + "1,7,a\n2,8,b\n3,7,a\n4,9,b\n5,7,a\n6,8,b\n7,9,a\n8,7,b\n".repeat(3);

    @TempDir
    private Path folder;

    private void assertRefused(String text, String message) throws IOException {
        assertRefused(text.getBytes(StandardCharsets.UTF_8), message);
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path csv = Files.write(folder.resolve("bad.csv"), bytes);
        CommandRun.of(
                        "compare",
                        "--csv",
                        csv.toString(),
                        "--label",
                        "y",
                        "--epochs",
                        "1",
                        "--save",
                        folder.resolve("model.zip").toString(),
                        "--report",
                        folder.resolve("report").toString())
                .assertRefused("compare", message);
        Files.delete(csv);
        assertArrayEquals(new String[0], folder.toFile().list(), "nothing else is written");
    }

    @Test
    void missingColumn() throws IOException {
        assertRefused(GOOD.replace("x,z,y", "x,z,w"), "L4J-D26 bad.csv: there is no column 'y', only x, z, w;");
    }

    @Test
    void raggedRow() throws IOException {
        assertRefused(GOOD + "1,2\n", "L4J-D23 bad.csv: line 26 has 2 cells, expected 3 as in line 1;");
    }

    @Test
    void classWithFewerRowsThanFolds() throws IOException {
        assertRefused(
                GOOD + "1,7,c\n2,7,c\n",
                "L4J-D32 bad.csv: class 'c' of column 'y', first in line 26, has 2 rows, fewer than the 5 folds;");
    }

    @Test
    void notANumber() throws IOException {
        assertRefused(
                GOOD + "NaN,7,a\n", "L4J-D28 bad.csv: line 26, column 'x' is 'NaN', expected a number; use --missing");
    }

    @Test
    void emptyFile() throws IOException {
        assertRefused("", "L4J-D22 bad.csv: the file is empty;");
    }

    @Test
    void lineOfTenMegabytes() throws IOException {
        assertRefused(GOOD + "1".repeat(10 << 20) + ",7,a\n", "L4J-D31 bad.csv: line 26 has more than 1048576 ");
    }

    @Test
    void wrongDelimiter() throws IOException {
        assertRefused(
                GOOD.replace(',', ';'), "L4J-D25 bad.csv: line 1 has one cell when cut at ',', but contains ';'; ");
    }

    @Test
    void bytesThatAreNotUtf8() throws IOException {
        assertRefused(
                (GOOD + "1,7,\u00e9\n").getBytes(StandardCharsets.ISO_8859_1),
                "L4J-D24 bad.csv: line 26, character 5 (byte 0xE9) is not text in UTF-8;");
    }

    @Test
    void unknownClassAndMissingColumnAtPrediction() throws IOException {
        Path learnt = Files.writeString(folder.resolve("good.csv"), GOOD);
        String model = folder.resolve("model.zip").toString();
        Path report = folder.resolve("report");
        CommandRun saved = CommandRun.of(
                "compare",
                "--csv",
                learnt.toString(),
                "--label",
                "y",
                "--epochs",
                "1",
                "--repeats",
                "1",
                "--candidates",
                "plain",
                "--save",
                model,
                "--report",
                report.toString(),
                "--no-report");
        assertEquals(0, saved.code(), saved.err());
        Path out = Files.writeString(folder.resolve("out.csv"), "as before");
        assertNotPredicted(model, out, GOOD + "1,7,c\n", "L4J-D65 new.csv: line 26, column 'y' is 'c', a class that ");
        assertNotPredicted(model, out, "x,y\n1,a\n", "L4J-D66 new.csv: line 1 has no column 'z', which the model ");
        assertNotPredicted(model, out, GOOD + "1,q,a\n", "L4J-D28 new.csv: line 26, column 'z' is 'q', expected a ");
        assertNotPredicted(model, out, GOOD + "NaN,7,a\n", "L4J-D28 new.csv: line 26, column 'x' is 'NaN', expected ");
        assertNotPredicted(model, out, GOOD + "1,7\n", "L4J-D23 new.csv: line 26 has 2 cells");
        assertNotPredicted(model, out, "", "L4J-D22 new.csv: the file is empty");
        assertNotPredicted(model, out, GOOD.replace(',', ';'), "use --delimiter ';'");
        assertNotPredicted(learnt.toString(), out, GOOD, "L4J-D64 ");
    }

    private void assertNotPredicted(String model, Path out, String text, String message) throws IOException {
        Path csv = Files.writeString(folder.resolve("new.csv"), text);
        CommandRun toFile =
                CommandRun.of("predict", "--model", model, "--csv", csv.toString(), "--out", out.toString());
        assertEquals(2, toFile.code(), toFile.err());
        assertEquals("as before", Files.readString(out));
        assertEquals(false, Files.exists(folder.resolve("out.csv.part")));
        CommandRun toStream = CommandRun.of("predict", "--model", model, "--csv", csv.toString());
        assertEquals(2, toStream.code());
        assertEquals("", toStream.out());
        assertEquals(true, toStream.err().contains(message), toStream.err());
    }
}
