package io.loss4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files as they are, with no option but the label. They lie in {@code loss4j.shared}, beside the checkout. */
class SharedDataTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("loss4j.shared", "../../shared")).resolve("data");

    @ParameterizedTest
    @CsvSource({
        "titanic.csv, survived, 891, 0 549, 1 342",
        "pima-indians-diabetes.csv, last, 768, 0 500, 1 268",
        "glass.csv, last, 214, 1 70, 7 29",
        "page-blocks.data, class, 5473, 1 4913, 5 115",
        "ann-thyroid-train.data, 22, 3772, 1 93, 3 3488",
        "ann-thyroid-test.data, -1, 3428, 1 73, 3 3178"
    })
    void realFilesTrainFromTheirRawForm(String file, String label, int rows, String first, String last) {
        Path path = FOLDER.resolve(file);
        assumeTrue(Files.exists(path), () -> "needs the data sets in " + FOLDER + " (-Dloss4j.shared)");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("train", "--csv", path.toString(), "--label", label, "--epochs", "1", "--batch", "256");
        assertEquals(0, code, err.toString());
        String text = out.toString();
        assertTrue(text.contains(file + ", " + rows + " rows"), text);
        assertTrue(text.contains(", " + first) && text.contains(last), text);
        if (file.equals("titanic.csv")) {
            assertTrue(text.contains("alive left out: it is the label under another name"), text);
        }
        assertTrue(text.lines().allMatch(l -> l.length() <= 80), text);
    }
}
