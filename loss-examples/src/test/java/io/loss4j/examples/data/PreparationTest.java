package io.loss4j.examples.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PreparationTest {
    private static final int ROWS = 40;
    /** Half of the rows: enough to compute the statistics of the training part by hand. */
    private static final Recipe PLAIN = preparation("y", List.of(), List.of(), List.of());

    /** A preparation and a split. */
    private record Recipe(Preparation preparation) {
        Dataset prepare(Table table) {
            return preparation.read(table).split(0.5, 7);
        }
    }

    private static Recipe preparation(String label, List<String> drop, List<String> categorical, List<String> missing) {
        return new Recipe(new Preparation(label, drop, categorical, missing));
    }

    private record Row(long line, List<String> cells) {}

    private static Table table(String source, List<String> columns, List<Row> rows) {
        return new Table(source, columns, visitor -> rows.forEach(r -> visitor.visit(r.line(), r.cells())));
    }

    private static List<Row> rows(Table table) {
        List<Row> rows = new ArrayList<>();
        table.rows().forEach((line, cells) -> rows.add(new Row(line, cells)));
        return rows;
    }

    private static float[][] inputs(Dataset.Part part) {
        return IntStream.range(0, part.size())
                .mapToObj(i -> part.inputs(new int[] {i}, 0, 1))
                .toArray(float[][]::new);
    }

    /** A table with a feature, a column that is different in every row but repeats no label, and a label of two classes. */
    private static Table table(IntFunction<String> feature) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(new Row(i + 2, List.of(feature.apply(i), String.valueOf(i * i), label(i))));
        }
        return table("test.csv", List.of("x", "square", "y"), rows);
    }

    private static String label(int row) {
        return row % 4 == 0 ? "rare" : "often";
    }

    private static String refused(Recipe preparation, Table table) {
        return assertThrows(LossInputException.class, () -> preparation.prepare(table))
                .getMessage();
    }

    private static double[] column(Dataset.Part part, int column) {
        return Arrays.stream(inputs(part)).mapToDouble(row -> row[column]).toArray();
    }

    @Test
    void numbersAreStandardisedByTheTrainingPart() {
        Dataset data = PLAIN.prepare(table(i -> String.valueOf(10 + i % 5)));
        double[] train = column(data.train(), 0);
        double mean = Arrays.stream(train).average().orElseThrow();
        double variance = Arrays.stream(train).map(v -> v * v).average().orElseThrow() - mean * mean;
        assertEquals(0, mean, 1e-6);
        assertEquals(1, variance, 1e-5);
        assertEquals(List.of("x", "square"), data.encoding().numeric());
    }

    @Test
    void aTestCellCannotMoveTheStatistics() {
        Table table = table(i -> String.valueOf(i % 5));
        Dataset before = PLAIN.prepare(table);
        int[] tested = Split.stratified(labels(), 2, 0.5, 7).test();
        List<Row> rows = rows(table);
        Row old = rows.get(tested[0]);
        rows.set(
                tested[0],
                new Row(
                        old.line(),
                        List.of("1e300", old.cells().get(1), old.cells().get(2))));
        Dataset after = PLAIN.prepare(table("test.csv", table.columns(), rows));
        assertArrayEquals(inputs(before.train()), inputs(after.train()));
        assertEquals(1e4f, inputs(after.test())[0][0], "bounded, so that no output becomes NaN");
    }

    private static int[] labels() {
        int[] labels = new int[ROWS];
        Arrays.setAll(labels, i -> label(i).equals("often") ? 0 : 1);
        return labels;
    }

    @Test
    void textIsOneHot() {
        Dataset data = PLAIN.prepare(table(i -> List.of("red", "green", "blue").get(i % 3)));
        assertEquals(List.of("x (3 values)"), data.encoding().categorical());
        assertEquals(4, data.inputs());
        for (float[] row : inputs(data.train())) {
            assertEquals(1, row[0] + row[1] + row[2]);
        }
    }

    @Test
    void categoricalOptionMakesCategoriesOfNumbers() {
        Dataset data = preparation("y", List.of(), List.of("x"), List.of()).prepare(table(i -> "" + i % 3));
        assertEquals(List.of("x (3 values)"), data.encoding().categorical());
    }

    @Test
    void aCategorySeenOnlyInTestingIsAllZero() {
        int[] tested = Split.stratified(labels(), 2, 0.5, 7).test();
        Dataset data = PLAIN.prepare(table(i -> i == tested[0] ? "new" : i % 3 == 0 ? "a" : "b"));
        assertEquals(List.of("x (2 values)"), data.encoding().categorical());
        assertArrayEquals(new float[] {0, 0}, Arrays.copyOf(inputs(data.test())[0], 2));
    }

    @Test
    void missingNumbersAreTheMeanWithAnIndicator() {
        Dataset data = PLAIN.prepare(table(i -> i % 4 == 1 ? "" : String.valueOf(i % 7)));
        assertEquals(List.of("x (with missing)", "square"), data.encoding().numeric());
        int missing = 0;
        for (float[] row : inputs(data.train())) {
            if (row[1] == 1) {
                assertEquals(0, row[0]);
                missing++;
            } else {
                assertEquals(0, row[1]);
            }
        }
        assertTrue(missing > 0);
    }

    @Test
    void missingTextIsACategory() {
        Dataset data = PLAIN.prepare(table(i -> i % 3 == 0 ? "NA" : i % 3 == 1 ? "a" : "b"));
        assertEquals(List.of("x (2 values, with missing)"), data.encoding().categorical());
        for (float[] row : inputs(data.train())) {
            assertEquals(1, row[0] + row[1] + row[2]);
        }
    }

    @Test
    void missingMarkerMayBeForOneColumn() {
        Table table = table(i -> i % 2 == 0 ? "0" : String.valueOf(i));
        assertEquals(
                List.of("x (with missing)", "square"),
                preparation("y", List.of(), List.of(), List.of("x=0"))
                        .prepare(table)
                        .encoding()
                        .numeric());
        assertEquals(
                List.of("x (with missing)", "square (with missing)"),
                preparation("y", List.of(), List.of(), List.of("0", "1"))
                        .prepare(table)
                        .encoding()
                        .numeric());
    }

    @Test
    void aMissingMarkerForFeaturesDoesNotRemoveAClass() {
        Table table = table(i -> String.valueOf(i % 5));
        List<Row> rows = rows(table).stream()
                .map(r -> new Row(
                        r.line(),
                        List.of(
                                r.cells().get(0),
                                r.cells().get(1),
                                r.cells().get(2).equals("rare") ? "0" : "1")))
                .toList();
        Dataset data =
                preparation("y", List.of(), List.of(), List.of("0")).prepare(table("test.csv", table.columns(), rows));
        assertEquals(List.of("0", "1"), data.classes());
        assertEquals(ROWS, data.train().size() + data.test().size());
    }

    @Test
    void rowsWithoutALabelAreLeftOutAndCounted() {
        Table table = table(i -> String.valueOf(i % 5));
        List<Row> rows = rows(table);
        rows.add(new Row(99, List.of("1", "2", "")));
        Dataset data = PLAIN.prepare(table("test.csv", table.columns(), rows));
        assertEquals(ROWS, data.train().size() + data.test().size());
        assertEquals(List.of("1 rows without a label left out"), data.remarks());
    }

    @Test
    void constantDroppedAndIdentifyingColumnsAreLeftOutWithAReason() {
        assertEquals(
                List.of("x left out: always 7 in the training part"),
                PLAIN.prepare(table(i -> "7")).remarks());
        assertEquals(
                List.of("x left out: always 7 in the training part"),
                PLAIN.prepare(table(i -> i % 2 == 0 ? "7" : "7")).remarks());
        assertEquals(
                List.of("x left out: no value in the training part"),
                PLAIN.prepare(table(i -> "?")).remarks());
        assertEquals(
                List.of("square left out: --drop"),
                preparation("y", List.of("2"), List.of(), List.of())
                        .prepare(table(i -> String.valueOf(i % 5)))
                        .remarks());
        assertEquals(
                List.of("x left out: 40 different texts (--categorical x keeps it)"),
                PLAIN.prepare(table(i -> "name " + i)).remarks());
        assertTrue(preparation("y", List.of(), List.of("x"), List.of())
                .prepare(table(i -> "name " + i))
                .remarks()
                .isEmpty());
    }

    @Test
    void theLabelUnderAnotherNameIsLeftOut() {
        Dataset data = PLAIN.prepare(table(i -> label(i).equals("rare") ? "Z" : "A"));
        assertEquals(
                List.of("x left out: it is the label under another name (--categorical x keeps it)"), data.remarks());
        assertEquals(1, data.inputs());
    }

    @Test
    void aTextCellAmongNumbersNamesLineColumnAndRemedies() {
        assertEquals(
                "L4J-D28 test.csv: line 12, column 'x' is 'n/k', expected a number as in 39 of 40 rows; "
                        + "use --missing 'n/k' if it stands for a missing number, or --categorical 'x'.",
                refused(PLAIN, table(i -> i == 10 ? "n/k" : String.valueOf(i))));
        Dataset repaired = preparation("y", List.of(), List.of(), List.of("n/k"))
                .prepare(table(i -> i == 10 ? "n/k" : String.valueOf(i)));
        assertEquals("x", repaired.encoding().numeric().get(0).substring(0, 1));
    }

    @Test
    void javaNotationIsText() {
        assertTrue(refused(PLAIN, table(i -> i == 3 ? "1f" : "2." + i)).startsWith("L4J-D28 test.csv: line 5"));
        assertTrue(refused(PLAIN, table(i -> i == 3 ? "1e999" : ".5" + i)).startsWith("L4J-D28 test.csv: line 5"));
    }

    @Test
    void columnsAreFoundByNameNumberAndLast() {
        Table table = table(i -> String.valueOf(i));
        assertEquals(2, table.column("y", "--label"));
        assertEquals(2, table.column("last", "--label"));
        assertEquals(2, table.column("-1", "--label"));
        assertEquals(0, table.column("1", "--label"));
        assertEquals(0, table.column("-3", "--label"));
        Table numbered = table("n.csv", List.of("2", "1"), rows(table));
        assertEquals(1, numbered.column("1", "--label"), "a name comes before a number");
    }

    @Test
    void anUnknownColumnNamesTheNearest() {
        Table table = table(i -> String.valueOf(i));
        assertEquals(
                "L4J-D26 test.csv: there is no column 'sqare', only x, square, y; did you mean --drop square.",
                refused(preparation("y", List.of("sqare"), List.of(), List.of()), table));
        assertTrue(refused(preparation("4", List.of(), List.of(), List.of()), table)
                .contains("there is no column 4, only 1 to 3"));
        assertTrue(refused(preparation("-4", List.of(), List.of(), List.of()), table)
                .contains("there is no column -4"));
        assertTrue(refused(preparation("0", List.of(), List.of(), List.of()), table)
                .contains("there is no column 0"));
    }

    @Test
    void aLabelNeedsTwoToAHundredClasses() {
        Table table = table(i -> "same");
        assertTrue(refused(preparation("x", List.of(), List.of(), List.of()), table)
                .startsWith("L4J-D27 test.csv: the label 'x' is 'same' in every row, expected at least two classes"));
        assertTrue(refused(preparation("x", List.of(), List.of(), List.of()), table(i -> ""))
                .contains("is empty in every row"));
        assertTrue(refused(preparation("square", List.of(), List.of(), List.of()), table)
                .contains("has 40 different values in 40 rows"));
    }

    @Test
    void noColumnLeftSaysWhy() {
        assertTrue(refused(preparation("y", List.of("x", "square"), List.of(), List.of()), table(i -> "" + i))
                .contains("no column is left to learn from (x left out: --drop; square left out: --drop)"));
    }

    @Test
    void classesOfNumbersAreInNumericOrder() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            rows.add(new Row(i + 1, List.of("" + i % 7, List.of("10", "9", "-1").get(i % 3))));
        }
        Dataset data = PLAIN.prepare(table("test.csv", List.of("x", "y"), rows));
        assertEquals(List.of("-1", "9", "10"), data.classes());
    }

    @Test
    void notANumberIsRefusedAmongNumbersAndMissingAmongTexts() {
        assertEquals(
                "L4J-D28 test.csv: line 6, column 'x' is 'nan', expected a number; use --missing 'nan' if it stands for a "
                        + "missing number, or --categorical 'x'.",
                refused(PLAIN, table(i -> i == 4 ? "nan" : String.valueOf(i))));
        Dataset said = preparation("y", List.of(), List.of(), List.of("nan"))
                .prepare(table(i -> i % 4 == 1 ? "nan" : String.valueOf(i)));
        assertEquals(List.of("x (with missing)", "square"), said.encoding().numeric());
        Dataset texts = PLAIN.prepare(table(i -> i % 4 == 1 ? "NaN" : "ab".substring(i % 2)));
        assertEquals(List.of("x (2 values, with missing)"), texts.encoding().categorical());
    }

    @Test
    void numbersThatDifferLittleStayDifferentInSinglePrecision() {
        Dataset data = PLAIN.prepare(table(i -> String.valueOf(1_700_000_000_000L + i % 5)));
        double[] train = column(data.train(), 0);
        assertEquals(5, Arrays.stream(train).distinct().count());
        assertEquals(1, Arrays.stream(train).map(v -> v * v).average().orElseThrow(), 1e-4);
    }

    @Test
    void theSameSeedGivesTheSameData() {
        Table table = table(i -> String.valueOf(i % 5));
        assertArrayEquals(
                inputs(PLAIN.prepare(table).train()),
                inputs(PLAIN.prepare(table).train()));
    }
}
