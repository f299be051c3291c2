package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of another file than the one that was learnt from, one after the other, as inputs of a saved model. Columns are
 * found by name; where the model learnt from a file without names, by their place.
 */
public final class NewRows implements AutoCloseable {
    /** The label of a row whose file does not tell. */
    public static final int UNKNOWN = -1;

    private final CsvRecords records;
    private final Schema schema;
    private final Missing missing;
    private final List<String> names;
    private final int[] columns;
    private final int labelColumn;
    private final List<Map<String, Integer>> positions = new ArrayList<>();
    private @Nullable List<String> ahead;
    private List<String> cells = List.of();
    private long unseen;

    private NewRows(CsvRecords records, Schema schema, List<String> first, @Nullable Boolean header, char delimiter) {
        this.records = records;
        this.schema = schema;
        boolean named = header != null ? header : !isNamedByPlace(schema);
        this.ahead = named ? null : first;
        this.names = named ? first : CsvFile.names(List.of(), first.size());
        if (first.size() == 1 && schema.encoding().features().size() > 1) {
            CsvFile.checkDelimiter(records, first, delimiter);
        }
        Table table = new Table(records.source(), names, visitor -> {});
        List<Feature> features = schema.encoding().features();
        this.columns = new int[features.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = names.indexOf(features.get(i).name());
            if (columns[i] < 0) {
                throw absent(features.get(i).name(), table, named);
            }
            positions.add(positions(features.get(i)));
        }
        this.labelColumn = names.indexOf(schema.label());
        this.missing = new Missing(
                table, schema.missing().stream().filter(this::isKnown).toList());
    }

    private static boolean isNamedByPlace(Schema schema) {
        return schema.encoding().features().stream().allMatch(f -> f.name().matches("column \\d+"));
    }

    /** A column that the model does not use need not be there. */
    private boolean isKnown(String missingValue) {
        int equals = missingValue.indexOf('=');
        return equals <= 0 || names.contains(missingValue.substring(0, equals));
    }

    private static Map<String, Integer> positions(Feature feature) {
        if (!(feature instanceof Feature.Categorical categories)) {
            return Collections.emptyMap();
        }
        Map<String, Integer> positions = new LinkedHashMap<>();
        for (String value : categories.values()) {
            positions.put(value, positions.size());
        }
        return positions;
    }

    private static LossInputException absent(String column, Table table, boolean named) {
        return new LossInputException(
                "L4J-D66",
                table.source(),
                named
                        ? "line 1 has no column '" + column + "', which the model learnt from, only " + table.names()
                        : "there is no " + column + ", which the model learnt from, only "
                                + table.columns().size() + " columns",
                "give a file with the columns of the one that was learnt from");
    }

    /**
     * Opens a file.
     *
     * @param header whether the first line holds the names of the columns, or null: if the model knows columns by name
     * @throws LossInputException if it cannot be read, or a column is missing
     */
    public static NewRows open(Path file, char delimiter, @Nullable Boolean header, Schema schema) {
        CsvRecords records = CsvRecords.open(file, delimiter);
        try {
            List<String> first = records.next();
            if (first == null) {
                throw new LossInputException(
                        "L4J-D22", records.source(), "the file is empty", "give a file with one row per example");
            }
            return new NewRows(records, schema, first, header, delimiter);
        } catch (RuntimeException e) {
            records.close();
            throw e;
        }
    }

    /** The place of a column that an option names. */
    public int column(String wanted, String option) {
        return new Table(records.source(), names, visitor -> {}).column(wanted, option);
    }

    /** The names of the columns. */
    public List<String> names() {
        return names;
    }

    /** Whether the file has the column that the model answers. */
    public boolean hasLabel() {
        return labelColumn >= 0;
    }

    /** Goes to the next row; false after the last. */
    public boolean next() {
        List<String> row = ahead != null ? ahead : records.next();
        ahead = null;
        if (row == null) {
            return false;
        }
        cells = row;
        return true;
    }

    /** A cell of the row. */
    public String cell(int column) {
        return cells.get(column);
    }

    /**
     * Writes the inputs of the row, into zeros.
     *
     * @throws LossInputException L4J-D28 for a text where a number is learnt from
     */
    public void encode(float[] inputs, int offset) {
        int at = offset;
        List<Feature> features = schema.encoding().features();
        for (int i = 0; i < columns.length; i++) {
            String cell = cells.get(columns[i]);
            boolean said = missing.isSaid(columns[i], cell);
            Feature feature = features.get(i);
            if (feature instanceof Feature.Numeric number) {
                number.encode(number(number, cell, said), inputs, at);
            } else if (feature instanceof Feature.Categorical categories) {
                int position = said || Missing.isMarker(cell)
                        ? categories.positionOfMissing()
                        : positions.get(i).getOrDefault(cell, Feature.Categorical.NOWHERE);
                if (position != Feature.Categorical.NOWHERE) {
                    inputs[at + position] = 1;
                } else {
                    unseen++;
                }
            }
            at += feature.width();
        }
    }

    private double number(Feature.Numeric feature, String cell, boolean said) {
        if (said || Missing.isMarker(cell) && !Missing.isNotANumber(cell)) {
            return Double.NaN;
        }
        if (!Numbers.isNumber(cell)) {
            throw new LossInputException(
                    "L4J-D28",
                    records.source(),
                    "line " + records.line() + ", column '" + feature.name() + "' is '" + cell + "', expected a number",
                    "correct it, or leave it empty if the number is not known");
        }
        return Double.parseDouble(cell);
    }

    /**
     * The class that the file tells, or {@link #UNKNOWN}.
     *
     * @throws LossInputException L4J-D65 for a class that the model does not know
     */
    public int label() {
        if (labelColumn < 0 || Missing.isMarker(cells.get(labelColumn))) {
            return UNKNOWN;
        }
        String cell = cells.get(labelColumn);
        int k = schema.classes().indexOf(cell);
        if (k < 0) {
            throw new LossInputException(
                    "L4J-D65",
                    records.source(),
                    "line " + records.line() + ", column '" + schema.label() + "' is '" + cell
                            + "', a class that the model does not know; it knows "
                            + String.join(", ", schema.classes()),
                    "correct it, or leave it empty if the class is not known");
        }
        return k;
    }

    /** How many cells held categories that training had not seen. */
    public long unseen() {
        return unseen;
    }

    @Override
    public void close() {
        records.close();
    }
}
