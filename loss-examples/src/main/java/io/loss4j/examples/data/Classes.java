package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The classes of a label column, in numeric order if all are numbers, else in alphabetical order. */
record Classes(List<String> names) {
    private static final int MOST = 100;

    static Classes of(Table table, int column, String option) {
        Set<String> values = new TreeSet<>();
        for (Table.Row row : table.rows()) {
            String cell = row.cells().get(column);
            if (!Missing.isMarker(cell)) {
                values.add(cell);
            }
        }
        String name = table.columns().get(column);
        if (values.size() < 2) {
            throw new LossInputException(
                    "L4J-D27",
                    table.source(),
                    "the label '" + name + "' "
                            + (values.isEmpty()
                                    ? "is empty in every row"
                                    : "is '" + values.iterator().next() + "' in every row")
                            + ", expected at least two classes",
                    "choose another column with " + option + " (there are " + table.names() + ")");
        }
        if (values.size() > MOST || values.size() > table.rows().size() / 2) {
            throw new LossInputException(
                    "L4J-D27",
                    table.source(),
                    "the label '" + name + "' has " + values.size() + " different values in "
                            + table.rows().size() + " rows, expected at most " + MOST
                            + " classes with some rows each",
                    "choose a column of classes with " + option + " (there are " + table.names() + ")");
        }
        List<String> names = new ArrayList<>(values);
        if (names.stream().allMatch(Numbers::isNumber)) {
            names.sort(Comparator.comparingDouble(Double::parseDouble));
        }
        return new Classes(List.copyOf(names));
    }
}
