package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The classes of a label column, in numeric order if all are numbers, else in alphabetical order. */
record Classes(List<String> names) {
    private static final int MOST = 100;

    static Classes of(Table table, ColumnReader label, String option) {
        if (label.texts().size() < 2) {
            throw new LossInputException(
                    "L4J-D27",
                    table.source(),
                    "the label '" + label.name() + "' "
                            + (label.isEmpty()
                                    ? "is empty in every row"
                                    : "is '" + label.texts().get(0) + "' in every row")
                            + ", expected at least two classes",
                    "choose another column with " + option + " (there are " + table.names() + ")");
        }
        if (label.hasMoreTextsThan(MOST) || label.hasMoreTextsThan(label.present() / 2)) {
            throw new LossInputException(
                    "L4J-D27",
                    table.source(),
                    "the label '" + label.name() + "' has " + label.different() + " different values in "
                            + label.present() + " rows, expected at most " + MOST + " classes with some rows each",
                    "choose a column of classes with " + option + " (there are " + table.names() + ")");
        }
        List<String> names = new ArrayList<>(label.texts());
        Collections.sort(names);
        if (names.stream().allMatch(Numbers::isNumber)) {
            names.sort(Comparator.comparingDouble(Double::parseDouble));
        }
        return new Classes(List.copyOf(names));
    }
}
