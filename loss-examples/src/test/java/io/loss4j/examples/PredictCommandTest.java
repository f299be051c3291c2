package io.loss4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
    @TempDir
    private Path folder;

    private Path csv;
    private String model;

    @BeforeEach
    void save() throws IOException {
        csv = CompareCommandTest.table(folder);
        model = folder.resolve("model.zip").toString();
        CommandRun run = CommandRun.of(
                "compare",
                "--csv",
                csv.toString(),
                "--label",
                "kind",
                "--epochs",
                "20",
                "--folds",
                "2",
                "--repeats",
                "1",
                "--candidates",
                "thresholds+class-weighted",
                "--save",
                model,
                "--report",
                folder.resolve("report").toString(),
                "--no-report");
        assertEquals(0, run.code(), run.err());
    }

    @Test
    void answersEveryRowInAnyOrderOfColumns() throws IOException {
        CommandRun run = CommandRun.of("predict", "--model", model, "--csv", csv.toString(), "--keep", "id");
        assertEquals(0, run.code(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals("id,class,probability often,probability rare", lines.get(0));
        assertEquals(61, lines.size());
        assertTrue(lines.get(1).matches("p0,(rare|often),0\\.\\d{6},0\\.\\d{6}"), lines.get(1));
        assertTrue(run.err().contains("60 of them with a label: balanced accuracy 0."), run.err());

        StringBuilder turned = new StringBuilder();
        for (String line : Files.readAllLines(csv)) {
            String[] cells = line.split(",");
            turned.append(cells[2]).append(';').append(cells[1]).append(";more\n");
        }
        Path other = Files.writeString(folder.resolve("other.csv"), turned);
        Path out = folder.resolve("out.csv");
        CommandRun file = CommandRun.of(
                "predict", "--model", model, "--csv", other.toString(), "--delimiter", ";", "--out", out.toString());
        assertEquals(0, file.code(), file.err());
        assertEquals("60 rows answered", file.err().trim());
        List<String> answers = Files.readAllLines(out);
        for (int i = 0; i < answers.size(); i++) {
            assertEquals(lines.get(i).substring(lines.get(i).indexOf(',') + 1), answers.get(i));
        }
    }

    @Test
    void rowsBeyondOneBatchAreAnsweredLikeThoseInIt() throws IOException {
        List<String> lines = Files.readAllLines(csv);
        StringBuilder many = new StringBuilder(lines.get(0)).append('\n');
        for (int i = 0; i < 1025; i++) {
            many.append(lines.get(1 + i % 60)).append('\n');
        }
        Path big = Files.writeString(folder.resolve("big.csv"), many);
        List<String> answers = CommandRun.of("predict", "--model", model, "--csv", big.toString())
                .out()
                .lines()
                .toList();
        assertEquals(1026, answers.size());
        assertEquals(answers.get(5), answers.get(1025), "row 1024 is row 4 again");
        assertEquals(answers.get(1), answers.get(61));
    }

    @Test
    void aCategoryThatTrainingHasNotSeenIsCounted() throws IOException {
        Path file = Files.writeString(folder.resolve("new.csv"), "x,colour\n1,green\n2,red\n");
        CommandRun run = CommandRun.of("predict", "--model", model, "--csv", file.toString());
        assertEquals(3, run.out().lines().count());
        assertTrue(run.err().contains("1 cells hold categories that training has not seen"), run.err());
    }
}
