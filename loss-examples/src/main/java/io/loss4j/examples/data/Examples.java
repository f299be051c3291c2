package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows of a table that have a label, in few bytes, before anything is learnt from them. Every split of them is
 * prepared by its own training part.
 */
public final class Examples {
    private final String source;
    private final String label;
    private final List<String> classes;
    private final int[] labels;
    private final List<Column> columns;
    private final List<String> remarks;
    private final List<Long> firstLines;
    private final List<String> missing;

    /**
     * @param source where they come from
     * @param label the name of the label column
     * @param classes the names of the classes
     * @param labels the index of the class of every row
     * @param columns what may be learnt from
     * @param remarks what was left out and why
     * @param firstLines where each class occurs first
     * @param missing what stood for "not known", with names of columns
     */
    Examples(
            String source,
            String label,
            List<String> classes,
            int[] labels,
            List<Column> columns,
            List<String> remarks,
            List<Long> firstLines,
            List<String> missing) {
        this.source = source;
        this.label = label;
        this.classes = List.copyOf(classes);
        this.labels = labels;
        this.columns = List.copyOf(columns);
        this.remarks = List.copyOf(remarks);
        this.firstLines = List.copyOf(firstLines);
        this.missing = List.copyOf(missing);
    }

    /** Where they come from. */
    public String source() {
        return source;
    }

    /** The name of the label column. */
    public String label() {
        return label;
    }

    /** The names of the classes, in the order of their indices. */
    public List<String> classes() {
        return classes;
    }

    /** The index of the class of every row; not a copy. */
    public int[] labels() {
        return labels;
    }

    /** How many rows each class has. */
    public long[] counts() {
        return Dataset.counts(labels, classes.size());
    }

    /** What stood for "not known", besides the usual: {@code VALUE}, or {@code COLUMN=VALUE} with a name. */
    public List<String> missing() {
        return missing;
    }

    /** What was left out of all splits and why, for people. */
    public List<String> remarks() {
        return remarks;
    }

    /** Adds everything that a fit depends on. */
    public void digest(MessageDigest digest) {
        digest.update((label + classes + columns.size()).getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.allocate(labels.length * Integer.BYTES);
        bytes.asIntBuffer().put(labels);
        digest.update(bytes);
        columns.forEach(column -> column.digest(digest));
    }

    /** One part of every class to train and the rest to test. */
    public Dataset split(double testFraction, long seed) {
        List<String> single = new ArrayList<>();
        long[] counts = Dataset.counts(labels, classes.size());
        IntStream.range(0, counts.length).filter(k -> counts[k] == 1).forEach(k -> single.add(classes.get(k)));
        if (counts.length - single.size() < 2) {
            throw new LossInputException(
                    "L4J-D29",
                    source,
                    "fewer than two classes have two rows, one to train and one to test",
                    "give more rows");
        }
        List<String> about = new ArrayList<>(remarks);
        if (!single.isEmpty()) {
            about.add("classes with one row are trained and not tested: " + String.join(", ", single));
        }
        return prepare(Split.stratified(labels, classes.size(), testFraction, seed), about);
    }

    /**
     * The splits of a cross-validation.
     *
     * @throws LossInputException L4J-D32 if a class has fewer rows than there are folds
     */
    public List<Split> folds(int folds, long seed) {
        long[] counts = Dataset.counts(labels, classes.size());
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] < folds) {
                throw new LossInputException(
                        "L4J-D32",
                        source,
                        "class '" + classes.get(k) + "' of column '" + label + "', first in line " + firstLines.get(k)
                                + ", has " + counts[k] + (counts[k] == 1 ? " row" : " rows")
                                + ", fewer than the " + folds + " folds",
                        "give more rows of it or remove them, or lower --folds"
                                + (counts[k] > 1 ? " to " + counts[k] : ""));
            }
        }
        return Split.folds(labels, classes.size(), folds, seed);
    }

    /** Both parts of a split, encoded by what the training part tells. */
    public Dataset prepare(Split split) {
        return prepare(split, remarks);
    }

    /** All rows, to train with. */
    public Dataset whole() {
        int[] all = IntStream.range(0, labels.length).toArray();
        return prepare(new Split(all, new int[0]));
    }

    private Dataset prepare(Split split, List<String> about) {
        List<String> left = new ArrayList<>(about);
        Encoding encoding = Encoding.learn(source, columns, split.train(), left);
        return new Dataset(
                source,
                label,
                classes,
                encoding,
                List.copyOf(left),
                new Dataset.Part(encoding, columns, split.train(), labels),
                new Dataset.Part(encoding, columns, split.test(), labels));
    }
}
