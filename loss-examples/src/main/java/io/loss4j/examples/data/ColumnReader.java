package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the cells of a column in one pass without knowing beforehand what they are: as numbers for as long as they may
 * be, and as texts for as long as there are few different ones.
 */
final class ColumnReader {
    /** A column that is mostly numbers is meant to be numbers: the rest is a mistake, or stands for "missing". */
    private static final double MOSTLY = 0.9;
    /** More different texts than this are not remembered: they are neither categories nor classes. */
    private static final int MOST_TEXTS = 1000;

    private static final int INITIAL = 1 << 10;

    /** A cell that is not what it should be. */
    private record Culprit(long line, String cell) {}

    private final String name;
    private final boolean categorical;
    private int rows;
    private int present;
    private int numeric;
    private double origin;
    private final double[] first = new double[INITIAL];
    private final int[] rowOfFirst = new int[INITIAL];
    private float[] differences = new float[INITIAL];
    private int @Nullable [] codes = new int[INITIAL];
    private final Map<String, Integer> codeOf = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();
    private @Nullable Culprit firstText;
    private @Nullable Culprit firstNotANumber;

    /**
     * @param name of the column
     * @param categorical whether its cells are texts whatever they look like
     */
    ColumnReader(String name, boolean categorical) {
        this.name = name;
        this.categorical = categorical;
    }

    /** Reads a cell that is not missing. */
    void add(long line, String cell) {
        next();
        present++;
        code(line, cell);
        if (!categorical) {
            number(line, cell);
        }
    }

    /** Reads a cell that is missing. */
    void addMissing() {
        next();
    }

    /** Reads a cell that says NaN, and is not said to stand for a missing number. */
    void addNotANumber(long line, String cell) {
        next();
        if (firstNotANumber == null) {
            firstNotANumber = new Culprit(line, cell);
        }
    }

    private void next() {
        if (rows == differences.length) {
            int more = rows + (rows >> 1);
            differences = Arrays.copyOf(differences, more);
            codes = codes == null ? null : Arrays.copyOf(codes, more);
        }
        differences[rows] = Float.NaN;
        if (codes != null) {
            codes[rows] = Column.ABSENT;
        }
        rows++;
    }

    private void code(long line, String cell) {
        if (codes == null) {
            return;
        }
        Integer code = codeOf.get(cell);
        if (code == null) {
            if (texts.size() == MOST_TEXTS && !categorical) {
                codes = null;
                codeOf.clear();
                return;
            }
            code = texts.size();
            codeOf.put(cell, code);
            texts.add(cell);
            lines.add(line);
        }
        codes[rows - 1] = code;
    }

    private void number(long line, String cell) {
        if (!Numbers.isNumber(cell)) {
            if (firstText == null) {
                firstText = new Culprit(line, cell);
            }
            return;
        }
        double value = Double.parseDouble(cell);
        if (numeric < INITIAL) {
            first[numeric] = value;
            rowOfFirst[numeric] = rows - 1;
        } else {
            differences[rows - 1] = difference(value);
        }
        numeric++;
        if (numeric == INITIAL) {
            settleOrigin();
        }
    }

    /** The median of the first numbers: in the middle of most, and not moved by what is far off. */
    private void settleOrigin() {
        int known = Math.min(numeric, INITIAL);
        double[] sorted = Arrays.copyOf(first, known);
        Arrays.sort(sorted);
        origin = known == 0 ? 0 : sorted[known / 2];
        for (int i = 0; i < known; i++) {
            differences[rowOfFirst[i]] = difference(first[i]);
        }
    }

    /** Bounded, because the mean of the column must stay finite. */
    private float difference(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value - origin));
    }

    String name() {
        return name;
    }

    boolean isEmpty() {
        return present == 0;
    }

    boolean someMissing() {
        return present < rows;
    }

    /** Whether the cells are numbers rather than texts. */
    boolean isNumeric() {
        return !categorical && numeric == present;
    }

    /** For people: how many different texts there are. */
    String different() {
        return codes == null ? "more than " + MOST_TEXTS : String.valueOf(texts.size());
    }

    /** Whether there are more different texts than that. */
    boolean hasMoreTextsThan(int most) {
        return codes == null || texts.size() > most;
    }

    /** How many cells are not missing. */
    int present() {
        return present;
    }

    /** The different texts; not all of them where {@link #hasMoreTextsThan} a thousand. */
    List<String> texts() {
        return texts;
    }

    /** The line of the first cell with a text. */
    long line(String text) {
        return lines.get(texts.indexOf(text));
    }

    /** The code of every row, if the different texts are few. */
    int @Nullable [] codes() {
        return codes == null ? null : Arrays.copyOf(codes, rows);
    }

    /** Refuses a text among numbers, and NaN. */
    void check(String source) {
        if (firstText != null && numeric < present && numeric > MOSTLY * present) {
            throw refused(source, firstText, " as in " + numeric + " of " + present + " rows");
        }
        if (firstNotANumber != null && isNumeric() && numeric > 0) {
            throw refused(source, firstNotANumber, "");
        }
    }

    private LossInputException refused(String source, Culprit culprit, String comparison) {
        String line = "line " + culprit.line() + ", column '" + name + "' is '" + culprit.cell() + "'";
        return new LossInputException(
                "L4J-D28",
                source,
                line + ", expected a number" + comparison,
                "use --missing '" + culprit.cell() + "' if it stands for a missing number, or --categorical '" + name
                        + "'");
    }

    /** The column, as numbers or as texts. */
    Column column() {
        if (isNumeric()) {
            if (numeric < INITIAL) {
                settleOrigin();
            }
            codes = null;
            return new Column.OfNumbers(name, origin, Arrays.copyOf(differences, rows));
        }
        int[] known = codes();
        if (known == null) {
            known = new int[rows];
            Arrays.fill(known, Column.ABSENT);
        }
        return new Column.OfTexts(name, known, List.copyOf(texts));
    }
}
