package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** The one class of every example. */
final class ExampleClasses {
    private static final int NONE = -1;

    private final int[] classes;
    private final int[] counts;
    private final boolean index;

    private ExampleClasses(int[] classes, int count, boolean index) {
        this.classes = classes;
        this.counts = new int[count];
        this.index = index;
        for (int k : classes) {
            counts[k]++;
        }
    }

    static ExampleClasses of(String who, DataSet data) {
        INDArray labels = data.getLabels();
        if (labels == null || data.getFeatures() == null) {
            throw new LossInputException("L4J-D40", who, "the data set has no labels or no features", "give both");
        }
        int examples = Math.toIntExact(labels.size(0));
        Rows rows = Rows.of(labels);
        INDArray maskArray = data.getLabelsMaskArray();
        Rows mask = maskArray == null ? null : Rows.mask(who, maskArray, labels.shape());
        int perExample = examples == 0 ? 0 : (int) (rows.rows() / examples);
        int columns = rows.columns();
        int[] classes = new int[examples];
        double[] label = new double[columns];
        double[] weight = new double[columns];
        for (int i = 0; i < examples; i++) {
            int found = NONE;
            for (int step = 0; step < perExample; step++) {
                long row = (long) i * perExample + step;
                if (isMasked(mask, row, weight)) {
                    continue;
                }
                rows.load(row, 1, 0, columns, label, 0);
                int k = columns == 1 ? index(who, i, label[0]) : hot(who, i, label);
                if (found != NONE && k != found) {
                    throw refused(who, i, "has steps of the classes " + found + " and " + k, "mask all but one class");
                }
                found = k;
            }
            if (found == NONE) {
                throw refused(who, i, "is masked, so it has no class", "remove it");
            }
            classes[i] = found;
        }
        int count = columns > 1
                ? columns
                : 1 + Math.max(1, Arrays.stream(classes).max().orElse(0));
        return new ExampleClasses(classes, count, columns == 1);
    }

    private static boolean isMasked(@Nullable Rows mask, long row, double[] weight) {
        if (mask == null) {
            return false;
        }
        mask.load(row, 1, 0, mask.columns(), weight, 0);
        for (int k = 0; k < mask.columns(); k++) {
            if (weight[k] != 0) {
                return false;
            }
        }
        return true;
    }

    private static int index(String who, int example, double label) {
        if (!(label >= 0 && label < Integer.MAX_VALUE && label == (int) label)) {
            throw refused(who, example, "has the label " + label + ", which is no class index", "correct it");
        }
        return (int) label;
    }

    private static int hot(String who, int example, double[] label) {
        int found = NONE;
        for (int k = 0; k < label.length; k++) {
            if (label[k] == 1 && found == NONE) {
                found = k;
            } else if (label[k] != 0) {
                found = label.length;
            }
        }
        if (found == NONE || found == label.length) {
            throw refused(
                    who,
                    example,
                    "has the label " + Arrays.toString(label) + ", which is not one class",
                    "use one-hot labels; soft labels and several labels at once cannot be resampled by class");
        }
        return found;
    }

    private static LossInputException refused(String who, int example, String problem, String remedy) {
        return new LossInputException(
                "L4J-D40", who, "example " + example + " " + problem + ", expected one class per example", remedy);
    }

    /** N. */
    int examples() {
        return classes.length;
    }

    /** K; of class indices one more than the largest, and at least 2. */
    int count() {
        return counts.length;
    }

    /** Whether labels are class indices, so that K is a guess. */
    boolean isIndex() {
        return index;
    }

    /** The class of an example. */
    int of(int example) {
        return classes[example];
    }

    /** How many examples each class has; not to be written to. */
    int[] counts() {
        return counts;
    }

    /** The examples of a class, in their order. */
    int[] examples(int k) {
        int[] examples = new int[counts[k]];
        for (int i = 0, n = 0; n < examples.length; i++) {
            if (classes[i] == k) {
                examples[n++] = i;
            }
        }
        return examples;
    }
}
