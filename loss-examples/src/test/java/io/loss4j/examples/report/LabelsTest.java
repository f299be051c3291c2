package io.loss4j.examples.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelsTest {
    @Test
    void shortNamesStayAsTheyAre() {
        assertEquals(List.of("no", "yes"), Labels.shortened(List.of("no", "yes"), 3));
    }

    @Test
    void whatTellsNamesApartIsKept() {
        assertEquals(
                List.of("abcd\u2026wxyz", "short"),
                Labels.shortened(List.of("abcdefghijklmnopqrstuvwxyz", "short"), 9));
        for (List<String> names : List.of(
                List.of("a class that ends in A", "a class that ends in B"),
                List.of("A begins a long name", "B begins a long name"),
                List.of("a long name with 1 in its middle", "a long name with 2 in its middle"))) {
            List<String> labels = Labels.shortened(names, 10);
            assertEquals(2, new HashSet<>(labels).size(), () -> names + " became " + labels);
            assertTrue(labels.stream().allMatch(label -> label.length() <= 10), labels::toString);
        }
    }

    @Test
    void equalNamesAreNumbered() {
        assertEquals(List.of("same", "same (2)", "same (3)"), Labels.shortened(List.of("same", "same", "same"), 10));
    }

    @Test
    void whatXmlCannotHoldIsReplaced() {
        assertEquals("a\uFFFDb\uFFFD", Labels.printable("a\u0001b\uD83D"));
        assertEquals("\uD83D\uDE00", Labels.printable("\uD83D\uDE00"));
        assertEquals("(empty)", Labels.printable(" "));
        assertEquals("\uFFFD", Labels.printable("\uFFFF"));
    }

    @Test
    void numbersForPeople() {
        assertEquals("\u22120.125", Labels.three(-0.125));
        assertEquals("+0.500", Labels.signed(0.5));
        assertEquals("none", Labels.percent(Double.NaN));
        assertEquals("0.4 %", Labels.percent(0.004));
        assertEquals("0 %", Labels.percent(0));
        assertEquals("37 %", Labels.percent(0.369));
        assertEquals("1.23", Labels.seconds(1.2345));
        assertEquals("123", Labels.seconds(123.45));
        assertEquals("below 0.001", Labels.probability(0.0005));
    }
}
