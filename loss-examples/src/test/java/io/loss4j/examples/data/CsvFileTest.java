package io.loss4j.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFileTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    private Table read(String text) throws IOException {
        return CsvFile.open(file(text), ',', null, List.of());
    }

    private String refused(String text, char delimiter) {
        LossInputException e =
                assertThrows(LossInputException.class, () -> CsvFile.open(file(text), delimiter, null, List.of()));
        return e.getMessage();
    }

    private static List<List<String>> cells(Table table) {
        List<List<String>> rows = new ArrayList<>();
        table.rows().forEach((line, cells) -> rows.add(cells));
        return rows;
    }

    @Test
    void readsHeaderQuotesBlankLinesAndByteOrderMark() throws IOException {
        Table table = read("\uFEFFname, age\r\n\"Doe, \"\"J\"\"\", 30\r\n\r\nRoe,\r\n");
        assertEquals(List.of("name", "age"), table.columns());
        assertEquals(List.of(List.of("Doe, \"J\"", "30"), List.of("Roe", "")), cells(table));
    }

    @Test
    void countsLinesAcrossBlankLinesAndQuotedLineFeeds() throws IOException {
        Table table = read("a,b\n\n\"x\ny\",1\n\nz,2\nw,3");
        List<Long> lines = new ArrayList<>();
        table.rows().forEach((line, cells) -> lines.add(line));
        assertEquals(List.of(3L, 6L, 7L), lines);
    }

    @Test
    void numbersOnlyMeansNoHeader() throws IOException {
        Table table = read("1,2.5\n3,-4e2\n");
        assertEquals(List.of("column 1", "column 2"), table.columns());
        assertEquals(2, cells(table).size());
    }

    @Test
    void textAboveNumbersIsAHeader() throws IOException {
        assertEquals(
                List.of("1", "2", "class"), read("1,2,class\n5,7,1\n6,9,2\n").columns());
    }

    @Test
    void textThatOccursAgainIsNoHeader() throws IOException {
        assertEquals(3, cells(read("red,yes\nblue,no\nred,no\n")).size());
        assertEquals(
                List.of("colour", "bought"),
                read("colour,bought\nblue,no\nred,no\n").columns());
    }

    @Test
    void aNameThatTheUserMentionsIsAHeader() throws IOException {
        Path file = file("2019,grown\n1,yes\n2,no\n");
        assertEquals(
                List.of("2019", "grown"),
                CsvFile.open(file, ',', null, List.of("grown")).columns());
    }

    @Test
    void headerCanBeForcedAndForbidden() throws IOException {
        Path file = file("1,2\n3,4\n");
        assertEquals(List.of("1", "2"), CsvFile.open(file, ',', true, List.of()).columns());
        Path named = file("a,b\n3,4\n");
        assertEquals(2, cells(CsvFile.open(named, ',', false, List.of())).size());
    }

    @Test
    void namesAreMadeUniqueAndComplete() throws IOException {
        assertEquals(
                List.of("column 1", "x", "x (column 3)"),
                read(",x,x\n1,2,3\n4,5,6\n").columns());
    }

    @Test
    void delimiterAtTheEndOfEveryLineIsNoColumn() throws IOException {
        Table table = read("0.1,2,3,\n0.2,4,5,\n");
        assertEquals(3, table.columns().size());
        assertEquals(List.of("0.1", "2", "3"), cells(table).get(0));
    }

    @ParameterizedTest
    @CsvSource({"';', 'a;b'", "'\t', 'a\tb'", "'|', 'a|b'"})
    void cutsAtOtherDelimiters(char delimiter, String header) throws IOException {
        Path file = file(header + "\n" + header.replace('a', '1').replace('b', '2') + "\n");
        assertEquals(
                List.of("a", "b"),
                CsvFile.open(file, delimiter, null, List.of()).columns());
    }

    @Test
    void emptyCellsBetweenTabsAreKept() throws IOException {
        Path file = file("a\tb\tc\n1\t\t3\n");
        assertEquals(
                List.of("1", "", "3"),
                cells(CsvFile.open(file, '\t', true, List.of())).get(0));
    }

    @Test
    void missingFileSaysSo() {
        LossInputException e = assertThrows(
                LossInputException.class, () -> CsvFile.open(folder.resolve("nowhere.csv"), ',', null, List.of()));
        assertEquals("L4J-D21", e.code());
        assertTrue(e.getMessage().contains("nowhere.csv: there is no such file"), e.getMessage());
    }

    @Test
    void directorySaysSo() {
        LossInputException e = assertThrows(LossInputException.class, () -> CsvFile.open(folder, ',', null, List.of()));
        assertTrue(e.getMessage().contains("this is a directory"), e.getMessage());
    }

    @Test
    void emptyFileAndLonelyHeaderSaySo() {
        assertEquals("L4J-D22 table.csv: the file is empty; give a file with one row per example.", refused("", ','));
        assertEquals(
                "L4J-D22 table.csv: there is a header and nothing below it; give one row per example.",
                refused("a,b\n", ','));
    }

    @Test
    void raggedRowNamesItsLine() {
        String message = refused("a,b,c\n1,2,3\n\n4,5\n", ',');
        assertTrue(message.startsWith("L4J-D23 table.csv: line 4 has 2 cells, expected 3 as in line 1"), message);
    }

    @Test
    void wrongDelimiterNamesTheRightOne() {
        assertEquals(
                "L4J-D25 table.csv: line 1 has one cell when cut at ',', but contains ';'; use --delimiter ';'.",
                refused("a;b\n1;2\n", ','));
        assertTrue(refused("a\tb\n1\t2\n", ',').endsWith("use --delimiter tab."));
        assertTrue(refused("one column\n1\n", ',').contains("expected features and a label"));
    }

    @Test
    void openQuoteNamesItsLine() {
        String message = refused("a,b\n1,2\n\"3,4\n5,6\n", ',');
        assertTrue(message.startsWith("L4J-D24 table.csv: after line 2 there is a quote that is not closed"), message);
        assertTrue(refused("a,b\n1,\"2\"x\n", ',').contains("after line 1 there is a quote"));
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        Path file = Files.write(folder.resolve("latin.csv"), "caf\u00e9,1\n".getBytes(StandardCharsets.ISO_8859_1));
        LossInputException e = assertThrows(LossInputException.class, () -> CsvFile.open(file, ',', null, List.of()));
        assertEquals(
                "L4J-D24 latin.csv: line 1, character 4 (byte 0xE9) is not text in UTF-8; save it as UTF-8, or unpack it "
                        + "first.",
                e.getMessage());
    }

    @Test
    void aByteOfAnotherEncodingIsFoundFarBehindTheBeginning() throws IOException {
        byte[] text = ("1,\u00e9\n".repeat(20_000) + "2,\u00e9\u00e9X").getBytes(StandardCharsets.UTF_8);
        text[text.length - 1] = (byte) 0xFF;
        Path file = Files.write(folder.resolve("broken.csv"), text);
        LossInputException e = assertThrows(LossInputException.class, () -> CsvFile.open(file, ',', null, List.of()));
        assertTrue(e.getMessage().contains("line 20001, character 5 (byte 0xFF)"), e.getMessage());
    }

    @Test
    void aRowThatDoesNotEndIsNotCollected() throws IOException {
        assertEquals(
                "L4J-D31 table.csv: line 3 has more than 1048576 characters; check that it is a CSV file with one row per "
                        + "line.",
                refused("a,b\n1,2\n3," + "4".repeat(10_000_000) + "\n5,6\n", ','));
        String open = refused("a,b\n1,2\n\"3,4\n" + "5,6\n".repeat(500_000), ',');
        assertTrue(open.startsWith("L4J-D24 table.csv: after line 2 there is a quote that is not closed"), open);
    }

    @Test
    void aRowOfAMillionCharactersIsRead() throws IOException {
        String cell = "4".repeat(1_000_000);
        assertEquals(cell, cells(read("a,b\nx,y\n3," + cell + "\n5,6\n")).get(1).get(1));
    }
}
