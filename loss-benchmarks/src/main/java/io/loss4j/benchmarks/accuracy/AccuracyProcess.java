package io.loss4j.benchmarks.accuracy;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.loss.ElementwiseLoss;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Measures every subject in this process, with SIMD or without, and prints a line with tabs for each. */
public final class AccuracyProcess {
    /** Begins a line of results. */
    public static final String MARK = "@accuracy\t";

    private static final int ELEMENTS = 300_000;
    private static final int[] CLASSES = {2, 3, 10, 100, 1000};
    private static final int LOGITS = 100_000;

    private AccuracyProcess() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        for (Subject subject : Subject.ALL) {
            Ulps value = new Ulps();
            Ulps gradient = new Ulps();
            if (subject.isOfRows()) {
                for (int classes : CLASSES) {
                    softmax(subject, classes, value, gradient);
                }
            } else {
                elementwise(subject, value, gradient);
            }
            out.printf(
                    Locale.ROOT,
                    "%s%s\t%.4g\t%.4g\t%s\t%.4g\t%.4g\t%s%n",
                    MARK,
                    subject.name(),
                    value.worst(),
                    value.mean(),
                    value.where(),
                    gradient.worst(),
                    gradient.mean(),
                    gradient.where());
            out.flush();
        }
        System.exit(0);
    }

    private static void elementwise(Subject subject, Ulps value, Ulps gradient) {
        SplittableRandom random = new SplittableRandom(7);
        float[] x = new float[ELEMENTS];
        float[] y = new float[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            x[i] = (float) subject.predictions().draw(random);
            y[i] = (float) subject.labels().draw(random);
        }
        LossResult result =
                LossFunction.of(subject.spec()).withReduction(Reduction.NONE).valueAndGradient(column(x), column(y));
        float[] values = floats(result.terms());
        float[] derivatives = floats(result.gradient());
        ElementwiseLoss formula = (ElementwiseLoss) subject.spec();
        for (int i = 0; i < ELEMENTS; i++) {
            value.add(values[i], formula.value(x[i], y[i]), x[i], y[i]);
            gradient.add(derivatives[i], formula.derivative(x[i], y[i]), x[i], y[i]);
        }
    }

    private static INDArray column(float[] numbers) {
        return Nd4j.createFromArray(numbers).reshape(numbers.length, 1);
    }

    private static float[] floats(@Nullable INDArray array) {
        return Objects.requireNonNull(array, "under NONE there are terms")
                .dup('c')
                .data()
                .asFloat();
    }

    /** Rows of logits with a spread of 3, moved by up to 100, and every class in turn; right is the formula in DOUBLE. */
    private static void softmax(Subject subject, int classes, Ulps value, Ulps gradient) {
        SplittableRandom random = new SplittableRandom(classes);
        int rows = Math.max(50, LOGITS / classes);
        float[] z = new float[rows * classes];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            double shift = random.nextDouble(-100, 100);
            for (int k = 0; k < classes; k++) {
                z[row * classes + k] = (float) (shift + 3 * random.nextGaussian());
            }
            labels[row] = row % classes;
        }
        LossFunction loss = LossFunction.of(subject.spec()).withReduction(Reduction.NONE);
        INDArray logits = Nd4j.createFromArray(z).reshape(rows, classes);
        INDArray index = Nd4j.createFromArray(labels);
        LossResult found = loss.valueAndGradient(logits, index);
        LossResult right = loss.valueAndGradient(logits.castTo(DataType.DOUBLE), index);
        add(floats(found.terms()), right.terms(), classes, value);
        add(floats(found.gradient()), right.gradient(), classes, gradient);
    }

    private static void add(float[] actual, @Nullable INDArray right, int classes, Ulps ulps) {
        double[] expected =
                Objects.requireNonNull(right, "as above").dup('c').data().asDouble();
        for (int i = 0; i < actual.length; i++) {
            ulps.add(actual[i], expected[i], expected[i], classes);
        }
    }
}
